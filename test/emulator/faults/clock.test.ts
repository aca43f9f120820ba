import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';
import { hitsOf } from './process.js';

/** Tells the time in every way, in s; `left` is what is left of the function's timeout. */
const NODE = `
exports.handler = async (event, context) => {
  const started = Date.now();
  await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0));
  console.log('the time of this line');
  const [seconds, ns] = process.hrtime();
  return {
    dates: [Date.now(), new Date().getTime(), Date.parse(Date()), +new (class extends Date {})()].map((ms) => ms / 1000),
    steady: [performance.now() / 1000, seconds + ns / 1e9, Number(process.hrtime.bigint()) / 1e9],
    waited: (Date.now() - started) / 1000,
    given: new Date(86_400_000).toISOString() + String(new Date() instanceof Date) + String(new Date().constructor === Date),
    left: context.getRemainingTimeInMillis() / 1000,
  };
};
`;
const PYTHON = `
import asyncio, time
import datetime as dt
from datetime import date, datetime
from time import monotonic, perf_counter_ns, time as now

def handler(event, context):
    started = now()
    asyncio.run(asyncio.sleep(event.get("wait", 0) / 1000))
    utc = datetime.utcnow().replace(tzinfo=dt.timezone.utc)
    return {
        "dates": [now(), time.time_ns() / 1e9, datetime.now().timestamp(), utc.timestamp(), dt.datetime.today().timestamp(),
                  time.mktime(time.localtime())],
        "steady": [monotonic(), time.monotonic(), perf_counter_ns() / 1e9],
        "waited": now() - started,
        "given": str(datetime(2020, 1, 1)) + str(isinstance(datetime.now(), datetime)) + str(type(date.today()).__module__),
        "left": context.get_remaining_time_in_millis() / 1000,
    }
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 60, memory: 256 }
  python: { handler: python.handler, timeout: 60, memory: 256 }
`;
const DAY = 86_400;

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({ 'node.js': NODE, 'python.py': PYTHON, 'faultline.yaml': CONFIG });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

interface Seen {
  readonly dates: readonly number[];
  readonly steady: readonly number[];
  readonly waited: number;
  readonly given: string;
  readonly left: number;
}

describe.each(['node', 'python'])('%s', (name) => {
  const invoke = async (event: object = {}): Promise<Seen> => (await emulator.invoke(name, event)).payload as Seen;
  /** How many whole days each clock has gone since then, or gone back. */
  const days = (one: Seen, other: Seen) => ({
    dates: other.dates.map((at, i) => Math.round((at - (one.dates[i] ?? 0)) / DAY)),
    steady: other.steady.map((at, i) => Math.round((at - (one.steady[i] ?? 0)) / DAY)),
  });
  const all = (one: Seen, dates: number, steady: number) => ({
    dates: one.dates.map(() => dates),
    steady: one.steady.map(() => steady),
  });

  it(`${name}: every clock is ahead, for the fault’s invocations only`, async () => {
    const before = await invoke();
    await emulator.faults.add({ kind: 'clock', function: name, params: { skewMs: 3 * DAY * 1_000 } });
    const { payload, record } = await emulator.invoke(name, {});
    const during = payload as Seen;
    expect(days(before, during)).toEqual(all(before, 3, 3));
    expect(hitsOf(record)).toEqual([{ kind: 'clock', where: 'the whole run', saw: '+259200 s' }]);
    await emulator.faults.clear();
    expect(days(before, await invoke())).toEqual(all(before, 0, 0));
  });

  it(`${name}: behind, the clocks that only count on do not go back; nor do they jump with dates alone`, async () => {
    const before = await invoke();
    const { id } = await emulator.faults.add({ kind: 'clock', function: name, params: { skewMs: -2 * DAY * 1_000 } });
    expect(days(before, await invoke())).toEqual(all(before, -2, 0));
    await emulator.faults.remove(id);
    await emulator.faults.add({ kind: 'clock', function: name, params: { skewMs: 2 * DAY * 1_000, clocks: 'wall' } });
    expect(days(before, await invoke())).toEqual(all(before, 2, 0));
  });

  it(`${name}: what waits, what is left and what is given go by the real time`, async () => {
    const before = await invoke();
    await emulator.faults.add({ kind: 'clock', function: name, params: { skewMs: DAY * 1_000, speed: 100 } });
    const { payload, record } = await emulator.invoke(name, { wait: 100 });
    const during = payload as Seen;
    // A tenth of a second is ten to a clock that is so fast.
    expect(during.waited).toBeGreaterThan(9);
    expect(during.given).toBe(before.given);
    expect(during.left).toBeGreaterThan(0);
    expect(during.left).toBeLessThan(61);
    const line = record.log.find((text) => text.includes('the time of this line'));
    const [printed = ''] = line?.split('\t') ?? [];
    if (name === 'node') expect(Math.abs(Date.parse(printed) - Date.now())).toBeLessThan((DAY * 1_000) / 2);
  });
});
