import { describe, expect, it } from 'vitest';
import { parseShard, shardOf } from './find.js';

const files = Array.from({ length: 10 }, (_, i) => `/w/${i}.experiment.yaml`);

describe('shardOf', () => {
  it.each([1, 2, 3, 7, 10, 12])('%i parts: every file in exactly one, no part more than one above another', (count) => {
    const parts = Array.from({ length: count }, (_, i) => shardOf(files, '/w', i + 1, count));
    expect(parts.flat().sort()).toEqual(files);
    const sizes = parts.map((part) => part.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('depends on the files alone: not on their order, not on where the checkout is', () => {
    const elsewhere = files.map((file) => file.replace('/w/', '/other/checkout/'));
    const moved = shardOf([...elsewhere].reverse(), '/other/checkout', 2, 3);
    expect(moved.map((file) => file.replace('/other/checkout/', '/w/'))).toEqual(shardOf(files, '/w', 2, 3));
  });
});

describe('parseShard', () => {
  it('reads I/N', () => expect(parseShard('2/3')).toEqual({ index: 2, count: 3 }));

  it.each(['0/3', '4/3', '1', '1/0', 'a/b', '-1/3', ''])('%j is wrong use', (text) => {
    expect(() => parseShard(text)).toThrow(/is not I\/N/);
  });
});
