import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must } from './exec.mjs';
import { StepError } from './steps.mjs';

/** Debian package → commands that show it is there, the usual one first. */
const wanted = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  ripgrep: ['rg'],
  prometheus: ['prometheus'],
  // Started by the tests of the Redis store themselves; nothing of it is needed as a service.
  'redis-server': ['redis-server'],
  // Shell scripts as bootstraps use it.
  curl: ['curl'],
  // The editor's native modules are compiled on this machine.
  'g++': ['g++', 'c++'],
  make: ['make'],
  python3: ['python3'],
  // So is half of AWS's runtime client.
  cmake: ['cmake3', 'cmake'],
  'libcurl4-openssl-dev': ['curl-config'],
};

/** The browser paints no text, and so lays nothing out, on a machine without a single font. */
const fonts = { name: 'fonts-dejavu-core', folder: '/usr/share/fonts' };

/** Absolute path of the first of these commands that is on PATH. @param {readonly string[]} commands */
export function findCommand(commands) {
  for (const command of commands) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
      const file = join(folder, command);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** The browser that shows the editor: `FAULTLINE_CHROMIUM`, or the first one on PATH. */
export function findChromium() {
  const file = process.env['FAULTLINE_CHROMIUM'] ?? findCommand(wanted.chromium);
  if (file === undefined) throw new StepError('No chromium on PATH. Run: node scripts/tools.mjs');
  return file;
}

function missing() {
  const names = Object.entries(wanted).filter(([, commands]) => findCommand(commands) === undefined);
  return [...names.map(([name]) => name), ...(existsSync(fonts.folder) ? [] : [fonts.name])];
}

/** apt-get with the rights it needs, or undefined where it cannot be used. */
function aptGet() {
  if (findCommand(['apt-get']) === undefined) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return findCommand(['sudo']) === undefined ? undefined : ['sudo', '-n', 'apt-get'];
}

/** Installs the system packages that are missing; an error names what is left to be installed by hand. */
export async function aptPackages() {
  const names = missing();
  if (names.length === 0) return 'there already';
  const apt = aptGet();
  if (apt === undefined) throw new StepError(`Install by hand, there is no apt here: ${names.join(', ')}`);
  const run = (/** @type {string[]} */ ...args) => {
    const [command, ...rest] = /** @type {[string, ...string[]]} */ ([...apt, '-qq', ...args]);
    return must(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 });
  };
  const install = () => run('install', '-y', '--no-install-recommends', ...names);
  // The package lists of a fresh image are empty or old; those of a used one are fine and need no refresh.
  await install().catch(() => run('update').then(install));
  const left = missing();
  if (left.length > 0) throw new StepError(`apt installed them, but these are not on PATH: ${left.join(', ')}`);
  return `installed ${names.join(', ')}`;
}
