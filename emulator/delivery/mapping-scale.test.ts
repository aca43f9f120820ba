import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Scale } from './mapping-scale.js';

it('begins with five, and grows by 300 a minute while messages wait', async () => {
  const clock = new VirtualClock();
  const scale = new Scale(clock, 1_000);
  expect(scale.limit).toBe(5);
  for (let i = 0; i < 600; i++) {
    await clock.advance(100);
    scale.backlog();
  }
  expect(scale.limit).toBe(305);
  await clock.advance(300);
  expect(scale.untilStep).toBe(700);
  scale.idle();
  expect(scale.limit).toBe(5);
});

it('stays within its cap, also a new one', async () => {
  const clock = new VirtualClock();
  const scale = new Scale(clock, 7);
  await clock.advance(1_000);
  scale.backlog();
  expect(scale.limit).toBe(7);
  scale.setCap(1);
  expect(scale.limit).toBe(1);
  scale.failed();
  expect(scale.limit).toBe(1);
});

it('halves at failures, down to two', () => {
  const scale = new Scale(new VirtualClock(), 1_000);
  const limits = [1, 2, 3].map(() => {
    scale.failed();
    return scale.limit;
  });
  expect(limits).toEqual([2, 2, 2]);
});
