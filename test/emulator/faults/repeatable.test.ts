import { describe, expect, it } from 'vitest';
import { createFaultEngine } from '../../../emulator/faults/engine.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { createWorkspace, until } from '../../support/workspace.js';
import { startEmulator } from '../../../emulator/index.js';
import { decisionText, MIXED, mixedRun } from './mixed-run.js';

describe('the same seed decides the same', () => {
  it('in 100 runs at each of two concurrencies, whatever takes how long', { timeout: 180_000 }, async () => {
    const first = await mixedRun('seven', 1, 'chance 0');
    for (let run = 0; run < 100; run++) {
      for (const concurrency of [1, 64]) {
        const again = await mixedRun('seven', concurrency, `chance ${String(run)} at ${String(concurrency)}`);
        expect(again, `run ${String(run)} at ${String(concurrency)}`).toEqual(first);
      }
    }
    // It says something: every fault has decided, and most have hit some and let others pass.
    const faults = (hit: string) =>
      new Set(first.filter((line) => line.includes(hit)).map((line) => line.split(' ')[0]));
    expect(faults('').size).toBe(MIXED.length);
    expect(faults(' true ').size).toBe(MIXED.length);
    expect(faults(' false ').size).toBe(MIXED.length);
    // With retries, and messages that came again.
    expect(first.filter((line) => / async\/mailer \d+ [23] /.test(line)).length).toBeGreaterThan(20);
    expect(first.filter((line) => / sqs\/jobs \d+ [2-9] /.test(line)).length).toBeGreaterThan(3);
  });

  it('and another seed decides otherwise', async () => {
    expect(await mixedRun('eight', 8, 'chance')).not.toEqual(await mixedRun('seven', 8, 'chance'));
  });
});

/** z of a two-sided bound that chance leaves once in 10,000 times, and chi-square of one degree of freedom for the same. */
const [Z, CHI_SQUARE] = [3.891, 15.137];
const DRAWS = 20_000;

/** Which of the first invocations a fault hits. */
function drawn(seed: string, rate: number, { attempt = 1, before = 0 } = {}): boolean[] {
  const engine = createFaultEngine({
    clock: new VirtualClock(),
    seed,
    functions: () => [{ name: 'orders', runtime: 'node', routes: [] }],
  });
  for (let i = 0; i < before; i++) engine.add({ kind: 'hang', rate, enabled: false });
  engine.add({ kind: 'hang', rate });
  const payload = Buffer.from('{}');
  const hits = Array.from(
    { length: DRAWS },
    (_, i) => engine.plan({ function: 'orders', requestId: 'r', number: i + 1, attempt, payload }) !== undefined,
  );
  engine.dispose();
  return hits;
}

/** Pearson's, of the two by two table; large when one tells something of the other. */
function chiSquare(one: readonly boolean[], other: readonly boolean[]): number {
  const count = (a: boolean, b: boolean): number => one.filter((hit, i) => hit === a && other[i] === b).length;
  const [both, first, second, none] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const n = both + first + second + none;
  const margins = (both + first) * (second + none) * (both + second) * (first + none);
  return (n * (both * none - first * second) ** 2) / margins;
}

describe('chance', () => {
  const seeds = ['1', '7', '42', 'faultline', '4294967295'];

  it.each([1, 5, 25, 50, 90])('a share of %i percent is inside its binomial bound, for every seed', (rate) => {
    const p = rate / 100;
    const bound = Z * Math.sqrt(DRAWS * p * (1 - p));
    for (const seed of seeds) {
      const hits = drawn(seed, rate).filter(Boolean).length;
      expect(Math.abs(hits - DRAWS * p), `seed ${seed}: ${String(hits)}`).toBeLessThan(bound);
    }
  });

  it.each(seeds)('seed %s: neither another fault, nor another attempt, nor the one before tells anything', (seed) => {
    const one = drawn(seed, 50);
    expect(chiSquare(one, drawn(seed, 50, { before: 1 }))).toBeLessThan(CHI_SQUARE);
    expect(chiSquare(one, drawn(seed, 50, { attempt: 2 }))).toBeLessThan(CHI_SQUARE);
    expect(chiSquare(one.slice(1), one.slice(0, -1))).toBeLessThan(CHI_SQUARE);
    expect(chiSquare(one, drawn(`${seed}0`, 50))).toBeLessThan(CHI_SQUARE);
  });
});

describe('with real processes', () => {
  async function realRun(concurrency: number): Promise<readonly string[]> {
    await using workspace = await createWorkspace({
      'faultline.yaml': `functions:
  orders: { handler: handlers.orders, scaling: { max: ${String(Math.min(concurrency, 4))} } }
  mailer: { handler: handlers.mailer, scaling: { max: ${String(Math.min(concurrency, 4))} } }
`,
      'handlers.mjs': `const wait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
export const orders = wait;
export const mailer = wait;`,
    });
    await using emulator = await startEmulator({ root: workspace.root, seed: 7, timeScale: 600 });
    await emulator.faults.add({ kind: 'exception', function: 'orders', rate: 30 });
    await emulator.faults.add({ kind: 'latency', function: 'orders', every: 3, params: { ms: 5 } });
    await emulator.faults.add({ kind: 'exception', function: 'mailer', rate: 40 });
    await emulator.faults.add({ kind: 'exception', function: 'mailer', first: 4 });
    await emulator.faults.add({ kind: 'late', function: 'mailer', rate: 30, params: { ms: 30 } });
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < 80) await emulator.invoke('orders', { n: next++ });
    };
    const answered = Promise.all(Array.from({ length: concurrency }, caller));
    for (let n = 0; n < 20; n++) {
      const response = await emulator.fetch('/2015-03-31/functions/mailer/invocations', {
        method: 'POST',
        headers: { 'x-amz-invocation-type': 'Event' },
        body: JSON.stringify({ n }),
      });
      expect(response.status).toBe(202);
    }
    await answered;
    const pending = () => emulator.snapshot().functions.find(({ name }) => name === 'mailer')?.async.pending;
    await until('the events have ended', () => pending() === 0);
    return [...new Set((await emulator.faults.decisions()).map(decisionText))].sort();
  }

  it('concurrency 1 and 16 decide the same, with retries in between', { timeout: 60_000 }, async () => {
    const alone = await realRun(1);
    expect(alone.length).toBeGreaterThan(240);
    expect(alone.some((line) => / async\/mailer \d+ 3 /.test(line))).toBe(true);
    expect(await realRun(16)).toEqual(alone);
  });
});
