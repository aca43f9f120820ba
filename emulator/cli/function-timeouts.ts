import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../config/index.js';
import { CONFIG_FILES } from '../contract/config.js';

/** What lint learns from the configuration: a timeout that a fix writes must end before the function's own. */

function configFolderOf(file: string, known: Map<string, string | undefined>): string | undefined {
  const folder = path.dirname(file);
  if (known.has(folder)) return known.get(folder);
  const here = CONFIG_FILES.some((name) => existsSync(path.join(folder, name)));
  const found = here ? folder : folder === file ? undefined : configFolderOf(folder, known);
  known.set(folder, found);
  return found;
}

/**
 * @param files absolute paths of the files to lint
 * @returns seconds of the function whose handler is in a file, the shortest of several; undefined where no function is. A
 * configuration that does not load tells nothing: `faultline start` is the one to complain about it
 */
export async function functionTimeouts(files: readonly string[]): Promise<(file: string) => number | undefined> {
  const known = new Map<string, string | undefined>();
  const roots = new Set(files.map((file) => configFolderOf(file, known)).filter((root) => root !== undefined));
  const seconds = new Map<string, number>();
  for (const root of roots) {
    const config = await loadConfig(root).catch(() => undefined);
    for (const { file, timeoutMs } of config?.functions ?? [])
      seconds.set(file, Math.min(seconds.get(file) ?? Infinity, timeoutMs / 1_000));
  }
  return (file) => seconds.get(file);
}
