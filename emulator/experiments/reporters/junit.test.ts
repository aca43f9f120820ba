import { describe, expect, it } from 'vitest';
import { reported } from './fixture.js';
import { escapeXml, junit } from './junit.js';

it('reports one of each verdict', async () => {
  await expect(reported(junit)).toMatchFileSnapshot('golden/junit.xml');
});

describe('escapeXml', () => {
  it.each([
    [`a & b < c > d "e" 'f'`, 'a &amp; b &lt; c &gt; d &quot;e&quot; &apos;f&apos;'],
    ['two\nlines\tand\rmore', 'two&#10;lines&#9;and&#13;more'],
    // XML 1.0 has no way to write these, not even as a reference.
    ['\u0000\u0007\u001b\uffff', '\ufffd\ufffd\ufffd\ufffd'],
    ['lone \ud800 surrogate, pair 😀', 'lone \ufffd surrogate, pair 😀'],
    ['≤ ×', '≤ ×'],
  ])('%j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});
