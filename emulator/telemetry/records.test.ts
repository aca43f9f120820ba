import { describe, expect, it } from 'vitest';
import { LOG_TAIL_BYTES, MAX_BODY_BYTES, RECORDS_PER_FUNCTION, RecordStore } from './records.js';
import { recordOf } from './fixture.js';

const NONE = Buffer.alloc(0);
const T = 1_700_000_000_000;
const store = (): RecordStore => new RecordStore(() => 'nodejs:20');

describe('record store', () => {
  it('gives the newest first, of one function or of all', () => {
    const records = store();
    for (const [requestId, name] of [
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'a'],
    ] as const)
      records.add(recordOf({ requestId, function: name }), NONE, NONE, T);
    const ids = (name?: string, limit = 10): string[] => records.recent(name, limit).map((record) => record.requestId);
    expect(ids('a')).toEqual(['3', '1']);
    expect(ids()).toEqual(['3', '2', '1']);
    expect(ids(undefined, 2)).toEqual(['3', '2']);
    expect(ids('unknown')).toEqual([]);
  });

  it('keeps 500 of a function, and forgets the log and the detail of the others', () => {
    const records = store();
    for (let i = 0; i < RECORDS_PER_FUNCTION + 1; i++) {
      records.log(String(i), 'hello', T);
      records.add(recordOf({ requestId: String(i) }), NONE, NONE, T);
    }
    expect(records.recent('counter', 1_000)).toHaveLength(RECORDS_PER_FUNCTION);
    expect(records.detail('0')).toBeUndefined();
    expect(records.logOf('0')).toEqual([]);
    expect(records.detail('1')?.log).toContain('hello');
  });

  it('writes the log as Lambda does, lines that came before the end and after it', () => {
    const records = store();
    records.log('r', 'before', T);
    records.add(recordOf({ requestId: 'r', initMs: 110.1, maxMemoryMb: 36 }), NONE, NONE, T);
    records.log('r', 'after', T);
    expect(records.logOf('r')).toEqual([
      'INIT_START Runtime Version: nodejs:20',
      'START RequestId: r Version: $LATEST',
      'before',
      'after',
      'END RequestId: r',
      'REPORT RequestId: r\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 110.10 ms\t',
    ]);
  });

  it('has no log for an invocation that was throttled', () => {
    const records = store();
    const error = { kind: 'throttled', type: 'TooManyRequestsException', message: 'Rate Exceeded.' } as const;
    records.add(recordOf({ requestId: 'r', error }), NONE, NONE, T);
    expect(records.logOf('r')).toEqual([]);
  });

  it('gives the last 4 KB of the log, from START at the earliest, cut between characters', () => {
    const records = store();
    records.log('short', 'x', T);
    records.add(recordOf({ requestId: 'short', initMs: 1 }), NONE, NONE, T);
    expect(records.logTail('short').toString()).toMatch(/^START RequestId: short [^]*\t\n$/);
    records.log('long', '€'.repeat(10_000), T);
    records.add(recordOf({ requestId: 'long' }), NONE, NONE, T);
    const tail = records.logTail('long');
    expect(tail.length).toBeLessThanOrEqual(LOG_TAIL_BYTES);
    expect(tail.length).toBeGreaterThan(LOG_TAIL_BYTES - 4);
    expect(tail.toString()).toMatch(/^€+\nEND/);
  });

  it('cuts events and payloads at 64 KB and does not keep what they are slices of', () => {
    const records = store();
    const large = Buffer.alloc(6_000_000, 'x');
    records.add(recordOf({ requestId: 'r' }), large, large.subarray(10, 20), T);
    large.fill('y');
    const detail = records.detail('r');
    expect(detail?.event).toBe('x'.repeat(MAX_BODY_BYTES));
    expect(detail?.payload).toBe('x'.repeat(10));
  });

  it('bounds all bodies together: the oldest lose theirs, the records stay', () => {
    const records = store();
    const body = Buffer.alloc(MAX_BODY_BYTES, 'x');
    for (let i = 0; i < 700; i++) {
      records.add(recordOf({ requestId: String(i), function: `f${String(i % 3)}` }), body, body, T);
    }
    expect(records.detail('0')?.event).toBe('');
    expect(records.detail('699')?.event).toHaveLength(MAX_BODY_BYTES);
    const kept = Array.from({ length: 700 }, (_, i) => records.detail(String(i))?.event.length ?? 0);
    expect(kept.filter((length) => length > 0)).toHaveLength(512);
  });

  it('keeps every attempt of an invocation, and shows the newest with its own log', () => {
    const records = store();
    records.log('r', 'first', T);
    records.add(recordOf({ requestId: 'r', at: T }), Buffer.from('1'), NONE, T + 3);
    records.log('r', 'first, late', T + 10);
    expect(records.logOf('r')).toEqual(expect.arrayContaining(['first', 'first, late']));
    records.log('r', 'second', T + 60_001);
    records.add(recordOf({ requestId: 'r', at: T + 60_000, attempt: 2 }), Buffer.from('2'), NONE, T + 60_003);
    records.log('r', 'second, late', T + 60_010);
    expect(records.recent('counter', 10).map(({ attempt }) => attempt)).toEqual([2, 1]);
    expect(records.detail('r')).toMatchObject({ attempt: 2, event: '2' });
    expect(records.logOf('r').filter((line) => /first|second/.test(line))).toEqual(['second', 'second, late']);
  });

  it('forgets an attempt without forgetting the next one', () => {
    const records = store();
    records.add(recordOf({ requestId: 'r' }), NONE, NONE, T);
    records.log('r', 'second', T + 1);
    records.add(recordOf({ requestId: 'r', attempt: 2, at: T + 1 }), NONE, NONE, T);
    for (let i = 0; i < RECORDS_PER_FUNCTION - 1; i++) records.add(recordOf({ requestId: String(i) }), NONE, NONE, T);
    expect(records.recent('counter', 1_000).filter(({ requestId }) => requestId === 'r')).toHaveLength(1);
    expect(records.detail('r')?.log).toContain('second');
  });

  it('finds the records of a trace', () => {
    const records = store();
    const traceId = '1-5759e988-bd862e3fe1be46a994272793';
    for (const name of ['a', 'b']) records.add(recordOf({ requestId: name, function: name, traceId }), NONE, NONE, T);
    records.add(recordOf({ requestId: 'c' }), NONE, NONE, T);
    expect(records.ofTrace(traceId).map(({ requestId }) => requestId)).toEqual(['b', 'a']);
  });
});
