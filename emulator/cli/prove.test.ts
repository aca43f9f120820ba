import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultlineError } from '../contract/errors.js';
import type { Finding } from '../contract/findings.js';
import type { Emulator, StartEmulator } from '../contract/library.js';
import { startEmulator } from '../emulator.js';
import { testIo } from './fixture.js';
import { runLint } from './lint.js';
import { proveArguments } from './prove-arguments.js';

/** `lint --prove` on a project of two functions: one whose body is parsed unguarded, one where a wrapper catches. */

let root: string;
let started: Emulator[];
const start: StartEmulator = async (options) => {
  const emulator = await startEmulator(options);
  started.push(emulator);
  return emulator;
};

beforeEach(async () => {
  started = [];
  root = await mkdtemp(path.join(tmpdir(), 'faultline-prove-'));
  await writeFile(
    path.join(root, 'faultline.yaml'),
    `functions:
  bare: { handler: bare.handler, events: [{ http: POST /bare }] }
  exits: { handler: exits.handler, events: [{ http: POST /exits }] }
`,
  );
  await writeFile(
    path.join(root, 'bare.mjs'),
    'export const handler = async (event) => ({ statusCode: 200, body: JSON.parse(event.body).id });\n',
  );
  await writeFile(
    path.join(root, 'exits.mjs'),
    "export const handler = async () => {\n  if (process.env.NEVER === 'set') process.exit(1);\n  return { statusCode: 200 };\n};\n",
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Told {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
}

async function lint(prove: string | boolean, signal?: AbortSignal): Promise<Told> {
  let text = '';
  const io = { ...testIo(), cwd: root, stdout: (part: string) => void (text += part), ...(signal ? { signal } : {}) };
  const exitCode = await runLint([], { format: 'json', cache: false, prove }, io, { start });
  return { exitCode, findings: text === '' ? [] : (JSON.parse(text) as Told).findings };
}

const about = (told: Told, rule: string): Finding | undefined => told.findings.find((each) => each.rule === rule);
const gone = async ({ url }: Emulator): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

it('marks what is so and what is not, with the invocation, and leaves no emulator behind', async () => {
  const told = await lint(true);
  expect(about(told, 'unsafe-parse')).toMatchObject({
    severity: 'warning',
    proof: {
      function: 'bare',
      result: {
        verdict: 'confirmed',
        text: expect.stringContaining('bare failed after') as string,
        record: { function: 'bare', error: { kind: 'function', type: 'SyntaxError' } },
      },
    },
  });
  expect(about(told, 'unsafe-parse')?.proof?.result?.record?.log.join('')).toContain('Invoke Error');
  expect(about(told, 'process-exit')).toMatchObject({ severity: 'info', proof: { result: { verdict: 'refuted' } } });
  expect(told.exitCode).toBe(1);
  expect(started).toHaveLength(1);
  expect(await Promise.all(started.map(gone))).toEqual([true]);
});

it('one by its fingerprint; the others are told without a proof', async () => {
  const all = await lint(false);
  expect(started).toEqual([]);
  const told = await lint(about(all, 'unsafe-parse')?.fingerprint ?? '');
  expect(about(told, 'unsafe-parse')?.proof?.result?.verdict).toBe('confirmed');
  expect(about(told, 'process-exit')?.proof?.result).toBeUndefined();
});

it('a fingerprint that no finding has is a wrong use', async () => {
  await expect(lint('0123456789abcdef')).rejects.toThrow('no finding has the fingerprint 0123456789abcdef');
  expect(started).toEqual([]);
});

it('what keeps the emulator from starting is told with each finding, and proves nothing', async () => {
  const failing: StartEmulator = () => Promise.reject(new FaultlineError('PORT_IN_USE', 'the port is taken'));
  let text = '';
  const io = { ...testIo(), cwd: root, stdout: (part: string) => void (text += part) };
  expect(await runLint([], { cache: false, prove: true }, io, { start: failing })).toBe(1);
  expect(text).toContain('inconclusive: It cannot be proved: the port is taken.');
});

it('Ctrl+C ends it, and the emulator with it', async () => {
  const controller = new AbortController();
  const interrupted: StartEmulator = async (options) => {
    const emulator = await start(options);
    controller.abort();
    return emulator;
  };
  const io = { ...testIo(), cwd: root, signal: controller.signal };
  await runLint([], { format: 'json', cache: false, prove: true }, io, { start: interrupted });
  expect(await Promise.all(started.map(gone))).toEqual([true]);
});

it.each([
  [['src'], true, ['src'], true],
  [[], 'src', ['src'], true],
  [['src'], '0123456789abcdef', ['src'], '0123456789abcdef'],
  [['src'], undefined, ['src'], false],
])('paths %j and --prove %j', (given, option, paths, prove) => {
  expect(proveArguments(given, option)).toEqual({ paths, prove });
});
