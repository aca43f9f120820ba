import type { Clock } from '../../clock.js';
import type { Message, MessageStore } from '../store.js';
import { handedOut, newEntry } from './entry.js';
import { Queues } from './queues.js';

/**
 * Keeps messages as long as the emulator runs.
 * @param newReceipt makes a receipt that was never made before
 */
export function createMemoryStore(clock: Clock, newReceipt: () => string): MessageStore {
  const queues = new Queues(clock, newReceipt);
  let order = 0;
  const remove = (queue: string, receipt: string): boolean => {
    const entry = queues.received(queue, receipt);
    if (entry) queues.delete(queue, entry);
    return entry !== undefined;
  };
  return {
    async add(queue, messages) {
      const now = clock.now();
      queues.insert(
        queue,
        messages.map((message) => newEntry(message, order++, now)),
      );
      return Promise.resolve();
    },
    receive: (queue, max, leaseMs): Promise<readonly Message[]> =>
      Promise.resolve(queues.take(queue, max, leaseMs).map(handedOut)),
    remove: (queue, receipts) => Promise.resolve(receipts.map((receipt) => remove(queue, receipt))),
    release(queue, receipt, ms, meta) {
      const entry = queues.received(queue, receipt);
      if (entry) queues.hide(queue, entry, ms, meta);
      return Promise.resolve(entry !== undefined);
    },
    move(queue, receipt, to, message) {
      const moved = remove(queue, receipt);
      if (moved) queues.insert(to, [newEntry(message, order++, clock.now())]);
      return Promise.resolve(moved);
    },
    counts: (queue) => Promise.resolve(queues.counts(queue)),
    purge: (queue) => Promise.resolve(queues.clear(queue).length),
    names: () => Promise.resolve(queues.names),
    onVisible: (queue, callback) => queues.onVisible(queue, callback),
    close() {
      queues.close();
      return Promise.resolve();
    },
  };
}
