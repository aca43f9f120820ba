import { describe, expect, it } from 'vitest';
import { Prelude } from './prelude.js';

const whole = Buffer.from(
  '{"statusCode":201,"headers":{"X-A":"ä"},"cookies":["a=1","b=2"]}' + '\0'.repeat(8) + 'body\0\0',
);

/** What is left of a prelude that comes in pieces of this size. */
function inPieces(bytes: Buffer, size: number) {
  const prelude = new Prelude();
  for (let at = 0; at < bytes.length; at += size) {
    // The same buffer for every piece, as a socket may do it.
    const found = prelude.push(Buffer.from(bytes.subarray(at, at + size)));
    if (found !== undefined) return typeof found === 'string' ? found : { ...found, after: bytes.subarray(at + size) };
  }
  return undefined;
}

describe('a prelude', () => {
  it.each([1, 2, 7, 8, 9, 60, 64, 71, 1_000])('is found in pieces of %i bytes', (size) => {
    const found = inPieces(whole, size);
    expect(found).toMatchObject({
      head: { status: 201, headers: ['X-A', 'ä', 'set-cookie', 'a=1', 'set-cookie', 'b=2'] },
    });
    const { rest, after } = found as { rest: Buffer; after: Buffer };
    expect(Buffer.concat([rest, after]).toString()).toBe('body\0\0');
  });

  it('need not say anything', () => {
    expect(inPieces(Buffer.from('{}' + '\0'.repeat(8)), 100)).toMatchObject({ head: { status: 200, headers: [] } });
  });

  it('is waited for', () => {
    expect(inPieces(whole.subarray(0, 70), 10)).toBeUndefined();
  });

  it.each([
    ['not json' + '\0'.repeat(8), 'not JSON'],
    ['7' + '\0'.repeat(8), 'not an object'],
    ['{"statusCode":99}' + '\0'.repeat(8), 'statusCode 99'],
    ['{"headers":{"a b":"c"}}' + '\0'.repeat(8), 'invalid characters'],
    ['x'.repeat(70_000), 'more than 65536 bytes'],
  ])('%.20s… is none', (text, why) => {
    expect(inPieces(Buffer.from(text), 30_000)).toContain(why);
  });
});
