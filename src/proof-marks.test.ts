import { expect, it } from 'vitest';
import type { ProofResult } from '../emulator/contract/proof.js';
import { ProofMarks } from './proof-marks.js';

const result: ProofResult = { verdict: 'confirmed', text: 'It is so.', decisions: [], seed: '7' };

it('a mark is of one finding in one version of the text', () => {
  const marks = new ProofMarks();
  marks.set('file:///a.mjs', 3, 'f1', result);
  expect(marks.of('file:///a.mjs', 3, { fingerprint: 'f1' })).toBe(result);
  expect(marks.of('file:///a.mjs', 3, { fingerprint: 'f2' })).toBeUndefined();
  expect(marks.of('file:///b.mjs', 3, { fingerprint: 'f1' })).toBeUndefined();
  expect(marks.of('file:///a.mjs', 4, { fingerprint: 'f1' })).toBeUndefined();
});

it('marks of another version are gone once one of the new version is set', () => {
  const marks = new ProofMarks();
  marks.set('file:///a.mjs', 3, 'f1', result);
  marks.set('file:///a.mjs', 4, 'f2', result);
  expect(marks.of('file:///a.mjs', 4, { fingerprint: 'f1' })).toBeUndefined();
  expect(marks.of('file:///a.mjs', 4, { fingerprint: 'f2' })).toBe(result);
});

it('tells whether there was a mark to clear', () => {
  const marks = new ProofMarks();
  expect(marks.clear('file:///a.mjs')).toBe(false);
  marks.set('file:///a.mjs', 3, 'f1', result);
  expect(marks.clear('file:///a.mjs')).toBe(true);
  expect(marks.of('file:///a.mjs', 3, { fingerprint: 'f1' })).toBeUndefined();
});
