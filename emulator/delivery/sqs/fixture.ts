import { VirtualClock } from '../../../test/support/virtual-clock.js';
import type { QueueConfig } from '../../contract/config.js';
import { createMemoryStore } from '../stores/memory.js';
import { createSqs } from './index.js';
import type { ReceiveOptions } from './types.js';

/** For tests: a queue with every default of the config. */
export function queueConfig(name: string, given: Partial<QueueConfig> = {}): QueueConfig {
  return { name, visibilityMs: 30_000, retentionMs: 345_600_000, delayMs: 0, ...given };
}

/** For tests: queues over a memory store, in virtual time. */
export function testQueues(...configs: readonly QueueConfig[]) {
  const clock = new VirtualClock();
  let ids = 0;
  let receipts = 0;
  const log: string[] = [];
  const config = { queues: configs };
  const told = { changes: 0 };
  const store = createMemoryStore(clock, () => `receipt-${String(++receipts)}`);
  const sqs = createSqs({
    store,
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    gateway: () => 'http://127.0.0.1:3000',
    queues: () => config.queues,
    log: (message) => log.push(message),
    changed: () => void told.changes++,
  });
  const { engine } = sqs;
  const receive = (name: string, given: Partial<ReceiveOptions> = {}) =>
    engine.receive(engine.queue(name), { max: 10, waitMs: 0, visibilityMs: 30_000, ...given });
  const send = (name: string, ...bodies: string[]) =>
    engine.send(
      engine.queue(name),
      bodies.map((body) => ({ body, attributes: {} })),
    );
  const counts = async (name: string): Promise<readonly [visible: number, inFlight: number, delayed: number]> => {
    const { visible, inFlight, delayed } = await store.counts(`sqs/${name}`);
    return [visible, inFlight, delayed];
  };
  return { clock, store, sqs, engine, config, log, told, receive, send, counts };
}
