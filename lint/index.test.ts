import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { applyEdits, compatibleFixes, createLinter, languageOf } from './index.js';
import { rules } from './rules/index.js';
import { deployedWith } from './testing.js';

describe('languageOf', () => {
  test.each([
    ['a.js', 'javascript'],
    ['a.mjs', 'javascript'],
    ['a.cjs', 'javascript'],
    ['a.jsx', 'javascript'],
    ['a.ts', 'typescript'],
    ['a.mts', 'typescript'],
    ['a.cts', 'typescript'],
    ['/x/A.TSX', 'typescript'],
    ['a.py', 'python'],
    ['a.d.ts', undefined],
    ['a.d.mts', undefined],
    ['Makefile', undefined],
    ['a.json', undefined],
  ])('%s is %s', (file, language) => {
    expect(languageOf(file)).toBe(language);
  });
});

describe('a file that does not parse', () => {
  test.each([
    ['a.js', "await fetch('https://a');\nconst x = ;\n", 2, 11],
    ['a.ts', 'const a: = 1;\n', 1, 10],
    ['a.py', 'import requests\nrequests.get(u)\ndef f(:\n  pass\n', 3, 7],
    ['a.py', 'x = [1, 2\n', 1, 0],
  ])('%s gives one finding at the place: %j', async (file, text, line, column) => {
    const linter = await createLinter();
    const findings = linter.lintText(text, { file });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ rule: 'syntax-error', severity: 'error', file });
    expect(findings[0]?.message).toMatch(/^This file does not parse, so the platform cannot load it/);
    expect(findings[0]?.message).not.toContain('Parsing error');
    expect(findings[0]?.range.start.line).toBe(line);
    if (column > 0) expect(findings[0]?.range.start.column).toBe(column);
  });

  test.each([
    ['a.js', '#!/usr/bin/env node\nawait import("x");\n'],
    ['a.js', '/* eslint-env node */\nmodule.exports = {};\n'],
    ['a.cjs', 'const x = require("x");\nif (x) return;\n'],
    ['a.ts', 'enum A { B }\nconst x = <number>y;\n@d class C {}\n'],
    ['a.tsx', 'export const A = <T,>(p: T) => <b>{String(p)}</b>;\n'],
    ['a.py', 'match x:\n    case {"a": 1}: pass\nprint(f"{x!r:>{w}}")\n'],
    ['a.py', ''],
    ['a.ts', ''],
  ])('%s parses: %j', async (file, text) => {
    const linter = await createLinter();
    expect(linter.lintText(text, { file })).toEqual([]);
  });
});

describe('a rule that throws', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    ['a.js', "await fetch('https://a');", 'javascript'],
    ['a.py', 'import requests\nrequests.get(u)', 'python'],
  ] as const)('is one finding in %s, and the others go on', async (file, text, language) => {
    const half = rules['floating-promise'][language];
    if (half === undefined) throw new Error('the rule has both languages');
    vi.spyOn(half, 'create').mockImplementation(() => {
      throw new Error('boom');
    });
    const linter = await createLinter();
    const findings = linter.lintText(text, { file });
    expect(findings.map((each) => each.rule).sort()).toEqual(['internal-error', 'missing-timeout']);
    const own = findings.find((each) => each.rule === 'internal-error');
    expect(own?.message).toContain('floating-promise');
    expect(own?.message).toContain(file);
    expect(own?.message).toContain('boom');
  });
});

describe('settings', () => {
  const text = `import Stripe from 'stripe';\nexport const stripe = new Stripe(key);\nexport const f = () => fetch('https://a');\n`;

  test('a rule can be switched off', async () => {
    const linter = await createLinter({ rules: { 'missing-timeout': 'off' } });
    expect(linter.lintText(text, { file: 'a.js' })).toEqual([]);
  });

  test('a louder severity leaves the quiet messages quiet', async () => {
    const linter = await createLinter({ rules: { 'missing-timeout': 'error' } });
    expect(linter.lintText(text, { file: 'a.js' }).map((each) => each.severity)).toEqual(['info', 'error']);
  });

  test('a language that was not asked for gives nothing', async () => {
    const linter = await createLinter({ languages: ['python'] });
    expect(linter.lintText(text, { file: 'a.js' })).toEqual([]);
    expect(linter.lintText('import requests\nrequests.get(u)', { file: 'a.py' })).toHaveLength(1);
  });

  test('the WebAssembly may be given as bytes', async () => {
    const require = createRequire(import.meta.url);
    const linter = await createLinter({
      pythonWasm: {
        runtime: await readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
        grammar: await readFile(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
      },
    });
    expect(linter.lintText('import requests\nrequests.get(u)', { file: 'a.py' })).toHaveLength(1);
  });

  test('the language of a text may be told, whatever it is called', async () => {
    const linter = await createLinter();
    expect(
      linter.lintText('await fetch("https://a" as string)', { file: 'untitled:1', language: 'typescript' }),
    ).toHaveLength(1);
  });
});

test('columns count UTF-16 units, as editors do, in both languages', async () => {
  const linter = await createLinter();
  const js = linter.lintText(`const a = '🙂'; await fetch('https://a');`, { file: 'a.mjs' })[0];
  expect(js?.range).toEqual({ start: { line: 1, column: 23 }, end: { line: 1, column: 41 } });
  const text = `import requests\ns = "🙂"; requests.get(u)`;
  const python = linter.lintText(text, { file: 'a.py' })[0];
  expect(python?.range).toEqual({ start: { line: 2, column: 11 }, end: { line: 2, column: 26 } });
  expect(python?.fixes?.[0] && applyEdits(text, python.fixes[0].edits)).toBe(
    `import requests\ns = "🙂"; requests.get(u, timeout=2.5)`,
  );
});

test('Windows line ends change neither places nor fixes', async () => {
  const linter = await createLinter();
  const found = linter.lintText(`const a = 1;\r\nawait fetch('https://a');\r\n`, { file: 'a.mjs' })[0];
  expect(found?.range.start).toEqual({ line: 2, column: 7 });
});

test('the same text gives the same findings, in the order of the text', async () => {
  const linter = await createLinter();
  const text = `export const handler = async (event) => {\n  fetch(event.rawPath);\n  items.forEach(async () => {});\n  await fetch('https://b');\n  return { statusCode: 200 };\n};\n`;
  const first = linter.lintText(text, { file: 'a.mjs' });
  expect(linter.lintText(text, { file: 'a.mjs' })).toEqual(first);
  expect(first.map((each) => `${String(each.range.start.line)} ${each.rule}`)).toEqual([
    '2 floating-promise',
    '2 missing-timeout',
    '3 floating-promise',
    '4 missing-timeout',
    '4 unhandled-io',
  ]);
});

test('two fixes of the same place are not applied together', async () => {
  const linter = await createLinter({ surroundings: deployedWith(3_000) });
  const text = `await fetch('https://a');\nawait fetch('https://b');\n`;
  const fixes = compatibleFixes(linter.lintText(text, { file: 'a.mjs' }));
  expect(
    applyEdits(
      text,
      fixes.flatMap((each) => each.edits),
    ),
  ).toBe(
    `await fetch('https://a', { signal: AbortSignal.timeout(2700) });\nawait fetch('https://b', { signal: AbortSignal.timeout(2700) });\n`,
  );
  expect(
    compatibleFixes([...linter.lintText(text, { file: 'a' + '.mjs' }), ...linter.lintText(text, { file: 'a.mjs' })]),
  ).toHaveLength(2);
});
