import { describe, expect, it } from 'vitest';
import type { InvocationRecord, TraceSegment } from '../contract/records.js';
import { segmentOf } from '../trace-header.js';
import { recordOf } from './fixture.js';
import { TraceStore } from './traces.js';

const T = 1_700_000_000_000;
const traceId = '1-5759e988-bd862e3fe1be46a994272793';
const A = '01234567-89ab-4cde-8f01-00000000000a';
const B = '01234567-89ab-4cde-8f01-00000000000b';

const id = (n: number): string => n.toString(16).padStart(16, '0');
const segment = (n: number, parent?: string, at = T, durationMs: number | 'in progress' = 1): TraceSegment => ({
  id: id(n),
  name: `s${String(n)}`,
  at,
  ...(parent === undefined ? {} : { parent }),
  ...(durationMs === 'in progress' ? {} : { durationMs }),
});
const record = (requestId: string, change: Partial<InvocationRecord> = {}): InvocationRecord =>
  recordOf({ requestId, traceId, at: T, durationMs: 100, ...change });

function store(...segments: TraceSegment[]): TraceStore {
  const traces = new TraceStore();
  for (const each of segments) traces.add({ traceId, segments: [each] });
  return traces;
}
const names = (traces: TraceStore, of: InvocationRecord, all: readonly InvocationRecord[] = [of]): string[] =>
  traces.segmentsOf(of, all).map(({ name }) => name);

describe('segments of an invocation', () => {
  it('are in order of their start, children after their parents, whatever order they came in', () => {
    const own = segmentOf(A);
    const traces = store(
      segment(3, id(1), T + 2),
      segment(4, own, T + 9),
      segment(2, id(1), T + 1),
      segment(1, own, T),
    );
    expect(names(traces, record(A))).toEqual(['s1', 's2', 's3', 's4']);
  });

  it('go to the invocation whose segment is their parent, when a trace has several', () => {
    const traces = store(segment(1, segmentOf(A)), segment(2, id(1)), segment(3, segmentOf(B)), segment(4, id(3)));
    const all = [record(A), record(B)];
    expect(all.map((each) => names(traces, each, all))).toEqual([
      ['s1', 's2'],
      ['s3', 's4'],
    ]);
  });

  it('go to the attempt that ran when they began, since attempts share their segment', () => {
    const first = record(A);
    const second = record(A, { attempt: 2, at: T + 60_000 });
    const traces = store(segment(1, segmentOf(A), T + 5), segment(2, segmentOf(A), T + 60_005));
    const late = segment(3, segmentOf(A), T + 30_000);
    traces.add({ traceId, segments: [late] });
    for (const all of [
      [first, second],
      [second, first],
    ]) {
      expect(names(traces, first, all)).toEqual(['s1', 's3']);
      expect(names(traces, second, all)).toEqual(['s2']);
    }
  });

  it('whose parents never came go by time', () => {
    const all = [record(A), record(B, { at: T + 1_000 })];
    const traces = store(segment(1, id(99), T + 50), segment(2, id(98), T + 1_050), segment(3, undefined, T - 5));
    expect(all.map((each) => names(traces, each, all))).toEqual([['s3', 's1'], ['s2']]);
  });

  it('replace what was in progress, and are not replaced by it', () => {
    const traces = store(segment(1, segmentOf(A), T, 'in progress'));
    const own = record(A);
    const seen = () => traces.segmentsOf(own, [own]).map(({ durationMs }) => durationMs);
    expect(seen()).toEqual([undefined]);
    traces.add({ traceId, segments: [segment(1, segmentOf(A), T, 7)] });
    traces.add({ traceId, segments: [segment(1, segmentOf(A), T, 'in progress')] });
    expect(seen()).toEqual([7]);
  });

  it('are none without a trace', () => {
    const { traceId: _, ...untraced } = record(A);
    expect(store(segment(1)).segmentsOf(untraced, [])).toEqual([]);
    expect(new TraceStore().segmentsOf(record(A), [record(A)])).toEqual([]);
  });

  it('that are each other’s parents belong to nobody', () => {
    expect(names(store(segment(1, id(2)), segment(2, id(1)), segment(3, id(3))), record(A))).toEqual([]);
  });
});

describe('the store of traces', () => {
  const root = (n: number): string => `1-00000000-${n.toString(16).padStart(24, '0')}`;
  const count = (traces: TraceStore, of: string): number => {
    const own = record(A, { traceId: of });
    return traces.segmentsOf(own, [own]).length;
  };

  it('shows 200 of one invocation', () => {
    const traces = store(...Array.from({ length: 300 }, (_, n) => segment(n)));
    expect(count(traces, traceId)).toBe(200);
  });

  it('keeps 10 000 in all: the oldest traces go; one trace cannot push out the others', () => {
    const traces = new TraceStore();
    for (let n = 0; n < 100; n++)
      traces.add({ traceId: root(n), segments: Array.from({ length: 100 }, (_, i) => segment(i)) });
    expect(count(traces, root(0))).toBe(100);
    for (let n = 0; n < 50_000; n++) traces.add({ traceId: root(200), segments: [segment(n)] });
    expect([0, 9, 10, 99].map((n) => count(traces, root(n)))).toEqual([0, 0, 100, 100]);
  });
});
