import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Hints } from './hints.js';

describe('hints', () => {
  it('are told once a minute each', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const hints = new Hints(clock, (message) => log.push(message));
    hints.tell('a');
    hints.tell('a');
    hints.tell('b');
    await clock.advance(59_999);
    hints.tell('a');
    expect(log).toEqual(['a', 'b']);
    await clock.advance(1);
    hints.tell('a');
    expect(log).toEqual(['a', 'b', 'a']);
  });

  it('are bounded, however many different ones there are', () => {
    const log: string[] = [];
    const hints = new Hints(new VirtualClock(), (message) => log.push(message));
    for (let i = 0; i < 1_000; i++) hints.tell(String(i));
    expect(log).toHaveLength(50);
  });
});
