import { expect, it } from 'vitest';
import { onDeliveries } from '../fixture.js';

it.each([
  ['truncated', 'delivered cut'],
  ['garbage', 'delivered as garbage'],
  ['empty', 'delivered with nothing in it'],
])('%s', (how, summary) => {
  const { effects, engine } = onDeliveries({ kind: 'poison', params: { how } });
  expect(effects).toEqual([{ type: 'poison', how, draw: expect.any(Number) }]);
  expect(engine.list()[0]?.summary).toBe(summary);
});

it('spoils the same delivery alike on every replay, and the next one in another way', () => {
  const draws = () => onDeliveries({ kind: 'poison' }, {}, [1, 2, 3]).effects;
  expect(draws()).toEqual(draws());
  expect(new Set(draws().map((effect) => JSON.stringify(effect))).size).toBe(3);
});

it('run dry only counts', () => {
  const { engine, faults } = onDeliveries({ kind: 'poison', dryRun: true });
  expect(faults).toMatchObject([{ dryRun: true }]);
  expect(engine.list()[0]).toMatchObject({ injected: 1, dryRun: true });
});
