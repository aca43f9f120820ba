import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Deadline } from './deadline.js';

describe('Deadline', () => {
  function make(): { clock: VirtualClock; deadline: Deadline; due: number[] } {
    const clock = new VirtualClock();
    const due: number[] = [];
    return { clock, due, deadline: new Deadline(clock, () => due.push(clock.monotonic())) };
  }

  it('is met once, at its time', async () => {
    const { clock, deadline, due } = make();
    deadline.set(100);
    await clock.advance(1_000);
    expect(due).toEqual([100]);
  });

  it('moves back and forward with one timer', async () => {
    const { clock, deadline, due } = make();
    deadline.set(100);
    await clock.advance(50);
    deadline.clear();
    deadline.set(100);
    expect(clock.pending).toBe(1);
    await clock.advance(99);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toEqual([150]);
    deadline.set(100);
    deadline.set(10);
    await clock.advance(10);
    expect(due).toEqual([150, 160]);
  });

  it('is not met once cleared, and leaves no timer behind when disposed of', async () => {
    const { clock, deadline, due } = make();
    deadline.set(10);
    deadline.clear();
    await clock.advance(20);
    deadline.set(10);
    deadline.dispose();
    expect(clock.pending).toBe(0);
    await clock.advance(100);
    expect(due).toEqual([]);
  });

  it('keeps the earlier one', async () => {
    const { clock, deadline, due } = make();
    deadline.set(50);
    deadline.setEarlier(100);
    deadline.setEarlier(20);
    await clock.advance(100);
    expect(due).toEqual([20]);
  });
});
