import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the shipped files are that are not bundled: `dist/` when built, the source tree in development and in tests. The
 * only place that knows both layouts.
 */

const here = path.dirname(fileURLToPath(import.meta.url));

/** The package's own folder: the nearest one upward with a package.json named faultline. */
function packageFolder(): string {
  for (let folder = here; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) return here;
  }
}

const folder = packageFolder();
const dist = path.join(folder, 'dist');
/** True when this very file runs from `dist/`. */
const built = here === dist || here.startsWith(dist + path.sep);

/** Bootstraps of the runtimes, shipped verbatim. */
export const runtimesDir = built ? path.join(dist, 'runtimes') : path.join(folder, 'emulator/instances/runtimes');
/** What repairs a damaged store, as a process of its own; shipped verbatim. */
export const rescueScript = path.join(
  built ? runtimesDir : path.join(folder, 'emulator/delivery/stores'),
  'level-rescue.cjs',
);
/** Built dashboard. */
export const webviewDir = path.join(dist, 'webview');
/** esbuild as the VSIX brings it, where there is no node_modules. */
export const vendorDir = path.join(dist, 'vendor');

/**
 * A folder for the bundles of one emulator: in the workspace's `.faultline`, kept out of version control, so that packages
 * that are not bundled are still found; in the temporary folder where the workspace cannot be written.
 */
export function createBuildFolder(root: string): { readonly path: string; remove(): void } {
  const build = inWorkspace(root) ?? mkdtempSync(path.join(os.tmpdir(), 'faultline-build-'));
  return { path: build, remove: () => rmSync(build, { recursive: true, force: true }) };
}

function inWorkspace(root: string): string | undefined {
  const own = path.join(root, '.faultline');
  const build = path.join(own, `build-${String(process.pid)}-${randomBytes(3).toString('hex')}`);
  try {
    mkdirSync(build, { recursive: true });
    writeFileSync(path.join(own, '.gitignore'), '*\n');
    return build;
  } catch {
    return undefined;
  }
}
