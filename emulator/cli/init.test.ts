import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createWorkspace } from '../../test/support/workspace.js';
import { configSchema } from '../contract/config.js';
import { exportedHandler, findHandlers } from './find-handlers.js';
import { runCli } from './run.js';
import { testIo } from './fixture.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'faultline-init-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('handlers', () => {
  it.each([
    ['a.js', 'exports.handler = async () => 1;', 'handler'],
    ['a.js', 'module.exports.handler = () => 1;', 'handler'],
    ['a.js', 'module.exports = { other, handler };', 'handler'],
    ['a.ts', 'export const handler: Handler = async () => 1;', 'handler'],
    ['a.mjs', 'export async function handler(event) {}', 'handler'],
    ['a.mjs', 'export function lambdaHandler(event) {}', 'lambdaHandler'],
    ['a.mjs', 'const run = 1;\nexport { run as handler };', 'handler'],
    ['a.py', 'def lambda_handler(event, context):\n    pass', 'lambda_handler'],
    ['a.py', 'def handler(event: dict, _context) -> dict:\n    pass', 'handler'],
    ['a.py', '    def handler(event, context):', undefined],
    ['a.py', 'def handler(event):\n    pass', undefined],
    ['a.js', 'const handler = 1;', undefined],
    ['a.js', '// exports.handlers = 1', undefined],
    ['a.js', 'export const handlerFactory = 1;', undefined],
  ])('%s: %s', (file, text, expected) => {
    expect(exportedHandler(text, file)).toBe(expected);
  });

  it('are found below the folder, but not in tests, dependencies and builds; names are unique', async () => {
    const handler = 'export const handler = async () => 1;\n';
    const code = [
      'src/orders/index.ts',
      'src/stock/index.ts',
      'a/get.js',
      'b/get.js',
      'counter.py',
      'counter.js',
      'with space.js',
      'b-get.js',
    ];
    const none = [
      'node_modules/x/index.js',
      '.aws/x.js',
      'dist/get.js',
      'src/a.test.ts',
      'types.d.ts',
      'test_counter.py',
    ];
    const files = Object.fromEntries([...code, ...none].map((file) => [file, handler]));
    await using workspace = await createWorkspace({ ...files, 'counter.py': 'def handler(event, context): ...\n' });
    expect(await findHandlers(workspace.root)).toEqual([
      { name: 'b-get', handler: 'b-get.handler' },
      { name: 'counter', handler: 'counter.handler' },
      { name: 'get', handler: 'a/get.handler' },
      { name: 'b-get-2', handler: 'b/get.handler' },
      { name: 'orders', handler: 'src/orders/index.handler' },
      { name: 'stock', handler: 'src/stock/index.handler' },
    ]);
  });
});

describe('faultline init', () => {
  it('writes a config that is valid, and never overwrites it', async () => {
    await using workspace = await createWorkspace({ 'src/no.py': 'def handler(event, context): ...\n' });
    const io = testIo({ cwd: workspace.root });
    expect(await runCli(['init'], io)).toBe(0);
    const text = await readFile(path.join(workspace.root, 'faultline.yaml'), 'utf8');
    expect(configSchema.parse(parse(text)).functions).toHaveProperty('no.handler', 'src/no.handler');
    // What is commented out is valid too.
    const shown = text.replace(/^( *)# (?=\w+:(?!\/\/))/gm, '$1').replace(/^# {3}(?=STAGE)/gm, '  ');
    expect(configSchema.parse(parse(shown))).toMatchObject({ environment: { STAGE: 'local' } });
    expect(await runCli(['init'], io)).toBe(2);
    expect(io.err).toContain('there is a faultline.yaml already');
    expect(await readFile(path.join(workspace.root, 'faultline.yaml'), 'utf8')).toBe(text);
  });

  it('writes a handler to begin with where there is none', async () => {
    const io = testIo({ cwd: root });
    expect(await runCli(['init'], io)).toBe(0);
    expect(io.out).toContain('hello.mjs');
    expect(await readFile(path.join(root, 'faultline.yaml'), 'utf8')).toContain('handler: hello.handler');
    expect(await readFile(path.join(root, 'hello.mjs'), 'utf8')).toContain('export const handler');
  });
});
