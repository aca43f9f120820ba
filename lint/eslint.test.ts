import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ESLint } from 'eslint';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import plugin from './eslint.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-eslint-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test('an ESLint that goes on running sees that an imported file has changed', async () => {
  const lib = path.join(folder, 'lib.mjs');
  await writeFile(lib, "import axios from 'axios';\nexport const http = axios;\n");
  await writeFile(
    path.join(folder, 'handler.mjs'),
    "import { http } from './lib.mjs';\nexport const handler = async () => (await http.get('https://a')).data;\n",
  );
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs.recommended],
  });
  const found = async (): Promise<(string | null)[]> =>
    (await eslint.lintFiles(['handler.mjs'])).flatMap((each) => each.messages.map((message) => message.ruleId));
  expect(await found()).toEqual(['faultline/missing-timeout']);
  await writeFile(lib, "import axios from 'axios';\nexport const http = axios.create({ timeout: 1000 });\n");
  // Another time of writing, whatever the file system's clock counts in, and another look at it.
  await utimes(lib, new Date(0), new Date(0));
  const later = performance.now() + 60_000;
  vi.spyOn(performance, 'now').mockReturnValue(later);
  expect(await found()).toEqual([]);
});
