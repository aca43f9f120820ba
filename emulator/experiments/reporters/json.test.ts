import { expect, it } from 'vitest';
import { reported, results } from './fixture.js';
import { json } from './json.js';

it('is one document with the results as they are', () => {
  expect(JSON.parse(reported(json))).toEqual({ seed: '7', results });
});
