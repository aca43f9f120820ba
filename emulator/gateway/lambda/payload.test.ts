import { describe, expect, it } from 'vitest';
import { payloadError } from './payload.js';

/** What the service says is wrong with these bytes. */
function problem(bytes: Buffer): string | undefined {
  const body = payloadError(bytes)?.reply.body;
  return body === undefined ? undefined : (JSON.parse(String(body)) as { message: string }).message;
}
const BEFORE = 'Could not parse request body into json: Could not parse payload into json: ';
const utf8 = (what: string, line: number, column: number): string =>
  `${BEFORE}Invalid UTF-8 ${what}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${String(line)}, column: ${String(column)}]`;

describe('a payload', () => {
  it.each(['{}', '7', '"ä"', 'null', ' [1,2] ', '"💥"'])('may be %s', (text) => {
    expect(problem(Buffer.from(text))).toBeUndefined();
  });

  it.each(['', '{', 'value', "{'key':'value'}", '{} {}'])('may not be %j', (text) => {
    expect(problem(Buffer.from(text))?.startsWith(BEFORE)).toBe(true);
  });

  it.each([
    // Recorded, by a client that decoded Base64 where there was none.
    [Buffer.from('n\x87r\x9e\xe9', 'latin1'), 'start byte 0x87', 1, 3],
    [Buffer.concat([Buffer.from('{\n"ä"'), Buffer.of(0xff)]), 'start byte 0xff', 2, 5],
    [Buffer.concat([Buffer.from('"💥'), Buffer.of(0xc3)]), 'middle byte 0xc3', 1, 5],
    [Buffer.of(0xc0, 0x80), 'start byte 0xc0', 1, 2],
  ])('that is not UTF-8 is told by its first wrong byte', (bytes, what, line, column) => {
    expect(problem(bytes)).toBe(utf8(what, line, column));
  });

  it('is searched to its very end', () => {
    for (const size of [1, 2, 3, 5, 100, 4_097]) {
      const bytes = Buffer.concat([Buffer.from('é'.repeat(size)), Buffer.of(0x80)]);
      expect(problem(bytes)).toBe(utf8('start byte 0x80', 1, size + 2));
    }
  });
});
