import { compareVersions } from './knowledge/clients/index.js';
import { languageOf } from './language.js';
import type { ProjectFiles } from './project.js';

/** Which version of a package a project has: what is installed, else what it asks for at the least. */

/** Versions by name, as one file has them. */
type Pins = ReadonlyMap<string, string>;

const none: Pins = new Map();

/** What was read of each file, with the text that it was read from. */
const known = new WeakMap<ProjectFiles, Map<string, { text: string; pins: Pins }>>();

/**
 * The versions that the project has, as seen from one of its files.
 *
 * JavaScript: the nearest `node_modules/NAME/package.json`, else the lowest version that the nearest package.json allows.
 * Python: the nearest of Pipfile.lock, poetry.lock, requirements.txt and pyproject.toml that names the distribution. What
 * does not parse says nothing.
 *
 * @param from the file, absolute
 */
export function installedIn(files: ProjectFiles, from: string): (name: string) => string | undefined {
  const answers = new Map<string, string | undefined>();
  const find = languageOf(from) === 'python' ? pinned : installed;
  const folders = foldersAbove(from.replaceAll('\\', '/'));
  return (name) => {
    if (!answers.has(name)) answers.set(name, find(files, folders, name));
    return answers.get(name);
  };
}

function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) folders.push(file.slice(0, at));
  return file.startsWith('/') ? [...folders, ''] : folders;
}

function installed(files: ProjectFiles, folders: readonly string[], name: string): string | undefined {
  if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name)) return undefined;
  for (const folder of folders) {
    const path = `${folder}/node_modules/${name}/package.json`;
    const version = pinsOf(files, path, ownVersion).get('version');
    if (version !== undefined) return version;
  }
  for (const folder of folders) {
    const version = pinsOf(files, `${folder}/package.json`, npmRanges).get(name);
    if (version !== undefined) return version;
  }
  return undefined;
}

const pythonFiles: readonly (readonly [string, (text: string) => Pins])[] = [
  ['Pipfile.lock', pipfileLock],
  ['poetry.lock', poetryLock],
  ['requirements.txt', requirements],
  ['pyproject.toml', pyproject],
];

function pinned(files: ProjectFiles, folders: readonly string[], name: string): string | undefined {
  for (const folder of folders) {
    for (const [file, read] of pythonFiles) {
      const version = pinsOf(files, `${folder}/${file}`, read).get(distribution(name));
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

function pinsOf(files: ProjectFiles, path: string, read: (text: string) => Pins): Pins {
  const text = files.isFile(path) ? files.read(path) : undefined;
  if (text === undefined) return none;
  const cache = known.get(files) ?? new Map<string, { text: string; pins: Pins }>();
  known.set(files, cache);
  const cached = cache.get(path);
  if (cached?.text === text) return cached.pins;
  const pins = read(text);
  cache.set(path, { text, pins });
  return pins;
}

function ownVersion(text: string): Pins {
  const { version } = parsed(text);
  return typeof version === 'string' && /^\d/.test(version) ? new Map([['version', version]]) : none;
}

function npmRanges(text: string): Pins {
  const manifest = parsed(text);
  const pins = new Map<string, string>();
  for (const kind of ['peerDependencies', 'devDependencies', 'optionalDependencies', 'dependencies']) {
    for (const [name, range] of Object.entries(record(manifest[kind]))) {
      const lowest = typeof range === 'string' ? lowestOf(range) : undefined;
      if (lowest !== undefined) pins.set(name, lowest);
    }
  }
  return pins;
}

/** The lowest version of an npm range; undefined for tags, paths and addresses, and where only an upper end is given. */
export function lowestOf(range: string): string | undefined {
  const plain = range.replace(/^npm:.+@/, '').replace(/^workspace:/, '');
  if (/[:/]/.test(plain)) return undefined;
  const lows = plain.split('||').map((each) => /^\s*(?:\^|~|>=|>|=|v)?\s*v?(\d+(?:\.\d+)*)/.exec(each)?.[1]);
  if (lows.some((each) => each === undefined)) return undefined;
  return lows.filter((each) => each !== undefined).sort(compareVersions)[0];
}

function pipfileLock(text: string): Pins {
  const lock = parsed(text);
  const pins = new Map<string, string>();
  for (const [name, entry] of Object.entries(record(lock['default']))) {
    const { version } = record(entry);
    if (typeof version === 'string') pins.set(distribution(name), version.replace(/^==/, ''));
  }
  return pins;
}

function poetryLock(text: string): Pins {
  const entries = text.matchAll(/^name = "([^"]+)"\s*\nversion = "([^"]+)"/gm);
  return new Map([...entries].map(([, name = '', version = '']) => [distribution(name), version]));
}

const requirement = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*(?:===?|~=|>=)\s*(\d+(?:\.\d+)*)/;

function requirements(text: string): Pins {
  return fromRequirements(text.split('\n'));
}

function fromRequirements(lines: readonly string[]): Pins {
  const pins = new Map<string, string>();
  for (const line of lines) {
    const [, name, version] = requirement.exec(line) ?? [];
    if (name !== undefined && version !== undefined) pins.set(distribution(name), version);
  }
  return pins;
}

/** Dependencies as strings (PEP 621), and as keys of Poetry's table. */
function pyproject(text: string): Pins {
  const strings = [...text.matchAll(/["']([A-Za-z0-9][^"'\n]*)["']/g)].map(([, each = '']) => each);
  const poetry = /^\[tool\.poetry\.dependencies\]\s*\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  const keys = poetry.matchAll(/^([\w.-]+)\s*=\s*(?:\{[^}\n]*version\s*=\s*)?["']([^"'\n]+)["']/gm);
  const pins = new Map(fromRequirements(strings));
  for (const [, name = '', range = ''] of keys) {
    const lowest = lowestOf(range.replace(/^~=|^==/, ''));
    if (lowest !== undefined) pins.set(distribution(name), lowest);
  }
  return pins;
}

/** Names of distributions are the same whatever their case and separators are (PEP 503). */
function distribution(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
