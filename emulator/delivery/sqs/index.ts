import type { Clock } from '../../clock.js';
import type { QueueConfig } from '../../contract/config.js';
import type { QueueSnapshot } from '../../contract/snapshot.js';
import type { NewId } from '../../dispatch/types.js';
import type { MessageStore } from '../store.js';
import { checkBody, checkSize, sizeOfMessage } from './contents.js';
import { Counters } from './counters.js';
import { Engine } from './engine.js';
import { MoveTasks } from './move-tasks.js';
import type { MessageAttributes } from './message-attributes.js';
import { Queues } from './queues.js';
import { createService } from './service.js';
import type { Sqs } from './types.js';

export interface SqsOptions {
  readonly store: MessageStore;
  readonly clock: Clock;
  /** For messages and requests. */
  readonly newId: NewId;
  /** Its URL, for the URLs of queues. */
  gateway(): string;
  /** Those of the config that serves. */
  queues(): readonly QueueConfig[];
  readonly log: (message: string) => void;
  /** The counts in the snapshot are not what they were. */
  changed?(): void;
}

/*
 *   endpoint ── action ──┐
 *                        ├── engine ── message store
 *   mappings ────────────┘      └── counters ── snapshot
 */

/** Queues over a message store, with an SQS-compatible endpoint. */
export function createSqs(options: SqsOptions): Sqs {
  const { store, clock, newId, log } = options;
  const queues = new Queues(clock, () => options.queues());
  const counters = new Counters(store, clock, () => options.changed?.());
  const touched = (queue: string): void => counters.touch(queue);
  const engine = new Engine({ store, clock, newId, queues, counters });
  const moves = new MoveTasks({ store, queues, clock, newId, touched });
  const gateway = (): string => options.gateway();
  let consumers: ReadonlyMap<string, readonly string[]> = new Map();
  return {
    engine,
    service: createService({ store, engine, queues, moves, clock, newId, gateway, touched, purged: new Map(), log }),

    async open() {
      await Promise.all(queues.all().map(({ name }) => counters.refresh(name)));
    },

    async send(name, body, attributes) {
      const queue = queues.get(name);
      const own = ownAttributes(attributes);
      checkBody(body);
      checkSize(sizeOfMessage(body, own), queue.settings.maxBytes, 'are invalid');
      await engine.send(queue, [{ body, attributes: own }]);
    },

    snapshot: () =>
      queues.all().map(({ name }): QueueSnapshot => {
        const { visible, inFlight, delayed } = counters.read(name);
        const deadLetterOf = queues.sourcesOf(name).map((source) => source.name);
        return { name, visible, inFlight, delayed, functions: consumers.get(name) ?? [], deadLetterOf };
      }),

    setConsumers(next) {
      consumers = next;
    },

    drain: () => engine.drain(),

    close() {
      engine.drain();
      moves.close();
      counters.close();
    },
  };
}

/** SQS has no empty attributes. */
function ownAttributes(given: Readonly<Record<string, string | number>>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, { type: typeof value === 'number' ? 'Number' : 'String', value: String(value) }]),
  );
}
