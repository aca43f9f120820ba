import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../clock.js';
import { Damage, inUse, isDamage, newer, reasonOf, unavailable } from './level-errors.js';
import { ContentsReader, VERSION, versionRecord, type Contents } from './level-records.js';
import { rescue } from './level-rescue.js';
import { loadLevel, openLevel, type Level, type LevelLibrary } from './level.js';

/**
 * Folders that are open in this process. LevelDB's own lock does not serve within one: opening a folder again fails, but gives
 * the lock away to every other process.
 */
const open = new Set<string>();

/** What an earlier run has left. */
export interface Recovered {
  readonly level: Level;
  readonly contents: Contents;
}

/** The folder of a file store: finds it, opens it, and makes the best of a damaged one. */
export class LevelFolder {
  private library: LevelLibrary | undefined;

  /** @param folder absolute */
  constructor(
    readonly folder: string,
    private readonly clock: Clock,
    private readonly log: (message: string) => void,
  ) {}

  /**
   * Whether an earlier run has left something.
   * @throws FaultlineError STORE_UNAVAILABLE when it is no folder, or may not be looked into
   */
  get exists(): boolean {
    return this.files.some((name) => /^CURRENT$|\.(ldb|log)$/.test(name));
  }

  /**
   * Opens it, and makes it when there is none.
   * @throws FaultlineError STORE_UNAVAILABLE
   */
  open(): Promise<Level> {
    return this.claimed(async (library) => {
      await this.make();
      const level = await this.openLevel(library);
      return closedOnError(level, async () => {
        await level.batch([versionRecord], { sync: true });
        return level;
      });
    });
  }

  /**
   * Opens what an earlier run has left, and reads it. Of a damaged one, what can be read is used, and the damaged files are
   * kept aside.
   * @throws FaultlineError STORE_UNAVAILABLE
   */
  recover(): Promise<Recovered> {
    return this.claimed(async (library) => {
      try {
        return await this.openAndRead(library, () => {
          throw new Damage('a record is not what was written');
        });
      } catch (error) {
        if (!isDamage(error)) throw error;
        return await this.rescue(library, reasonOf(error));
      }
    });
  }

  /** For when it is closed: it may be opened again. */
  release(): void {
    open.delete(this.folder);
  }

  private get files(): readonly string[] {
    try {
      return readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unavailable(this.folder, error);
    }
  }

  private async claimed<T>(work: (library: LevelLibrary) => Promise<T>): Promise<T> {
    if (open.has(this.folder)) throw inUse(this.folder);
    open.add(this.folder);
    try {
      this.library ??= loadLevel();
      return await work(this.library);
    } catch (error) {
      this.release();
      throw unavailable(this.folder, error);
    }
  }

  private async make(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const ignored = path.join(path.dirname(this.folder), '.gitignore');
    await writeFile(ignored, '*\n', { flag: 'wx' }).catch(() => undefined);
  }

  private async openLevel(library: LevelLibrary): Promise<Level> {
    // LevelDB would take this for an empty folder, and delete the tables that are there.
    if (this.exists && !this.files.includes('CURRENT')) throw new Damage('its file CURRENT is missing');
    return openLevel(library, this.folder);
  }

  private async openAndRead(library: LevelLibrary, unreadable: (key: string) => void): Promise<Recovered> {
    const level = await this.openLevel(library);
    return closedOnError(level, async () => {
      const version = Number((await level.get(versionRecord.key)) ?? VERSION);
      if (version > VERSION) throw newer(this.folder, version);
      const reader = new ContentsReader(unreadable);
      for await (const [key, value] of level.iterator({ fillCache: false })) reader.add(key, value);
      this.tellDropped();
      return { level, contents: reader.contents };
    });
  }

  /** LevelDB goes on after a part of its log that it cannot read, and says so only in its own report. */
  private tellDropped(): void {
    const report = readFileSync(path.join(this.folder, 'LOG'), 'utf8');
    const bytes = [...report.matchAll(/dropping (\d+) bytes/g)].reduce((sum, [, each]) => sum + Number(each), 0);
    if (bytes > 0) this.log(`${this.folder} was damaged: its last changes (${String(bytes)} bytes) could not be read`);
  }

  private async rescue(library: LevelLibrary, reason: string): Promise<Recovered> {
    const aside = await rescue(this.folder, library.file, this.clock.now());
    let lost = 0;
    const recovered = await this.openAndRead(library, () => lost++);
    const found = [...recovered.contents.queues.values()].reduce((sum, entries) => sum + entries.length, 0);
    this.log(
      `${this.folder} was damaged (${reason}): ${String(found)} messages could be read` +
        `${lost > 0 ? `, ${String(lost)} records could not` : ''}; the damaged files are kept in ${aside}`,
    );
    return recovered;
  }
}

async function closedOnError<T>(level: Level, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await level.close().catch(() => undefined);
    throw error;
  }
}
