import path from 'node:path';
import { pathToFileURL } from 'node:url';

export type Esbuild = typeof import('esbuild');

let loading: Promise<Esbuild> | undefined;

/**
 * esbuild, when it is first needed: the installed one, else the one that a VSIX brings along.
 * @param vendorDir absolute folder with `esbuild/` or `esbuild-wasm/`
 * @throws Error when there is none
 */
export function loadEsbuild(vendorDir: string | undefined): Promise<Esbuild> {
  loading ??= load(vendorDir).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(vendorDir: string | undefined): Promise<Esbuild> {
  const places = vendorDir
    ? ['esbuild', 'esbuild-wasm'].map((name) => pathToFileURL(path.join(vendorDir, name, 'lib/main.js')).href)
    : [];
  const errors: string[] = [];
  for (const place of ['esbuild', ...places]) {
    try {
      const module = (await import(place)) as Esbuild & { default?: Esbuild };
      const esbuild = module.default ?? module;
      // Loading succeeds without the platform's binary; only a run shows whether it is there.
      await esbuild.transform('');
      return esbuild;
    } catch (error) {
      errors.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw new Error(`esbuild, which TypeScript handlers are built with, could not be loaded: ${errors.join('; ')}`);
}
