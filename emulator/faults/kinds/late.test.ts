import { expect, it } from 'vitest';
import { onDeliveries } from '../fixture.js';

it('holds for as long as told', () => {
  const { effects, engine } = onDeliveries({ kind: 'late', params: { ms: 1_500 } });
  expect(effects).toEqual([{ type: 'late', ms: 1_500 }]);
  expect(engine.list()[0]?.summary).toBe('delivered 1500 ms late');
});

it('tells when it ends, so that what it holds goes on', () => {
  const { engine, id, faults } = onDeliveries({ kind: 'late' });
  expect(faults[0]?.ended.aborted).toBe(false);
  engine.setEnabled(id, false);
  expect(faults[0]?.ended.aborted).toBe(true);
});

it('holds at most so many at once, until they are released', () => {
  const { engine, faults } = onDeliveries({ kind: 'late', atOnce: 2 }, {}, [1, 2, 3]);
  expect(faults).toHaveLength(2);
  faults[0]?.release();
  faults[0]?.release();
  const more = [4, 5].flatMap((number) =>
    engine.planDelivery({
      function: 'counter',
      requestId: 'r',
      queue: 'sqs/jobs',
      number,
      attempt: 1,
      payload: Buffer.from('{}'),
    }),
  );
  expect(more).toHaveLength(1);
});
