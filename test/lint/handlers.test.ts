import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../lint/disk.js';
import { createLinter, languageOf } from '../../lint/index.js';

/**
 * Whole handlers as people write them. What a reviewer would say stands at the end of the line, as a mark that is taken out
 * before the linter sees the file; a file without marks is clean.
 */
const root = fileURLToPath(new URL('../fixtures/lint-handlers', import.meta.url));
const mark = /[ \t]*(?:\/\*!([\w, -]+)\*\/|#!([\w, -]+)$)/gm;

const names = (await readdir(root, { recursive: true })).filter((name) => languageOf(name) !== undefined).sort();
const sources = new Map<string, string>();
for (const name of names) sources.set(path.join(root, name), await readFile(path.join(root, name), 'utf8'));
const disk = diskFiles();
const linter = await createLinter({
  files: { ...disk, read: (file) => sources.get(file)?.replace(mark, '') ?? disk.read(file) },
});

function marked(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(mark)].flatMap((found) =>
        (found[1] ?? found[2] ?? '').split(',').map((rule) => `${String(index + 1)} ${rule.trim()}`),
      ),
    );
}

describe('handlers as people write them', () => {
  test.each(names)('%s', (name) => {
    const file = path.join(root, name);
    const text = sources.get(file) ?? '';
    const found = linter.lintText(text.replace(mark, ''), { file });
    expect(found.map((each) => `${String(each.range.start.line)} ${each.rule}`).sort()).toEqual(marked(text).sort());
  });
});
