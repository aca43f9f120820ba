import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { HEARTBEAT_MS } from './events.js';
import { Holds, type HoldSink } from './holds.js';

class Sink extends EventEmitter {
  readonly sent: string[] = [];
  ended = false;
  write(text: string): boolean {
    this.sent.push(text);
    return true;
  }
  end(): void {
    this.ended = true;
  }
  get id(): string {
    return (JSON.parse(/data: (.*)/.exec(this.sent[0] ?? '')?.[1] ?? '{}') as { hold: string }).hold;
  }
}

function holding() {
  const clock = new VirtualClock();
  const removed: string[] = [];
  const holds = new Holds({ remove: (id) => (removed.push(id), {}) as never }, clock);
  const begin = (): Sink => {
    const sink = new Sink();
    holds.begin(sink as unknown as HoldSink);
    return sink;
  };
  return { clock, removed, holds, begin };
}

describe('faults that live as long as their controller', () => {
  it('end when its connection does, and leave no timer', () => {
    const { clock, removed, holds, begin } = holding();
    const [mine, other] = [begin(), begin()];
    holds.check(mine.id);
    holds.add(mine.id, 'latency-1');
    holds.add(other.id, 'hang-1');
    mine.emit('close');
    mine.emit('error', new Error('reset'));
    expect(removed).toEqual(['latency-1']);
    expect(() => holds.check(mine.id)).toThrow('is over');
    other.emit('close');
    expect(removed).toEqual(['latency-1', 'hang-1']);
    expect(clock.pending).toBe(0);
  });

  it('end at once when the connection ended while they were added', () => {
    const { removed, holds, begin } = holding();
    const { id } = begin();
    holds.close();
    holds.add(id, 'latency-1');
    expect(removed).toEqual(['latency-1']);
  });

  it('keep the connection alive, and end it with the emulator', async () => {
    const { clock, holds, begin } = holding();
    const sink = begin();
    await clock.advance(2 * HEARTBEAT_MS);
    expect(sink.sent.slice(1)).toEqual([': heartbeat\n\n', ': heartbeat\n\n']);
    holds.close();
    expect(sink.ended).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
