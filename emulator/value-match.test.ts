import { describe, expect, it } from 'vitest';
import { FaultlineError } from './contract/errors.js';
import { conditionOf, conditionText, stepsOf, valueAt } from './value-match.js';

describe('a condition', () => {
  it.each([
    [7, 7, true],
    [7, '7', true],
    [7, 8, false],
    [null, null, true],
    [null, undefined, false],
    [{ eq: 'a' }, 'a', true],
    [{ exists: true }, 0, true],
    [{ exists: true }, undefined, false],
    [{ exists: false }, undefined, true],
    [{ startsWith: 'ab' }, 'abc', true],
    [{ startsWith: 'ab' }, 5, false],
    [{ regex: '^\\d+$' }, 42, true],
    [{ startsWith: 'a', regex: 'z$' }, 'abc', false],
  ])('%j holds for %j: %j', (match, value, holds) => {
    expect(conditionOf(match, 'k')(value)).toBe(holds);
  });

  it('is told in words', () => {
    expect(conditionText(7)).toBe('= 7');
    expect(conditionText({ startsWith: 'a', regex: 'b' })).toBe('starts with a and matches /b/');
  });
});

describe('a place', () => {
  const value = { items: [{ sku: 'x' }], 'a key': 1 };
  it.each([
    ['$', value],
    ['$.items[0].sku', 'x'],
    ['items.0.sku', 'x'],
    ["$['a key']", 1],
    ['$.items[1].sku', undefined],
    ['$.toString', undefined],
  ])('%s', (path, there) => {
    expect(valueAt(value, stepsOf(path, 'body'))).toEqual(there);
  });
});

it.each([
  [() => conditionOf({ regex: '(' }, 'text', 'EXPERIMENT_INVALID'), 'text'],
  [() => stepsOf('$.a[', 'body', 'EXPERIMENT_INVALID'), 'body.$.a['],
])('%s tells its key', (act, key) => {
  expect(act).toThrow(expect.objectContaining({ code: 'EXPERIMENT_INVALID', place: { key } }) as FaultlineError);
});
