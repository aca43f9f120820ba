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
      records.log(String(i), 'hello');
      records.add(recordOf({ requestId: String(i) }), NONE, NONE, T);
    }
    expect(records.recent('counter', 1_000)).toHaveLength(RECORDS_PER_FUNCTION);
    expect(records.detail('0')).toBeUndefined();
    expect(records.logOf('0')).toEqual([]);
    expect(records.detail('1')?.log).toContain('hello');
  });

  it('writes the log as Lambda does, lines that came before the end and after it', () => {
    const records = store();
    records.log('r', 'before');
    records.add(recordOf({ requestId: 'r', initMs: 110.1, maxMemoryMb: 36 }), NONE, NONE, T);
    records.log('r', 'after');
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
    records.log('short', 'x');
    records.add(recordOf({ requestId: 'short', initMs: 1 }), NONE, NONE, T);
    expect(records.logTail('short').toString()).toMatch(/^START RequestId: short [^]*\t\n$/);
    records.log('long', '€'.repeat(10_000));
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
});
