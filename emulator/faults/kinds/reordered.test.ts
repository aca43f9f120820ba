import { expect, it } from 'vitest';
import { onDeliveries } from '../fixture.js';

const places = (seedless: Parameters<typeof onDeliveries>[1] = {}) =>
  onDeliveries({ kind: 'reordered', params: { window: 4, maxMs: 10 } }, seedless, [1, 2, 3, 4]).effects;

it('draws a place by the number of the message, whatever its id is', () => {
  const drawn = places({ requestId: 'a' });
  expect(drawn[0]).toEqual({ type: 'reordered', window: 4, maxMs: 10, draw: expect.any(Number) });
  expect(new Set(drawn.map((effect) => JSON.stringify(effect))).size).toBe(4);
  expect(places({ requestId: 'b' })).toEqual(drawn);
});

it('draws anew for another queue, or when it comes again', () => {
  expect(places({ queue: 'sqs/others' })).not.toEqual(places());
  expect(places({ attempt: 2 })).not.toEqual(places());
});

it('says how many', () => {
  const { engine } = onDeliveries({ kind: 'reordered', params: { window: 4 } });
  expect(engine.list()[0]?.summary).toBe('4 at a time in another order');
});
