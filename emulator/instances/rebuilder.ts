import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildContext as EsbuildContext, BuildOptions, BuildResult } from 'esbuild';
import type { Esbuild } from './vendor.js';

type Incremental = EsbuildContext<BuildOptions>;

/**
 * Builds of one function, again and again. From the second one on what has not changed since is not parsed again, which is
 * most of a bundle; a function that is never edited does not pay the memory for it.
 */
class Rebuilder {
  private builds = 0;
  private incremental: Promise<Incremental> | undefined;

  /** @param given the same every time; `write: false` */
  async build(esbuild: Esbuild, given: BuildOptions): Promise<BuildResult> {
    if (this.builds++ === 0) return esbuild.build(given);
    this.incremental ??= esbuild.context(given);
    const context = await this.incremental;
    return context.rebuild();
  }

  dispose(): void {
    this.incremental?.then((context) => context.dispose()).catch(() => undefined);
  }
}

const rebuilders = new Map<string, Rebuilder>();

/** @param key of the function: the folder of its bundles */
export function rebuilderOf(key: string): Rebuilder {
  let rebuilder = rebuilders.get(key);
  if (!rebuilder) rebuilders.set(key, (rebuilder = new Rebuilder()));
  return rebuilder;
}

/** Nothing more is built in this folder. */
export function forgetRebuilder(key: string): void {
  rebuilders.get(key)?.dispose();
  rebuilders.delete(key);
}

/** Writes a bundle and its map under a name of their own: each version of a function has files that stay. */
export async function writeBundle({ outputFiles = [] }: BuildResult, outfile: string): Promise<void> {
  await Promise.all(
    outputFiles.map((file) => {
      if (file.path.endsWith('.map')) return writeFile(`${outfile}.map`, file.contents);
      return writeFile(outfile, `${file.text}//# sourceMappingURL=${path.basename(outfile)}.map\n`);
    }),
  );
}
