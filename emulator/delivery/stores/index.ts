import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../clock.js';
import type { MessageStore } from '../store.js';
import { openFileStore } from './file.js';
import { createMemoryStore } from './memory.js';
import { openRedisStore } from './redis.js';

export interface StoreOptions {
  readonly clock: Clock;
  /** The workspace: the folder of faultline.yaml. */
  readonly root: string;
  readonly log: (message: string) => void;
}

/** The folder of the file store, in the workspace. */
export const STORE_FOLDER = '.faultline/store';

/**
 * Opens a store.
 * @param where `memory`, `file` (the workspace's `.faultline/store`) or a Redis URL
 * @throws FaultlineError STORE_UNAVAILABLE
 */
export async function openStore(where: string, { clock, root, log }: StoreOptions): Promise<MessageStore> {
  if (where === 'memory') return createMemoryStore(clock, randomUUID);
  if (where !== 'file') return openRedisStore({ url: where, clock, log });
  // One folder has one name, by whichever way it was come to.
  const workspace = existsSync(root) ? realpathSync(root) : root;
  return openFileStore({ folder: path.join(workspace, STORE_FOLDER), clock, log, newReceipt: randomUUID });
}
