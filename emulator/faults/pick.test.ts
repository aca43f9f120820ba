import { expect, it } from 'vitest';
import { pickOf, pickText } from './pick.js';

it.each([
  [{ nth: 3 }, [3], ['only number 3']],
  [{ first: 2 }, [1, 2], ['first 2']],
  [{ every: 3 }, [3, 6], ['every 3.']],
  [{ sequence: ['hit', 'pass', 'hit'] as ('hit' | 'pass')[] }, [1, 3], ['hit pass hit']],
])('%o picks %o of the first seven', (spec, picked, words) => {
  const pick = pickOf(spec);
  expect([1, 2, 3, 4, 5, 6, 7].filter((ordinal) => pick?.(ordinal))).toEqual(picked);
  expect(pickText(spec)).toEqual(words);
});

it('nothing given picks all', () => {
  expect([pickOf({}), pickText({})]).toEqual([undefined, []]);
});
