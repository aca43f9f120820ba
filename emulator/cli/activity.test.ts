import { describe, expect, it } from 'vitest';
import { faultOf, functionOf } from '../../test/emulator/control/fake-backend.js';
import { recordOf } from '../telemetry/fixture.js';
import type { InvocationRecord } from '../contract/records.js';
import type { FunctionSnapshot, Problem, Snapshot } from '../contract/snapshot.js';
import { activityBetween } from './activity.js';
import type { Activity } from './activity.js';
import { activityText } from './activity-text.js';
import { withSkipped } from './skipped.js';
import { createStyle } from './style.js';

function snapshotOf(change: Partial<Snapshot> = {}): Snapshot {
  return {
    sequence: 1,
    at: 0,
    startedAt: 0,
    root: '/w',
    configFile: '/w/faultline.yaml',
    seed: '7',
    gateway: 'http://127.0.0.1:3000',
    functions: [],
    queues: [],
    timeScale: 1,
    faults: [],
    ...change,
  };
}

/** A function that has ended the invocations with these ids, the newest last. */
function ended(name: string, ids: readonly string[], change: Partial<FunctionSnapshot> = {}): FunctionSnapshot {
  const recent = ids.map((requestId, i) => recordOf({ requestId, function: name, at: 1_000 + i }));
  return functionOf(name, {
    totals: { invocations: ids.length, errors: 0, coldStarts: 0 },
    recent: recent.reverse().slice(0, 10),
    ...change,
  });
}

const plain = createStyle(false);
const texts = (activities: readonly Activity[]): string[] => activities.flatMap((one) => activityText(one, plain, 5));
const problem: Problem = {
  code: 'load-failed',
  message: 'SyntaxError: Unexpected token',
  hint: 'save it again once it is mended',
  place: { file: '/w/a.js', line: 3, column: 5 },
  since: 1,
  lastGoodServes: true,
};

describe('what happened between two snapshots', () => {
  it('is every invocation that ended, oldest first, functions mixed by time', () => {
    const before = snapshotOf({ functions: [ended('a', ['1']), ended('b', [])] });
    const after = snapshotOf({ functions: [ended('a', ['1', '2', '3']), ended('b', ['4'])] });
    const happened = activityBetween(before, after);
    expect(happened.map((one) => (one.type === 'invocation' ? one.record.requestId : one.type))).toEqual([
      '4',
      '2',
      '3',
    ]);
  });

  it('tells how many there were beyond what a snapshot carries', () => {
    const ids = Array.from({ length: 25 }, (_, i) => String(i));
    const happened = activityBetween(snapshotOf(), snapshotOf({ functions: [ended('a', ids)] }));
    expect(happened[0]).toEqual({ type: 'skipped', function: 'a', count: 15 });
    expect(happened).toHaveLength(11);
  });

  it('can be filled up from the emulator, as far as it remembers', () => {
    const ids = Array.from({ length: 25 }, (_, i) => String(i));
    const [before, after] = [snapshotOf(), snapshotOf({ functions: [ended('a', ids)] })];
    const remembered = (from: number): InvocationRecord[] =>
      [...ids.slice(from), 'newer'].reverse().map((requestId) => recordOf({ requestId }));
    const filled = (records: InvocationRecord[]) => {
      const happened = activityBetween(before, after);
      const all = withSkipped(happened, before, after, { invocations: () => records });
      return all.map((one) => (one.type === 'invocation' ? one.record.requestId : one));
    };
    expect(filled(remembered(0))).toEqual(ids);
    expect(filled(remembered(5))).toEqual([{ type: 'skipped', function: 'a', count: 5 }, ...ids.slice(5)]);
    expect(filled([])).toEqual([{ type: 'skipped', function: 'a', count: 15 }, ...ids.slice(15)]);
  });

  it('is a problem when it comes and when it goes, once', () => {
    const broken = snapshotOf({
      functions: [functionOf('a', { problem })],
      problem: { ...problem, message: 'config' },
    });
    expect(activityBetween(snapshotOf(), broken).map(({ type }) => type)).toEqual(['problem', 'problem']);
    expect(activityBetween(broken, broken)).toEqual([]);
    const mended = snapshotOf({ functions: [functionOf('a', { version: 2 })] });
    expect(activityBetween(broken, mended)).toEqual([
      { type: 'solved' },
      { type: 'solved', function: 'a' },
      { type: 'version', function: 'a', version: 2 },
    ]);
  });

  it('is a fault that is added, switched, or cleared', () => {
    const fault = faultOf('latency-1', { kind: 'latency' });
    const [none, on] = [snapshotOf(), snapshotOf({ faults: [fault] })];
    const off = snapshotOf({ faults: [{ ...fault, enabled: false }] });
    const change = (from: Snapshot, to: Snapshot) =>
      activityBetween(from, to).map((one) => 'change' in one && one.change);
    expect(change(none, on)).toEqual(['on']);
    expect(change(on, on)).toEqual([]);
    expect(change(on, off)).toEqual(['off']);
    expect(change(off, none)).toEqual(['cleared']);
  });
});

describe('as text', () => {
  const line = (change: Partial<InvocationRecord>): string =>
    texts([{ type: 'invocation', record: recordOf({ function: 'stock', ...change }) }])[0]?.replace(/^\S+/, 'TIME') ??
    '';

  it('an invocation is one line with what matters', () => {
    expect(line({ status: 200, durationMs: 12.4 })).toBe('TIME  stock  200          12 ms');
    expect(line({ durationMs: 3, initMs: 110, queueMs: 111 })).toBe(
      'TIME  stock  ok            3 ms  cold start 110 ms',
    );
    const error = { kind: 'timeout', type: 'Sandbox.Timedout', message: `no answer\nmore ${'x'.repeat(300)}` } as const;
    const faults = [{ fault: 'hang-1', kind: 'hang' }];
    expect(line({ durationMs: 3_000, error, faults, queueMs: 20 })).toBe(
      'TIME  stock  timeout    3000 ms  waited 20 ms  fault hang-1  Sandbox.Timedout: no answer',
    );
  });

  it('a problem is told in full, with its place as terminals link it', () => {
    expect(texts([{ type: 'problem', function: 'a', problem }])).toEqual([
      'problem: a: SyntaxError: Unexpected token',
      '  at /w/a.js:3:5',
      '  hint: save it again once it is mended',
      '  the last version that loaded still serves',
    ]);
    expect(texts([{ type: 'solved' }])).toEqual(['solved: the configuration is fine again']);
  });

  it('a handler’s line loses what the line beside it says', () => {
    const log = (text: string) => texts([{ type: 'log', function: 'stock', instance: 'i1', at: 0, text }])[0]?.trim();
    expect(log('2025-01-01T00:00:00.000Z\t3f2c-1\tINFO\thello\tyou')).toBe('stock  | hello\tyou');
    expect(log('2025-01-01T00:00:00.000Z\t3f2c-1\tERROR\toops')).toBe('stock  | ERROR oops');
    expect(log('print')).toBe('stock  | print');
  });

  it('has no colours unless they are wanted', () => {
    const record = recordOf({ status: 500 });
    expect(activityText({ type: 'invocation', record }, createStyle(true), 5)[0]).toContain('\u001b[31m500');
    expect(line({ status: 500 })).not.toContain('\u001b');
  });
});
