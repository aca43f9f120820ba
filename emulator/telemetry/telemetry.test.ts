import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { recordOf } from './fixture.js';
import { createTelemetry } from './telemetry.js';
import type { FunctionSource, Telemetry } from './types.js';

const NONE = Buffer.alloc(0);
let telemetry: Telemetry | undefined;
afterEach(() => telemetry?.dispose());

function started(functions: FunctionSource[] = [{ name: 'counter', instances: [], queued: 0, coldStarts: 0 }]) {
  const clock = new VirtualClock();
  telemetry = createTelemetry({ clock, sources: { functions: () => functions }, seed: '7' });
  return { clock, telemetry, functions };
}

describe('telemetry', () => {
  it('counts a function error and an HTTP answer of 500 or more as failed, 404 not', async () => {
    const { telemetry, clock } = started();
    const error = { kind: 'function', type: 'Error', message: 'no' } as const;
    telemetry.invocation(recordOf({ error }), NONE, NONE);
    telemetry.invocation(recordOf({ status: 500 }), NONE, NONE);
    telemetry.invocation(recordOf({ status: 404 }), NONE, NONE);
    telemetry.invocation(recordOf({ status: 200 }), NONE, NONE);
    expect(telemetry.totals('counter')).toEqual({ invocations: 4, errors: 2 });
    expect(telemetry.figures('counter')).toMatchObject({ errorShare: 0.5, p50: expect.closeTo(3.01, 1) as number });
    await clock.advance(1_000);
    expect(telemetry.series('counter', 1)).toMatchObject({ rate: [4], errors: [2] });
    expect(telemetry.series(undefined, 1)).toMatchObject({ rate: [4], errors: [2] });
  });

  it('has figures and a series for a function that was never invoked', () => {
    const { telemetry } = started();
    expect(telemetry.figures('counter')).toEqual({ rate: 0, errorShare: 0 });
    expect(telemetry.series('counter', 3).p95).toEqual([null, null, null]);
    expect(telemetry.recent('counter', 10)).toEqual([]);
    expect(telemetry.detail('nobody')).toBeUndefined();
    expect(telemetry.logTail('nobody')).toHaveLength(0);
  });

  it('samples the instances once a second until it is disposed of', async () => {
    const { telemetry, clock, functions } = started([]);
    const instance = { id: 'i1', state: 'idle', version: 1, startedAt: 0, invocations: 0 } as const;
    telemetry.start();
    functions.push({ name: 'a', instances: [instance], queued: 0, coldStarts: 1 });
    functions.push({ name: 'b', instances: [instance, instance], queued: 0, coldStarts: 2 });
    await clock.advance(3_000);
    expect(telemetry.series('b', 3).instances).toEqual([0, 2, 2]);
    expect(telemetry.series(undefined, 3).instances).toEqual([0, 3, 3]);
    telemetry.dispose();
    expect(clock.pending).toBe(0);
  });

  it('puts the lines of a handler into its log', () => {
    const { telemetry } = started();
    telemetry.log({ function: 'counter', instance: 'i1', requestId: 'r', at: 0, text: 'hello' });
    telemetry.log({ function: 'counter', instance: 'i1', at: 0, text: 'while loading' });
    telemetry.invocation(recordOf(), Buffer.from('{"a":1}'), Buffer.from('null'));
    const detail = telemetry.detail('r');
    expect(detail).toMatchObject({ event: '{"a":1}', payload: 'null' });
    expect(detail?.log).toHaveLength(4);
    expect(telemetry.logTail('r').toString()).toContain('\nhello\nEND ');
  });

  it('stays small under a flood', () => {
    const { telemetry } = started();
    for (let i = 0; i < 20_000; i++) telemetry.invocation(recordOf({ requestId: String(i) }), NONE, NONE);
    expect(telemetry.recent(undefined, 100_000)).toHaveLength(500);
    expect(telemetry.totals('counter').invocations).toBe(20_000);
  });
});
