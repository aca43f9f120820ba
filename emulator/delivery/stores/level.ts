import { createRequire } from 'node:module';
import path from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { vendorDir } from '../../paths.js';

/** LevelDB with text keys and values. */
export type Level = ClassicLevel;

export interface LevelLibrary {
  readonly ClassicLevel: typeof ClassicLevel;
  /** What it was loaded from. */
  readonly file: string;
}

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Nothing is read twice, so blocks need no cache, bytes. */
const CACHE = 64 * 1_024;
/** What LevelDB gathers in memory before it writes a table, bytes: half of its default, for a small resident size. */
const WRITE_BUFFER = 2 * 1_024 * 1_024;

/**
 * `classic-level`, when it is first needed: the installed one, else the one that a VSIX brings along.
 * @throws Error on a platform that it has no binary for
 */
export function loadLevel(): LevelLibrary {
  const require = createRequire(import.meta.url);
  const errors: string[] = [];
  for (const place of ['classic-level', path.join(vendorDir, 'classic-level/index.cjs')]) {
    try {
      const file = require.resolve(place);
      return { ...(require(file) as Pick<LevelLibrary, 'ClassicLevel'>), file };
    } catch (error) {
      errors.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw new Error(`LevelDB could not be loaded: ${errors.join('; ')}`);
}

/** @throws what level-errors.ts understands */
export async function openLevel({ ClassicLevel }: LevelLibrary, folder: string): Promise<Level> {
  const level = new ClassicLevel(folder, { cacheSize: CACHE, writeBufferSize: WRITE_BUFFER });
  await level.open();
  return level;
}
