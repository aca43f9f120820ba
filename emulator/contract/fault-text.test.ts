import { describe, expect, it } from 'vitest';
import { FaultTextError, parseConditions, parsePick } from './fault-text.js';

describe('conditions as people type them', () => {
  it.each([
    ['', undefined],
    ['route=POST /orders', { route: 'POST /orders' }],
    ['version=2', { version: 2 }],
    ['header.x-tenant=acme', { headers: { 'x-tenant': 'acme' } }],
    ['header.x-tenant', { headers: { 'x-tenant': { exists: true } } }],
    ['!event.$.coupon', { event: { '$.coupon': { exists: false } } }],
    ['event.$.sku^=ap', { event: { '$.sku': { startsWith: 'ap' } } }],
    ['event.$.sku~=^a=b$', { event: { '$.sku': { regex: '^a=b$' } } }],
    ['event.$.quantity=2', { event: { '$.quantity': 2 } }],
    ['event.$.gift=true', { event: { '$.gift': true } }],
    ['event.$.zip=01234', { event: { '$.zip': '01234' } }],
    ['route=GET /a; header.a=1; header.b = x', { route: 'GET /a', headers: { a: 1, b: 'x' } }],
  ])('%j', (text, match) => {
    expect(parseConditions(text)).toEqual(match);
  });

  it.each(['=x', 'colour=red', 'route', '!header.a=1', 'route=', 'version'])('%j says what to write', (text) => {
    expect(() => parseConditions(text)).toThrow(FaultTextError);
  });
});

describe('picks as people type them', () => {
  it.each([
    ['', {}],
    ['all', {}],
    ['first 3', { first: 3 }],
    ['every 2', { every: 2 }],
    ['nth 5', { nth: 5 }],
    ['hit hit pass', { sequence: ['hit', 'hit', 'pass'] }],
    ['hit,pass', { sequence: ['hit', 'pass'] }],
  ])('%j', (text, pick) => {
    expect(parsePick(text)).toEqual(pick);
  });

  it.each(['3', 'first', 'first 0', 'last 2', 'hit miss'])('%j says what to write', (text) => {
    expect(() => parsePick(text)).toThrow(FaultTextError);
  });
});
