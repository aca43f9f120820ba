import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { createWorkspace, until, type TestWorkspace } from '../support/workspace.js';

/** Handlers that end the whole server of another emulator (FACTS section 5): here everything else goes on serving. */

const handlers = {
  'late-throw': `export const handler = async () => { setTimeout(() => { throw new Error('late'); }, 0); return new Promise(() => undefined); };`,
  rejection: `export const handler = async () => { Promise.reject(new Error('nobody listens')); return new Promise(() => undefined); };`,
  'function-result': `export const handler = async () => ({ statusCode: 200, body: 'ok', callback() {}, self: (() => undefined) });`,
  'failing-event': `export const handler = async () => { throw new Error('every time'); };`,
  greedy: `export const handler = async () => { const all = []; for (let i = 0; i < 500; i++) all.push(Buffer.alloc(1_048_576, 1)); return all.length; };`,
  'too-large': `export const handler = async () => 'x'.repeat(7 * 1_048_576);`,
  bystander: `let count = 0; export const handler = async () => ({ statusCode: 200, body: String(++count) });`,
};

let workspace: TestWorkspace;
let emulator: Emulator;
let sdk: LambdaClient;
beforeAll(async () => {
  const names = Object.keys(handlers);
  workspace = await createWorkspace({
    ...Object.fromEntries(Object.entries(handlers).map(([name, text]) => [`${name}.mjs`, text])),
    'faultline.yaml': `functions:\n${names.map((name) => `  ${name}: { handler: ${name}.handler, retries: { attempts: 0 }, events: [{ http: GET /${name} }] }`).join('\n')}\n`,
  });
  emulator = await startEmulator({ root: workspace.root, seed: 7 });
  sdk = new LambdaClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
});
afterAll(async () => {
  sdk.destroy();
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const bystander = async (): Promise<number> => Number(await (await emulator.fetch('/bystander')).text());
/** The error of the newest invocation of a function. */
const lastError = (name: string): string | undefined => emulator.invocations({ function: name })[0]?.error?.type;

describe('what kills serverless-offline', () => {
  it.each([
    ['late-throw', 500, 'Error'],
    ['rejection', 500, 'Runtime.UnhandledPromiseRejection'],
    ['function-result', 200, undefined],
  ])(
    '%s: answered with %i, and everybody else is served by the same instance as before',
    async (name, status, type) => {
      const before = await bystander();
      expect((await emulator.fetch(`/${name}`)).status).toBe(status);
      expect(lastError(name)).toBe(type);
      expect(await bystander()).toBe(before + 1);
      expect((await emulator.fetch(`/${name}`)).status).toBe(status);
    },
  );

  it('failing-event: accepted, recorded as failed, and everybody else is served', async () => {
    const before = await bystander();
    const reply = await sdk.send(new InvokeCommand({ FunctionName: 'failing-event', InvocationType: 'Event' }));
    expect(reply.StatusCode).toBe(202);
    await until('it has failed', () => lastError('failing-event') === 'Error');
    expect(await bystander()).toBe(before + 1);
  });
});

describe('what serverless-offline lets pass', () => {
  it('500 MB under a limit of 128: killed as on Lambda', async () => {
    const { ok, payload } = await emulator.invoke('greedy');
    expect(ok).toBe(false);
    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await bystander()).toBeGreaterThan(0);
  });

  it('a response of 7 MB: refused as on Lambda', async () => {
    const { payload } = await emulator.invoke('too-large');
    expect(payload).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });
});

it.each([{ timeScale: 0 }, { timeScale: NaN }, { store: 'mysql' }])(
  '%j is refused before anything starts',
  async (wrong) => {
    await expect(startEmulator({ root: workspace.root, ...wrong })).rejects.toMatchObject({ code: 'USAGE' });
  },
);
