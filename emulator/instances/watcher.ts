import path from 'node:path';
import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { runtimes } from './runtimes/index.js';

/** Editors write a file in several steps, and a save of many files is one change. */
const DEBOUNCE_MS = 30;

/** Folders that hold no source: packages, version control, what tools make. */
const IGNORED = new Set(['node_modules', '.git', '.faultline', 'dist', '__pycache__', 'artifacts', '.venv', 'venv']);

export interface WatcherOptions {
  /** Absolute folder of the workspace. */
  readonly root: string;
  readonly clock: Clock;
  /** @param paths absolute, each once */
  onChange(paths: readonly string[]): void;
}

export interface Watcher {
  close(): Promise<void>;
}

/** @returns once every change from now on is seen */
export async function createWatcher({ root, clock, onChange }: WatcherOptions): Promise<Watcher> {
  const { watch } = await import('chokidar');
  const watcher = watch(root, {
    ignored: (file) => isIgnored(root, file),
    ignoreInitial: true,
    ignorePermissionErrors: true,
  });
  let changed = new Set<string>();
  let timer: Timer | undefined;
  watcher.on('all', (_event, file) => {
    changed.add(path.resolve(file));
    timer?.cancel();
    timer = clock.after(DEBOUNCE_MS, () => {
      const paths = [...changed];
      changed = new Set();
      onChange(paths);
    });
  });
  // A folder that cannot be watched (too many, no permission) is not a reason to stop.
  watcher.on('error', () => undefined);
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    async close() {
      timer?.cancel();
      await watcher.close();
    },
  };
}

function isIgnored(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '' && relative.split(path.sep).some((part) => IGNORED.has(part));
}

/**
 * Whether a change of these files changes what the function does.
 * @param inputs files that its code is known to be made of, absolute; undefined: any of the language counts
 * @param changed absolute paths
 */
export function affects(
  fn: Pick<FunctionConfig, 'file' | 'runtime'>,
  inputs: readonly string[] | undefined,
  changed: readonly string[],
): boolean {
  const known = inputs && new Set(inputs);
  const { reads } = runtimes[fn.runtime];
  return changed.some(
    (file) => file === fn.file || known?.has(file) === true || reads(fn.file, file, known !== undefined),
  );
}
