import { describe, expect, it } from 'vitest';
import type { FaultMatch } from '../contract/faults.js';
import { subject } from './fixture.js';
import { wildcard } from '../value-match.js';
import { matcherOf, matchText } from './match.js';
import type { FaultSubject } from './types.js';

const event = {
  sku: 'apple',
  n: 7,
  none: null,
  'a key': true,
  detail: { items: [{ sku: 'a' }, { sku: 'b' }] },
  headers: { 'X-Tenant': 'acme', 'X-Count': '7' },
};

function admits(match: FaultMatch | undefined, given: Partial<FaultSubject> = {}, ...of: unknown[]): boolean {
  return matcherOf(match).admits(subject(given), () => (of.length > 0 ? of[0] : event));
}
const place = (path: string, condition: NonNullable<FaultMatch['event']>[string]) =>
  admits({ event: { [path]: condition } });

it('without a match, everything, and no event is parsed for it', () => {
  const parse = (): never => {
    throw new Error('parsed');
  };
  expect(matcherOf(undefined).admits(subject(), parse)).toBe(true);
  expect(matcherOf({ route: 'POST /orders' }).admits(subject(), parse)).toBe(false);
});

it('by route and alias', () => {
  expect(admits({ route: 'POST /orders' }, { route: 'POST /orders' })).toBe(true);
  expect(admits({ route: '* /orders*' }, { route: 'GET /orders/{id}' })).toBe(true);
  expect(admits({ route: 'POST /orders' }, { route: 'POST /orders/x' })).toBe(false);
  expect(admits({ route: '*' })).toBe(false);
  expect([admits({ alias: 'live' }, { alias: 'live' }), admits({ alias: 'live' })]).toEqual([true, false]);
});

it('by header, without regard to case, as text', () => {
  expect(admits({ headers: { 'x-tenant': 'acme' } })).toBe(true);
  expect(admits({ headers: { 'X-TENANT': 'other' } })).toBe(false);
  expect(admits({ headers: { 'x-count': 7 } })).toBe(true);
  expect(admits({ headers: { 'x-none': { exists: false } } })).toBe(true);
  expect(admits({ headers: { 'x-tenant': { exists: true } } }, {}, { headers: 'none' })).toBe(false);
});

describe('by a place in the event', () => {
  it.each([
    ['$.sku', 'apple', true],
    ['sku', { eq: 'apple' }, true],
    ['$.detail.items[1].sku', 'b', true],
    ['detail.items.0.sku', { startsWith: 'a' }, true],
    ["$['a key']", true, true],
    ['$.n', 7, true],
    ['$.n', '7', false],
    ['$.none', null, true],
    ['$.none', { exists: true }, true],
    ['$.missing', { exists: false }, true],
    ['$.missing', null, false],
    ['$.sku', { startsWith: 'ap', regex: 'e$' }, true],
    ['$.sku', { startsWith: 'ap', regex: '^e' }, false],
    ['$.n', { regex: '^7$' }, true],
    ['$.detail', { regex: '.' }, false],
    ['$.constructor', { exists: true }, false],
  ] as const)('%s %o: %s', (path, condition, expected) => {
    expect(place(path, condition)).toBe(expected);
  });

  it('what is no JSON matches only what is not there', () => {
    expect(admits({ event: { '$.sku': 'apple' } }, {}, undefined)).toBe(false);
    expect(admits({ event: { '$.sku': { exists: false } } }, {}, undefined)).toBe(true);
  });

  it('all that is given must hold', () => {
    expect(admits({ event: { sku: 'apple', n: 7 } })).toBe(true);
    expect(admits({ event: { sku: 'apple', n: 8 } })).toBe(false);
    expect(admits({ event: { sku: 'apple' }, headers: { 'x-tenant': 'other' } })).toBe(false);
  });
});

it('by instance and version only once there is one', () => {
  expect(matcherOf({ route: '*' }).instance).toBeUndefined();
  const { admits: admitted, instance } = matcherOf({ instance: 'i*', version: 2 });
  expect(admitted(subject(), () => event)).toBe(true);
  expect([instance?.('i3', 2), instance?.('i3', 1), instance?.('x', 2)]).toEqual([true, false, false]);
});

it('refuses what is no path and no regular expression, and says where', () => {
  const refusal = (match: FaultMatch) => expect(() => matcherOf(match));
  refusal({ event: { '$.items[': 1 } }).toThrow('"$.items[" is no path into the event');
  refusal({ event: { sku: { regex: '(' } } }).toThrow(/^match\.event\.sku: /);
});

it('a wildcard stands for any part, and everything else for itself', () => {
  expect(wildcard('a.*[c]')('a.b[c]')).toBe(true);
  expect(wildcard('a.*')('axb')).toBe(false);
  expect(wildcard('*')('')).toBe(true);
});

it('in words', () => {
  expect(
    matchText({
      route: 'POST /orders',
      headers: { 'x-tenant': 'acme' },
      event: { '$.sku': { startsWith: 'a', regex: 'z' }, '$.n': { exists: false } },
    }),
  ).toEqual(['POST /orders', 'header x-tenant = acme', '$.sku starts with a and matches /z/', '$.n does not exist']);
});
