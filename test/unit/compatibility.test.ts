import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** docs/compatibility.md claims behaviours; every claim names the test that holds it. */

interface Row {
  readonly behaviour: string;
  readonly source: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  readonly state: string;
}

/** Rows of all tables of the page: behaviour, source, `file › title` (several: <br>), pass or gap. */
function rowsOf(page: string): Row[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| behaviour'))
    .map((line) => {
      const cells = line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
      const [behaviour = '', source = '', tests = '', state = ''] = cells;
      return {
        behaviour,
        source,
        state,
        tests: [...tests.matchAll(/`([^`›]+?) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({ file, title })),
      };
    });
}

const rows = rowsOf(await readFile('docs/compatibility.md', 'utf8'));
const texts = new Map<string, Promise<string>>();
const textOf = (file: string): Promise<string> => {
  if (!texts.has(file)) texts.set(file, readFile(file, 'utf8'));
  return texts.get(file) as Promise<string>;
};

describe('the compatibility table', () => {
  it('has rows, each with a source and a state', () => {
    expect(rows.length).toBeGreaterThan(50);
    for (const { behaviour, source, state } of rows) {
      expect(source, behaviour).not.toBe('');
      expect(state, behaviour).toMatch(/^(pass|gap: .+)$/);
    }
  });

  it('names a test for everything that passes', () => {
    expect(rows.filter(({ state, tests }) => state === 'pass' && tests.length === 0)).toEqual([]);
  });

  it.each(rows.flatMap(({ tests }) => tests).map(({ file, title }) => [file, title] as const))(
    '%s › %s is there',
    async (file, title) => {
      const text = (await textOf(file)).replaceAll("\\'", "'");
      expect(text.includes(title), `${file} has a test that is called so`).toBe(true);
    },
  );
});
