import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface FoundHandler {
  /** Name of the function, from its path. */
  readonly name: string;
  /** `src/counter.handler`, as the config wants it. */
  readonly handler: string;
}

/** Folders without code of the user's own. */
const SKIPPED = /^(?:\..*|node_modules|dist|build|out|coverage|venv|env|__pycache__|site-packages|tests?|__tests__)$/;
const TESTS = /(?:\.(?:test|spec|d)\.[cm]?[jt]s|(?:^|[\\/])test_[^\\/]*\.py|_test\.py)$/;
const MAX_DEPTH = 5;
const MAX_FILES = 2_000;
/** A handler's file is not that long; bundles are. */
const MAX_BYTES = 512_000;

/** How a handler is exported, per ending. The name is the first group that matched. */
const PATTERNS: Readonly<Record<string, readonly RegExp[]>> = {
  js: [
    /^\s*(?:module\.)?exports\.(handler|lambdaHandler)\s*=/m,
    /^\s*export\s+(?:const|let|var)\s+(handler|lambdaHandler)\b/m,
    /^\s*export\s+(?:async\s+)?function\s+(handler|lambdaHandler)\b/m,
    /^\s*export\s*\{[^}]*?\b(?:\w+\s+as\s+)?(handler|lambdaHandler)\b[^}]*\}/m,
    /^\s*module\.exports\s*=\s*\{[^}]*?\b(handler|lambdaHandler)\b/m,
  ],
  py: [/^(?:async\s+)?def\s+(lambda_handler|handler)\s*\(\s*\w+[^,)]*,\s*\w+/m],
};

/** Handlers by what is conventional; what is exported under another name must be written by hand. */
export async function findHandlers(root: string): Promise<FoundHandler[]> {
  const found: { file: string; exported: string }[] = [];
  for (const file of await sourceFiles(root)) {
    const exported = exportedHandler(await readFile(path.join(root, file), 'utf8').catch(() => ''), file);
    if (exported !== undefined) found.push({ file, exported });
  }
  const names = new Set<string>();
  const handlers = new Set<string>();
  return found.flatMap(({ file, exported }) => {
    const stem = file.slice(0, -path.extname(file).length).split(path.sep).join('/');
    const handler = `${stem}.${exported}`;
    // A config has no place for spaces, nor for the same name in two languages: the first one would be taken for both.
    if (/\s/.test(handler) || handlers.has(handler)) return [];
    handlers.add(handler);
    return [{ name: uniqueName(stem, names), handler }];
  });
}

/** @returns the exported name, `handler` or `lambda_handler` */
export function exportedHandler(text: string, file: string): string | undefined {
  if (text.length > MAX_BYTES) return undefined;
  const patterns = PATTERNS[file.endsWith('.py') ? 'py' : 'js'] ?? [];
  for (const pattern of patterns) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Relative paths, sorted, breadth first. */
async function sourceFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  let folders = [''];
  for (let depth = 0; depth <= MAX_DEPTH && folders.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const relative = path.join(folder, entry.name);
        if (entry.isDirectory() && !SKIPPED.test(entry.name)) below.push(relative);
        if (entry.isFile() && /\.(?:[cm]?[jt]s|py)$/.test(entry.name) && !TESTS.test(relative)) files.push(relative);
      }
      if (files.length >= MAX_FILES) return files.slice(0, MAX_FILES);
    }
    folders = below;
  }
  return files;
}

/** `src/orders/index` is `orders`, `orders/create` is `create`, or `orders-create` where that is taken. */
function uniqueName(stem: string, taken: Set<string>): string {
  const parts = stem
    .split('/')
    .filter((part, i, all) => !(i === all.length - 1 && i > 0 && /^(index|main|app|handler)$/.test(part)));
  const clean = (text: string): string =>
    text
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(-60) || 'function';
  let name = '';
  for (let from = parts.length - 1; from >= 0; from--) {
    name = clean(parts.slice(from).join('-'));
    if (!taken.has(name)) break;
  }
  // `a/b` and `a-b`: a-b, a-b-2.
  const base = name;
  for (let n = 2; taken.has(name); n++) name = `${base}-${String(n)}`;
  taken.add(name);
  return name;
}
