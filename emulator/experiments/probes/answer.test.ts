import { expect, it } from 'vitest';
import { demandsOf, type ProbeAnswer } from './answer.js';

const answer: ProbeAnswer = {
  status: 201,
  headers: new Headers({ 'x-tenant': 'acme' }),
  text: '{"items":[{"sku":"a"}],"n":7}',
  ms: 12,
};

it.each([
  [{ status: 201 }, true, '201'],
  [{ status: [200, 204] }, false, '201'],
  [{ maxMs: 10 }, false, '12 ms'],
  [{ headers: { 'X-Tenant': { startsWith: 'ac' } } }, true, 'header X-Tenant "acme"'],
  [{ headers: { 'x-other': { exists: false } } }, true, 'header x-other is not there'],
  [{ body: { '$.items[0].sku': 'a', '$.n': { eq: 8 } } }, false, '$.n 7'],
  [{ body: { '$.items[1].sku': { exists: true } } }, false, '$.items[1].sku is not there'],
  [{ text: { regex: '"n":\\d' } }, true, 'text "{\\"items\\":[{\\"sku\\":\\"a\\"}],\\"n\\":7}"'],
  [{ status: 500, maxMs: 5 }, false, '201, 12 ms'],
])('%j: %j, since it is %s', (expected, passed, measured) => {
  expect(demandsOf(expected, {}).check(answer)).toEqual({ passed, measured });
});

it('falls back to what a type of probe expects by itself', () => {
  expect(demandsOf(undefined, { status: 201 }).words).toBe('status 201');
  expect(demandsOf({}, { status: 201 }).check(answer).passed).toBe(true);
});
