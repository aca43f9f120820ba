import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { createWorkspace, until, type TestWorkspace } from '../support/workspace.js';

/** Edits while requests come in at a constant rate: every request is answered, by a version that was there. */

/** In every run; 50 and more by hand. */
const RELOADS = Number(process.env['FAULTLINE_RELOADS'] ?? 10);
const PER_SECOND = 200;

let workspace: TestWorkspace;
let emulator: Emulator;
let agent: Agent;
const source = (version: number): string =>
  `export const handler = async () => { await new Promise((resolve) => setTimeout(resolve, 5)); return { statusCode: 200, body: '${String(version)}' }; };`;
const other = `let served = 0; export const handler = async () => ({ statusCode: 200, body: process.env.LEVEL + ' ' + String(++served) });`;

beforeAll(async () => {
  workspace = await createWorkspace({
    'app.mjs': source(0),
    'lib/other.mjs': other,
    '.env': 'LEVEL=a\n',
    'faultline.yaml': config('').yaml,
  });
  emulator = await startEmulator({ root: workspace.root, watch: true, seed: 7 });
  agent = new Agent({ connections: 64 });
});
afterAll(async () => {
  await agent.close();
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

function config(app: string): { yaml: string } {
  return {
    yaml: `functions:\n  app: { handler: app.handler, events: [{ http: GET /app }]${app} }\n  other: { handler: lib/other.handler, envFile: .env, events: [{ http: GET /other }] }\n`,
  };
}

/** Open-loop: requests are sent by the clock, whatever becomes of the earlier ones. */
function constantLoad() {
  const results: Promise<string>[] = [];
  const send = async (): Promise<string> => {
    const response = await fetch(`${emulator.url}/app`, { dispatcher: agent });
    const text = await response.text();
    return response.status === 200 ? text : `${String(response.status)} ${text}`;
  };
  const begin = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - begin) * PER_SECOND) / 1_000;
    while (results.length < due) results.push(send().catch(String));
  }, 5);
  return async (): Promise<string[]> => {
    clearInterval(timer);
    return Promise.all(results);
  };
}

const snapshotOf = (name: string) => emulator.snapshot().functions.find((fn) => fn.name === name);

it(
  `${String(PER_SECOND)} requests a second over ${String(RELOADS)} reloads: none is lost`,
  { timeout: 120_000 },
  async () => {
    expect(await (await emulator.fetch('/app')).text()).toBe('0');
    const finish = constantLoad();
    for (let version = 1; version <= RELOADS; version++) {
      await writeFile(path.join(workspace.root, 'app.mjs'), source(version));
      await until(
        `version ${String(version)} serves`,
        async () => (await (await emulator.fetch('/app')).text()) === String(version),
      );
    }
    const answers = await finish();
    const known = new Set(Array.from({ length: RELOADS + 1 }, (_, version) => String(version)));
    expect(answers.filter((answer) => !known.has(answer))).toEqual([]);
    expect(answers.length).toBeGreaterThan(RELOADS);
    expect(answers.at(-1)).toBe(String(RELOADS));
    // A reload replaces what serves; it does not leave the old behind.
    await until(
      'old instances are gone',
      () => snapshotOf('app')?.instances.every((one) => one.version === snapshotOf('app')?.version) ?? false,
    );
  },
);

it('an edit of the config or of a .env file restarts only the functions that it touches', async () => {
  const pids = (name: string) => snapshotOf(name)?.instances.map(({ pid }) => pid);
  const reply = async (): Promise<string> => (await emulator.fetch('/other')).text();
  expect(await reply()).toBe('a 1');
  const [app, otherBefore] = [pids('app'), pids('other')];
  await writeFile(path.join(workspace.root, 'faultline.yaml'), config(', timeout: 7').yaml);
  await until('the timeout is new', () => snapshotOf('app')?.timeoutMs === 7_000);
  expect(pids('other')).toEqual(otherBefore);
  expect(await reply()).toBe('a 2');
  await emulator.fetch('/app');
  const appAfter = pids('app');
  expect(appAfter).not.toEqual(app);
  await writeFile(path.join(workspace.root, '.env'), 'LEVEL=b\n');
  await until('the variable is new', async () => (await reply()).startsWith('b '));
  expect(pids('app')).toEqual(appAfter);
  // A variable may be called as a key of the config is.
  const named = config(', timeout: 7').yaml.replace('envFile: .env', 'envFile: .env, environment: { url: x }');
  await writeFile(path.join(workspace.root, 'faultline.yaml'), named);
  const served = pids('other');
  await until('it runs with the variable', async () => (await reply()) === 'b 1' && pids('other')?.[0] !== served?.[0]);
  expect(pids('app')).toEqual(appAfter);
  // Who may call it is no reason to restart it.
  const before = pids('other');
  await writeFile(
    path.join(workspace.root, 'faultline.yaml'),
    named.replace('GET /other }]', 'GET /other }, { http: GET /another }], aliases: [live]'),
  );
  await until('the route is there', async () => (await emulator.fetch('/another')).status === 200);
  expect(pids('other')).toEqual(before);
});
