import { mkdirSync } from 'node:fs';
import { lstat, opendir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';

/** Files that are looked at to tell the size of a folder; whoever makes more of them has a lower bound to be glad of. */
const MAX_ENTRIES = 20_000;
const MB = 1_048_576;

/** What is left of an instance that ended while an invocation ran on it, for the one that takes its place. */
export interface Leftover {
  /** undefined: nothing is handed on. */
  readonly folder: string | undefined;
}

/**
 * The temporary folders of a pool's instances: one each, removed with it. Only the folder of an instance that ran into its
 * timeout is kept, for the instance that takes its place [R].
 */
export class TempFolders {
  private kept: (Leftover & { readonly since: number })[] = [];
  private readonly removing = new Set<Promise<void>>();
  private readonly expiry: Deadline;

  /**
   * @param parent absolute; it belongs to the emulator and goes with it, however that ends
   * @param keepMs how long the folder of a timed-out instance waits for the next one
   */
  constructor(
    private readonly clock: Clock,
    private readonly parent: string,
    private readonly keepMs: number,
  ) {
    this.expiry = new Deadline(clock, () => this.expire());
  }

  /** An empty folder for a new instance. @returns undefined when none can be made (a full disk) */
  open(instanceId: string): string | undefined {
    const folder = path.join(this.parent, `tmp-${instanceId}`);
    try {
      mkdirSync(folder, { recursive: true });
      return folder;
    } catch {
      return undefined;
    }
  }

  /** What a new instance takes the place of, if anything. */
  takeKept(): Leftover | undefined {
    return this.kept.pop();
  }

  keep(folder: string | undefined): void {
    this.kept.push({ folder, since: this.clock.monotonic() });
    if (!this.expiry.isSet) this.expiry.set(this.keepMs);
  }

  /** Nothing uses it any more. */
  remove(folder: string | undefined): void {
    if (folder === undefined) return;
    // What cannot be removed goes with the emulator's own folder.
    const removed = rm(folder, { recursive: true, force: true, maxRetries: 3 })
      .catch(() => undefined)
      .finally(() => this.removing.delete(removed));
    this.removing.add(removed);
  }

  /** The kept ones belong to a version that is gone. */
  forget(): void {
    for (const { folder } of this.kept.splice(0)) this.remove(folder);
  }

  /** Resolves when all that was given back is removed. */
  async dispose(): Promise<void> {
    this.expiry.dispose();
    this.forget();
    await Promise.all(this.removing);
  }

  private expire(): void {
    const before = this.clock.monotonic() - this.keepMs + 1;
    const old = this.kept.filter(({ since }) => since <= before);
    this.kept = this.kept.filter(({ since }) => since > before);
    for (const { folder } of old) this.remove(folder);
    const [next] = this.kept;
    if (next) this.expiry.set(next.since - before + 1);
  }
}

/**
 * Size of a folder and what is below it, as far as MAX_ENTRIES reach; links are not followed.
 * @param enoughMb above this the rest is not looked at
 * @returns MB, rounded up
 */
export async function folderSize(folder: string, enoughMb: number): Promise<number> {
  const folders = [folder];
  let bytes = 0;
  let entries = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    try {
      for await (const entry of await opendir(next)) {
        const file = path.join(next, entry.name);
        if (entry.isDirectory()) folders.push(file);
        else bytes += await sizeOf(file);
        if (++entries >= MAX_ENTRIES || bytes > enoughMb * MB) return Math.ceil(bytes / MB);
      }
    } catch {
      // Removed while it was read.
    }
  }
  return Math.ceil(bytes / MB);
}

/** What it takes on the disk: a sparse file is as small there as on Lambda. */
async function sizeOf(file: string): Promise<number> {
  try {
    const { blocks, size } = await lstat(file);
    return blocks === undefined ? size : blocks * 512;
  } catch {
    return 0;
  }
}
