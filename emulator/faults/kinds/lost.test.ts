import { expect, it } from 'vitest';
import { onDeliveries } from '../fixture.js';

const isLost = (deliveries: string, attempt: number): boolean =>
  onDeliveries({ kind: 'lost', params: { deliveries } }, { attempt }).effects.length > 0;

it.each([
  ['any', true, true],
  ['first', true, false],
  ['again', false, true],
])('of %s deliveries', (deliveries, first, again) => {
  expect([isLost(deliveries, 1), isLost(deliveries, 2), isLost(deliveries, 3)]).toEqual([first, again, again]);
});

it('says so', () => {
  const summary = (deliveries: string) =>
    onDeliveries({ kind: 'lost', params: { deliveries } }).engine.list()[0]?.summary;
  expect(['any', 'first', 'again'].map(summary)).toEqual([
    'never delivered',
    'never delivered, only at first',
    'never delivered, only when it comes again',
  ]);
});

it('holds no place among those at once for what it does not lose', () => {
  const { engine, effects } = onDeliveries(
    { kind: 'lost', params: { deliveries: 'again' }, atOnce: 1 },
    { attempt: 1 },
    [1, 2, 3],
  );
  expect(effects).toEqual([]);
  expect(engine.decisions().map(({ hit }) => hit)).toEqual([true, true, true]);
});
