import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The tsconfig files that a build depends on: an edit of one changes what the code becomes. */

/**
 * @param root absolute folder; nothing above it is looked at
 * @param inputs absolute paths of source files
 * @returns absolute paths of the nearest tsconfig.json of each, and of what those extend by a relative path
 */
export async function tsconfigsOf(root: string, inputs: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  const folders = new Set(inputs.map((file) => path.dirname(file)));
  await Promise.all([...folders].map((folder) => nearest(root, folder, found)));
  return [...found];
}

async function nearest(root: string, folder: string, found: Set<string>): Promise<void> {
  for (let at = folder; isWithin(root, at); at = path.dirname(at)) {
    if (await follow(path.join(at, 'tsconfig.json'), found)) return;
  }
}

/** @returns whether the file is there */
async function follow(file: string, found: Set<string>): Promise<boolean> {
  if (found.has(file)) return true;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return false;
  }
  found.add(file);
  for (const base of extended(text)) {
    const target = path.resolve(path.dirname(file), base);
    if (!(await follow(target, found))) await follow(`${target}.json`, found);
  }
  return true;
}

/** Relative paths of `extends`, read without a parser of the JSON with comments that these files are. */
function extended(text: string): readonly string[] {
  const value = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text)?.[1] ?? '';
  return [...value.matchAll(/"(\.{1,2}\/[^"]*)"/g)].map(([, file]) => file ?? '');
}

function isWithin(root: string, folder: string): boolean {
  const relative = path.relative(root, folder);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
