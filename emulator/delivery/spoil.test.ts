import { expect, it } from 'vitest';
import { spoiltEvent, spoiltText } from './spoil.js';

const draws = [0, 0.001, 0.37, 0.5, 0.999_999];

it.each(draws)('cut at %f, no JSON object is JSON any more', (draw) => {
  const text = JSON.stringify({ sku: 'a', list: [1, 2, 3] });
  const cut = spoiltText(text, { how: 'truncated', draw });
  expect(text.startsWith(cut)).toBe(true);
  expect(cut.length).toBeLessThan(text.length);
  expect(() => JSON.parse(cut) as unknown).toThrow();
});

it('halves no character', () => {
  expect(spoiltText('a😀', { how: 'truncated', draw: 0.9 })).toBe('a');
});

it.each(draws)('garbage by %f is the same each time, as long as the text was, and no JSON', (draw) => {
  const poison = { how: 'garbage', draw } as const;
  const garbage = spoiltText('{"sku":"a"}', poison);
  expect(garbage).toHaveLength(11);
  expect(spoiltText('{"sku":"a"}', poison)).toBe(garbage);
  expect(() => JSON.parse(garbage) as unknown).toThrow();
});

it('garbage has at most 1,024 characters, and at least one', () => {
  expect(spoiltText('x'.repeat(5_000), { how: 'garbage', draw: 0.1 })).toHaveLength(1_024);
  expect(spoiltText('', { how: 'garbage', draw: 0.1 })).toHaveLength(1);
});

it('an event stays JSON: what is left of its text, or an object with nothing in it', () => {
  const event = (how: 'truncated' | 'garbage' | 'empty') =>
    JSON.parse(spoiltEvent(Buffer.from('{"sku":"a"}'), { how, draw: 0.5 }).toString()) as unknown;
  expect(event('truncated')).toBe('{"sku');
  expect(event('garbage')).toEqual(expect.stringMatching(/^\ufffd.{10}$/u));
  expect(event('empty')).toEqual({});
});
