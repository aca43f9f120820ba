import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LintClient } from '../../src/lint-client.js';

/** The editor's linter as it ships: what an open document imports may be open as well, and newer than on the disk. */
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const errors: string[] = [];
const client = new LintClient(
  path.join(dist, 'lint-worker.cjs'),
  {
    wasm: {
      runtime: path.join(dist, 'lint/web-tree-sitter.wasm'),
      grammar: path.join(dist, 'lint/tree-sitter-python.wasm'),
    },
  },
  (message) => errors.push(message),
);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-lint-'));
});
afterAll(async () => {
  client.dispose();
  await rm(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

const handler = `import { http } from './http.mjs';\nexport const handler = async () => (await http.get('https://a')).data;\n`;
const unbounded = `import axios from 'axios';\nexport const http = axios;\n`;
const bounded = `import axios from 'axios';\nexport const http = axios.create({ timeout: 1000 });\n`;

test('lints as the configuration above the file says', async () => {
  const file = path.join(folder, 'set.mjs');
  const config = path.join(folder, 'faultline.yaml');
  const lint = async (): Promise<string[]> => {
    const { findings } = await client.lint({ file, text: `await fetch('https://a');\n`, functions: [] });
    return findings.map((each) => `${each.severity} ${each.rule}`);
  };
  expect(await lint()).toEqual(['warning missing-timeout']);
  await writeFile(config, 'lint: { rules: { missing-timeout: error } }\n');
  expect(await lint()).toEqual(['error missing-timeout']);
  await writeFile(config, 'lint: { ignore: [set.mjs] }  # not this one\n');
  expect(await lint()).toEqual([]);
  await writeFile(config, 'lint: { rules: { no-such-rule: error } }  # counts as none\n');
  expect(await lint()).toEqual(['warning missing-timeout']);
  await rm(config);
});

test('follows imports through the open documents, and says whose findings may have changed', async () => {
  const at = (name: string): string => path.join(folder, name);
  const lint = async (name: string, text: string): Promise<{ rules: string[]; importing: string[] }> => {
    const { findings, importing } = await client.lint({ file: at(name), text, functions: [] });
    return { rules: findings.map((each) => each.rule), importing: importing.map((each) => path.basename(each)) };
  };
  await writeFile(at('http.mjs'), unbounded);
  expect(await lint('handler.mjs', handler)).toEqual({ rules: ['missing-timeout'], importing: [] });
  // Open now, and edited: not saved.
  expect(await lint('http.mjs', bounded)).toEqual({ rules: [], importing: ['handler.mjs'] });
  expect(await lint('handler.mjs', handler)).toEqual({ rules: [], importing: [] });
  expect(await lint('http.mjs', bounded)).toEqual({ rules: [], importing: [] });
  // Closed without saving.
  client.forget(at('http.mjs'), true);
  expect(await lint('handler.mjs', handler)).toEqual({ rules: ['missing-timeout'], importing: [] });
});
