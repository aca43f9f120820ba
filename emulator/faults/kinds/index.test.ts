import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultCatalog } from '../catalog.js';
import { kinds } from './index.js';

const here = new URL('./', import.meta.url);
const docs = new URL('../../../docs/faults/', import.meta.url);

describe('the fault kinds', () => {
  it('are in the registry when they have a file', () => {
    const files = readdirSync(here).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const names = files.map((name) => name.slice(0, -3)).filter((name) => name !== 'index');
    expect(names.sort()).toEqual(Object.keys(kinds).sort());
  });

  for (const { kind, title, summary, params, doc } of faultCatalog) {
    describe(kind, () => {
      it('has a test and a page that names every parameter with its default', () => {
        expect(existsSync(new URL(`${kind}.test.ts`, here))).toBe(true);
        expect(doc).toBe(`faults/${kind}.md`);
        const page = readFileSync(new URL(`${kind}.md`, docs), 'utf8');
        for (const [name, { default: value }] of Object.entries(params.properties ?? {})) {
          const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `));
          expect(row, `the row of ${name}`).toContain(
            `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``,
          );
        }
        for (const heading of ['Parameters', 'How it is realised', 'What it cannot reach', 'Examples']) {
          expect(page).toContain(`\n## ${heading}\n`);
        }
        expect(readFileSync(new URL('README.md', docs), 'utf8')).toContain(`](${kind}.md)`);
      });

      it('tells people what it is', () => {
        expect(title).not.toBe('');
        expect(summary).toMatch(/\.$/);
      });

      it('describes every parameter and has a default for it', () => {
        expect(params).toMatchObject({ type: 'object', additionalProperties: false });
        expect(params.required ?? []).toEqual([]);
        expect(Object.keys(params.properties ?? {}).length).toBeGreaterThan(0);
        for (const [name, schema] of Object.entries(params.properties ?? {})) {
          expect(schema.description, name).toBeTruthy();
          expect(schema.default, name).toBeDefined();
        }
      });

      it('works with nothing but its defaults', () => {
        const parsed = kinds[kind as keyof typeof kinds].params.parse({});
        expect(parsed).toEqual(
          Object.fromEntries(Object.entries(params.properties ?? {}).map(([name, schema]) => [name, schema.default])),
        );
      });
    });
  }
});
