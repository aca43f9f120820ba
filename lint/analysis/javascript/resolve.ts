import type { ProjectFiles } from '../../project.js';

/** Endings that an import may leave out, and what a compiled ending was written as. */
const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
  '.jsx': ['.tsx', '.jsx'],
};

/**
 * The project's file that an import names: relative, through `paths` and `baseUrl` of the nearest tsconfig.json or
 * jsconfig.json, or `#name` of package.json. Undefined for packages.
 */
export function resolveImport(files: ProjectFiles, from: string, specifier: string): string | undefined {
  const folder = parent(from);
  if (/^\.{1,2}(\/|$)/.test(specifier)) return asFile(files, join(folder, specifier));
  if (specifier.startsWith('/')) return asFile(files, specifier);
  return throughPaths(files, folder, specifier);
}

function asFile(files: ProjectFiles, path: string): string | undefined {
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
  const stem = path.slice(0, path.length - ending.length);
  const written = (sources[ending] ?? []).map((each) => stem + each);
  const candidates = [
    ...written,
    path,
    ...endings.map((each) => path + each),
    ...endings.map((each) => `${path}/index${each}`),
  ];
  return candidates.find((each) => endings.some((ending) => each.endsWith(ending)) && files.isFile(each));
}

interface Paths {
  readonly base: string;
  readonly entries: readonly (readonly [string, readonly string[]])[];
}

const none: Paths = { base: '', entries: [] };
const known = new WeakMap<ProjectFiles, Map<string, Paths>>();

function throughPaths(files: ProjectFiles, folder: string, specifier: string): string | undefined {
  const { base, entries } = pathsOf(files, folder);
  for (const [pattern, targets] of entries) {
    const [before = '', after] = pattern.split('*');
    const fits =
      after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
    if (!fits) continue;
    const rest = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
    for (const target of targets) {
      const found = asFile(files, join(base, target.replace('*', rest)));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The aliases that hold in a folder: those of the nearest configuration above it. */
function pathsOf(files: ProjectFiles, folder: string): Paths {
  const cache = known.get(files) ?? new Map<string, Paths>();
  known.set(files, cache);
  const cached = cache.get(folder);
  if (cached !== undefined) return cached;
  const above = parent(folder);
  const found = configured(files, folder) ?? (above === folder ? none : pathsOf(files, above));
  cache.set(folder, found);
  return found;
}

function configured(files: ProjectFiles, folder: string, depth = 0, name?: string): Paths | undefined {
  for (const file of name === undefined ? ['tsconfig.json', 'jsconfig.json'] : [name]) {
    const path = join(folder, file);
    const text = files.isFile(path) ? files.read(path) : undefined;
    if (text === undefined) continue;
    const config = parsed(text);
    const options = record(config['compilerOptions']);
    const baseUrl = options['baseUrl'];
    const base = typeof baseUrl === 'string' ? join(parent(path), baseUrl) : parent(path);
    const entries = Object.entries(record(options['paths'])).flatMap(([pattern, targets]) =>
      Array.isArray(targets) ? [[pattern, targets.filter((each) => typeof each === 'string')] as const] : [],
    );
    const rest = typeof baseUrl === 'string' ? [['*', ['*']] as const] : [];
    if (entries.length > 0 || rest.length > 0) return { base, entries: [...entries, ...rest] };
    const extended = config['extends'];
    if (depth > 4 || typeof extended !== 'string' || !extended.startsWith('.')) return none;
    const target = extended.endsWith('.json') ? extended : `${extended}.json`;
    return configured(files, parent(path), depth + 1, target) ?? none;
  }
  return undefined;
}

/** JSON with comments and trailing commas, as tsconfig.json may be; what does not parse says nothing. */
function parsed(text: string): Record<string, unknown> {
  const plain = text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted: string | undefined) => quoted ?? '')
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? '');
  try {
    return record(JSON.parse(plain));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parent(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** Joins with forward slashes and resolves `.` and `..`: `node:path` differs between platforms, and between hosts. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const start = /^[A-Za-z]:/.test(folder) ? '' : '/';
  return start + parts.join('/');
}
