import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { Alarms } from './alarms.js';

it('rings for each queue once, at the earliest time that was heard, with one timer', async () => {
  const clock = new VirtualClock();
  const rung: string[] = [];
  const alarms = new Alarms(clock, (queue) => rung.push(`${queue} at ${String(clock.monotonic())}`));
  alarms.set('a', 300);
  alarms.set('b', 200);
  alarms.set('a', 100);
  alarms.set('a', 400);
  expect(clock.pending).toBe(1);
  await clock.advance(1_000);
  expect(rung).toEqual(['a at 100', 'b at 200']);
  expect(clock.pending).toBe(0);
});

it('may be set again while it rings, and rings no more once closed', async () => {
  const clock = new VirtualClock();
  let rung = 0;
  const alarms = new Alarms(clock, (queue) => {
    if (++rung < 3) alarms.set(queue, 10);
  });
  alarms.set('a', 0);
  await clock.advance(100);
  expect(rung).toBe(3);
  alarms.set('a', 10);
  alarms.close();
  alarms.set('b', 10);
  await clock.advance(100);
  expect([rung, clock.pending]).toEqual([3, 0]);
});
