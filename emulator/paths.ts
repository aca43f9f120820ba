import { existsSync } from 'node:fs';
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
/** Built dashboard. */
export const webviewDir = path.join(dist, 'webview');
/** esbuild as the VSIX brings it, where there is no node_modules. */
export const vendorDir = path.join(dist, 'vendor');
