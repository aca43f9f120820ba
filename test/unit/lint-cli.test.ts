import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The command line as it ships: what is loaded late is in the bundle, and has the names it is asked for. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-lint-cli-'));
  await writeFile(path.join(folder, 'a.mjs'), `await fetch('https://a');\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function lint(...args: string[]): Promise<{ code: number; text: string }> {
  const run = promisify(execFile)(process.execPath, [cli, 'lint', ...args], { cwd: folder });
  const { code, stdout, stderr } = await run.then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
  return { code, text: stdout + stderr };
}

test('a baseline that is torn is named with its place', async () => {
  await writeFile(path.join(folder, '.faultline-lint-baseline.json'), '{ "version": 1,\n');
  const { code, text } = await lint();
  expect(text).toMatch(/\.faultline-lint-baseline\.json is no baseline: not JSON/);
  expect(text).toMatch(/\.faultline-lint-baseline\.json:\d+:\d+/);
  expect(code).toBe(2);
  await rm(path.join(folder, '.faultline-lint-baseline.json'));
});

test('settings with globs and levels are read', async () => {
  await writeFile(
    path.join(folder, 'faultline.yaml'),
    'lint: { ignore: [other/**], rules: { missing-timeout: error } }\n',
  );
  expect(await lint()).toMatchObject({ code: 1, text: expect.stringContaining('1 error in 1 file') as string });
  await rm(path.join(folder, 'faultline.yaml'));
});
