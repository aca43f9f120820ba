import { describe, expect, it } from 'vitest';
import { LogStore, MAX_LOG_CHARS, MAX_TOTAL_CHARS } from './logs.js';

describe('log store', () => {
  it('keeps lines by invocation, without their line breaks', () => {
    const logs = new LogStore<string>();
    logs.append('a', 'one\n', 0);
    logs.append('b', 'other', 0);
    logs.append('a', 'two', 0);
    expect(logs.lines('a')).toEqual(['one', 'two']);
    expect(logs.lines('nobody')).toEqual([]);
  });

  it('cuts one invocation at 256 KB and says so once', () => {
    const logs = new LogStore<string>();
    for (let i = 0; i < 1_000; i++) logs.append('a', 'x'.repeat(1_000), 0);
    const lines = logs.lines('a');
    expect(lines.at(-1)).toBe('[faultline] log cut: more than 256 KB in one invocation');
    expect(lines.filter((line) => line.startsWith('[faultline]'))).toHaveLength(1);
    expect(lines.join('').length).toBeLessThan(MAX_LOG_CHARS + 100);
  });

  it('cuts one endless line, and a flood of empty ones', () => {
    const logs = new LogStore<string>();
    logs.append('long', 'x'.repeat(10 * MAX_LOG_CHARS), 0);
    expect(logs.lines('long').join('').length).toBeLessThan(MAX_LOG_CHARS + 100);
    for (let i = 0; i < 100_000; i++) logs.append('empty', '', 0);
    expect(logs.lines('empty').length).toBeLessThan(10_000);
    expect(logs.lines('empty').at(-1)).toContain('log cut');
  });

  it('drops the oldest logs beyond 32 MB in all', () => {
    const dropped: string[] = [];
    const logs = new LogStore<string>((requestId) => dropped.push(requestId));
    const line = 'x'.repeat(200_000);
    for (let i = 0; i < 200; i++) logs.append(`r${String(i)}`, line, 0);
    const kept = Array.from({ length: 200 }, (_, i) => logs.lines(`r${String(i)}`)).flat();
    expect(kept.join('').length).toBeLessThanOrEqual(MAX_TOTAL_CHARS);
    expect(logs.lines('r199')).toEqual([line]);
    expect(dropped[0]).toBe('r0');
    expect(dropped.length + kept.length).toBe(200);
  });

  it('frees what is deleted', () => {
    const logs = new LogStore<string>(() => expect.unreachable());
    for (let i = 0; i < 1_000; i++) {
      logs.append('again', 'x'.repeat(200_000), 0);
      logs.delete('again');
    }
    expect(logs.lines('again')).toEqual([]);
  });

  it('gives what was printed to whom it belongs, wholly or by time', () => {
    const logs = new LogStore<string>();
    logs.append('running', 'one', 10);
    logs.claim('running', 'first');
    logs.claim('nothing', 'first');
    expect([logs.lines('running'), logs.lines('first')]).toEqual([[], ['one']]);
    for (const [text, at] of [
      ['late', 20],
      ['two', 30],
      ['later', 29],
      ['three', 31],
    ] as const)
      logs.append('running', text, at);
    logs.divide('running', 30, 'first', 'second');
    expect(logs.lines('first')).toEqual(['one', 'late', 'later']);
    expect(logs.lines('second')).toEqual(['two', 'three']);
    expect(logs.lines('running')).toEqual([]);
  });

  it('bounds what was claimed as well', () => {
    const logs = new LogStore<string>();
    for (let i = 0; i < 400; i++) {
      logs.append('running', 'x'.repeat(200_000), 0);
      logs.claim('running', String(i));
    }
    const kept = Array.from({ length: 400 }, (_, i) => logs.lines(String(i))).flat();
    expect(kept.join('').length).toBeLessThanOrEqual(MAX_TOTAL_CHARS);
    expect(logs.lines('399')).toHaveLength(1);
  });
});
