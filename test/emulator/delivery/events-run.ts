import type { Clock } from '../../../emulator/clock.js';
import type { InvocationRecord } from '../../../emulator/contract/records.js';
import { noFaults } from '../../../emulator/delivery/fixture.js';
import { createDelivery } from '../../../emulator/delivery/index.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import type { Delivery } from '../../../emulator/delivery/types.js';
import type { InvocationRequest } from '../../../emulator/dispatch/types.js';
import type { RunResult } from '../../../emulator/instances/types.js';
import { functionConfig } from '../../support/function-config.js';

export interface EventsRun {
  readonly clock: Clock;
  /** Folder of the file store. */
  readonly root: string;
  readonly timeScale: number;
  newId(): string;
  handle(request: InvocationRequest): Promise<RunResult>;
}

/**
 * Delivery over the file store, with handlers that are told here: `counter` has one retry; its failures go to the queue
 * `dead` and, as records, to `audit`, its successes to `audit` alone.
 */
export async function openEvents({ clock, root, timeScale, newId, handle }: EventsRun): Promise<Delivery> {
  const delivery = createDelivery({
    clock,
    newId,
    timeScale,
    dispatcher: {
      async invoke(request) {
        return { requestId: request.requestId ?? '', result: await handle(request), record: {} as InvocationRecord };
      },
    },
    faults: noFaults,
    openStore: () => openStore('file', { clock, root, log: () => undefined }),
    durable: true,
    log: () => undefined,
  });
  const audit = { type: 'function', name: 'audit' } as const;
  const retries = { attempts: 1, maxAgeMs: 21_600_000 };
  await delivery.open();
  delivery.configure({
    functions: [
      functionConfig({
        retries: { ...retries, onSuccess: audit, onFailure: audit },
        deadLetter: { type: 'queue', name: 'dead' },
      }),
      functionConfig({ name: 'audit', retries }),
    ],
    queues: [{ name: 'dead', visibilityMs: 30_000, retentionMs: 345_600_000, delayMs: 0 }],
    gateway: '',
  });
  return delivery;
}
