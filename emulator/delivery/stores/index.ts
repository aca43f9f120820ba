import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { FaultlineError } from '../../contract/errors.js';
import type { MessageStore } from '../store.js';
import { createMemoryStore } from './memory.js';

export interface StoreOptions {
  readonly clock: Clock;
  /** The workspace: the folder of faultline.yaml. */
  readonly root: string;
  readonly log: (message: string) => void;
}

/**
 * Opens a store.
 * @param where `memory`, `file` (the workspace's `.faultline/store`) or a Redis URL
 * @throws FaultlineError STORE_UNAVAILABLE
 */
export async function openStore(where: string, { clock }: StoreOptions): Promise<MessageStore> {
  if (where !== 'memory') throw new FaultlineError('STORE_UNAVAILABLE', `no store at ${where} yet`);
  return Promise.resolve(createMemoryStore(clock, randomUUID));
}
