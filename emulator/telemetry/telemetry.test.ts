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

  it('joins segments to their invocation, those that come before its record and those that come after it', () => {
    const { telemetry } = started();
    const traceId = '1-5759e988-bd862e3fe1be46a994272793';
    const requestId = '01234567-89ab-4cde-8f01-23456789abcd';
    const send = (id: string): void =>
      telemetry.trace({ traceId, segments: [{ id, parent: '8f0123456789abcd', name: id, at: recordOf().at }] });
    send('000000000000000a');
    telemetry.invocation(recordOf({ requestId, traceId, sampled: true }), NONE, NONE);
    telemetry.invocation(recordOf({ traceId }), NONE, NONE);
    send('000000000000000b');
    expect(telemetry.detail(requestId)?.segments?.map(({ name }) => name)).toEqual([
      '000000000000000a',
      '000000000000000b',
    ]);
    expect(telemetry.detail('r')).not.toHaveProperty('segments');
  });

  it('takes metrics from the log, also while loading, and shows those of an invocation with it', () => {
    const log: string[] = [];
    const clock = new VirtualClock();
    telemetry = createTelemetry({ clock, sources: { functions: () => [] }, log: (hint) => log.push(hint) });
    const line = (value: unknown): string => {
      const directive = { Namespace: 'Shop', Dimensions: [[]], Metrics: [{ Name: 'sold', Unit: 'Count' }] };
      return JSON.stringify({ _aws: { Timestamp: clock.now(), CloudWatchMetrics: [directive] }, sold: value });
    };
    const event = { function: 'counter', instance: 'i1', at: clock.now() };
    telemetry.log({ ...event, text: line(1) });
    telemetry.log({ ...event, requestId: 'r', text: line([2, 3]) });
    telemetry.log({ ...event, requestId: 'r', text: line('4') });
    telemetry.put([{ namespace: 'Shop', name: 'sold', unit: 'Count', dimensions: {}, values: [10] }]);
    telemetry.invocation(recordOf({ at: clock.now() }), NONE, NONE);
    expect(telemetry.customMetrics()).toMatchObject([{ count: 4, sum: 16, functions: ['counter'] }]);
    expect(telemetry.detail('r')?.metrics).toMatchObject([{ name: 'sold', values: [2, 3] }]);
    expect(log).toEqual([
      'counter: embedded metrics not taken: sold is not a number, or an array of them, beside _aws',
    ]);
  });

  it('goes on telling what a fault hit once it has ended, and bounds how many are told apart', async () => {
    const { telemetry } = started();
    for (let i = 0; i < 1_001; i++)
      telemetry.invocation(recordOf({ faults: [{ fault: `latency-${String(i)}`, kind: 'latency' }] }), NONE, NONE);
    telemetry.invocation(recordOf({ faults: [{ fault: 'latency-0', kind: 'latency' }] }), NONE, NONE);
    const { text } = await telemetry.metrics();
    const hits = (fault: string): string =>
      `faultline_faults_injected_total{function="counter",kind="latency",fault="${fault}"}`;
    expect(text).toContain(`${hits('latency-0')} 2\n`);
    expect(text).toContain(`${hits('')} 1\n`);
    expect(text).not.toContain('latency-1000');
  });
});
