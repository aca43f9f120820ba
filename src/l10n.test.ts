import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Every text that users see is in the bundle that translators start from, and nothing else is. */

const sources = ['src', 'media', 'emulator/contract'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
);

const texts = sources.flatMap((source) =>
  [...source.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text.replace(/\\'/g, "'")),
);

it('the bundle has every text', () => {
  const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, string>;
  expect(Object.keys(bundle)).toEqual([...new Set(texts)].sort());
});
