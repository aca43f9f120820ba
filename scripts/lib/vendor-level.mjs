import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { at } from './paths.mjs';

/** LevelDB for Node, and the packages that it needs when it runs. */
export const levelPackages = [
  'abstract-level',
  'classic-level',
  'is-buffer',
  'level-supports',
  'level-transcoder',
  'maybe-combine-errors',
  'module-error',
  'node-gyp-build',
];

/**
 * The editor's name of a platform → the folder with LevelDB's binaries for it. Windows and Alpine have none on ARM: there the
 * file store says so, and the others work.
 */
const prebuilds = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-armhf': 'linux-arm',
  // That folder has a binary for musl as well.
  'alpine-x64': 'linux-x64',
  'alpine-arm64': undefined,
  'darwin-x64': 'darwin-x64+arm64',
  'darwin-arm64': 'darwin-x64+arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': undefined,
};

/** The licenses of what the binaries contain. */
const licenses = {
  LICENSE: 'LICENSE',
  'LICENSE.leveldb': 'deps/leveldb/leveldb-1.20/LICENSE',
  'LICENSE.snappy': 'deps/snappy/snappy/COPYING',
};

/**
 * Puts LevelDB where a VSIX, which has no node_modules, looks for it: one file of JavaScript, and the binaries beside it.
 * @param {string} folder
 * @param {string} [target] a platform as the editor names it; all of them when absent
 */
export async function vendorLevel(folder, target) {
  await esbuild.build({
    absWorkingDir: at('.'),
    entryPoints: [at('node_modules/classic-level/index.js')],
    outfile: join(folder, 'index.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'warning',
    legalComments: 'none',
  });
  const wanted = target === undefined ? Object.values(prebuilds) : [prebuilds[/** @type {'linux-x64'} */ (target)]];
  await mkdir(join(folder, 'prebuilds'), { recursive: true });
  for (const name of new Set(wanted.filter((each) => each !== undefined))) {
    await cp(at('node_modules/classic-level/prebuilds', name), join(folder, 'prebuilds', name), { recursive: true });
  }
  for (const [name, file] of Object.entries(licenses)) {
    await cp(at('node_modules/classic-level', file), join(folder, name));
  }
}
