import { expect, it } from 'vitest';
import { onDeliveries, subject } from '../fixture.js';

it('says how often it delivers, and how far apart', () => {
  const summary = (params: Record<string, unknown>) =>
    onDeliveries({ kind: 'duplicate', params }).engine.list()[0]?.summary;
  expect(summary({})).toBe('delivered twice');
  expect(summary({ copies: 2, afterMs: 50 })).toBe('delivered 3 times, 50 ms apart');
});

it('makes copies, and counts when they go out', () => {
  const { engine, faults, effects } = onDeliveries({ kind: 'duplicate', params: { copies: 3, afterMs: 10 } });
  expect(effects).toEqual([{ type: 'duplicate', copies: 3, afterMs: 10 }]);
  expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 0 });
  faults[0]?.hit();
  expect(engine.list()[0]).toMatchObject({ injected: 1 });
});

it('leaves invocations that a caller waits for alone', () => {
  const { engine } = onDeliveries({ kind: 'duplicate' }, {}, []);
  expect(engine.plan(subject())).toBeUndefined();
  expect(engine.list()[0]?.matched).toBe(0);
});
