import { realpathSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Its exit handler comes first: what writes into a folder must be gone before the folder goes.
import './exec.mjs';

/** @type {Set<string>} */
const folders = new Set();
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));

/**
 * A temporary folder that does not outlive this process, also when that is interrupted.
 * @param {string} name
 * @returns {Promise<string>} its real path: the temporary folder may be a link, and editors compare real paths
 */
export async function makeTemp(name) {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), `faultline-${name}-`)));
  folders.add(folder);
  return folder;
}

/** @param {string} folder from `makeTemp` */
export async function removeTemp(folder) {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  folders.delete(folder);
}
