import { describe, expect, it } from 'vitest';
import { MAX_OUTPUT, OutputCollector } from './output.js';

function collector(): { lines: string[]; output: OutputCollector } {
  const lines: string[] = [];
  return { lines, output: new OutputCollector((text) => lines.push(text)) };
}

describe('OutputCollector', () => {
  it('puts lines together from pieces, per stream, and splits none in the middle of a letter', () => {
    const { lines, output } = collector();
    const bytes = Buffer.from('größe\r\nnext');
    output.chunk('stdout', bytes.subarray(0, 3));
    output.chunk('stderr', Buffer.from('err\n'));
    output.chunk('stdout', bytes.subarray(3));
    expect(lines).toEqual(['err', 'größe']);
    output.flush();
    expect(lines).toEqual(['err', 'größe', 'next']);
  });

  it('keeps a message of several lines together', () => {
    const { lines, output } = collector();
    output.message('a\nb');
    expect(lines).toEqual(['a\nb']);
  });

  it('drops what is above 1 MB, says so once, and starts anew with the next invocation', () => {
    const { lines, output } = collector();
    const big = 'x'.repeat(MAX_OUTPUT - 1);
    output.message(big);
    for (let i = 0; i < 3; i++) output.message('more');
    output.begin();
    output.message('next');
    expect(lines.length).toBe(3);
    expect(lines[1]).toContain('more than 1 MB');
    expect(lines[2]).toBe('next');
  });

  it('bounds lines, too: many empty ones are much', () => {
    const { lines, output } = collector();
    const empty = Buffer.alloc(65_536, '\n');
    for (let i = 0; i < 100; i++) output.chunk('pipe-stdout', empty);
    expect(lines.length).toBeLessThan(MAX_OUTPUT / 32 + 2);
    expect(lines.filter((line) => line !== '')).toEqual([expect.stringContaining('until the next invocation')]);
  });

  it('keeps nothing of a line that never ends, once there is enough', () => {
    const { lines, output } = collector();
    for (let i = 0; i < 1_000; i++) output.chunk('pipe-stdout', Buffer.alloc(65_536, 'z'));
    expect(lines.join('').length).toBeLessThan(MAX_OUTPUT + 200_000);
    output.flush();
    output.begin();
    output.chunk('pipe-stdout', Buffer.from('next\n'));
    expect(lines.at(-1)).toBe('next');
  });

  it('passes a line that never ends on in parts', () => {
    const { lines, output } = collector();
    output.chunk('pipe-stdout', Buffer.alloc(200_000, 'z'));
    output.flush();
    expect(lines.join('').length).toBe(200_000);
    expect(lines.length).toBe(4);
  });
});
