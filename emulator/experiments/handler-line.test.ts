import { describe, expect, it } from 'vitest';
import { findHandlerLine } from './handler-line.js';

describe('findHandlerLine', () => {
  it.each([
    ['// x\nexport async function handler(event) {}', 2],
    ['export const other = 1;\nexport const handler = async () => 1;', 2],
    ['\n\nexports.handler = async () => 1;', 3],
    ['const a = 1;\nmodule.exports.handler = () => 1;', 2],
    ['import json\n\n\ndef handler(event, context):\n    pass', 4],
    ['def handler_of(event):\n    pass\n\nasync def handler(event, context):\n    pass', 4],
    ['function handler() {}\nexport { handler };', 1],
    ['import app\nhandler = app.wrap()', 2],
    // Not recognised: the file itself is the best there is.
    ["export * from './impl.mjs';", 1],
  ])('in %j is line %i', (text, line) => {
    expect(findHandlerLine(text, 'handler')).toBe(line);
  });

  it('takes the name as text, not as a pattern', () => {
    expect(findHandlerLine('exports.aXb = 1;\nexports.$b = 1;', '$b')).toBe(2);
  });
});
