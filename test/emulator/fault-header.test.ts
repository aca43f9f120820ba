import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../support/workspace.js';

/** Faults that one request asks for itself. */

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({
    'echo.mjs': `export const handler = async () => ({ statusCode: 200, body: 'fine' });`,
    'faultline.yaml':
      'functions:\n  echo: { handler: echo.handler, url: true, events: [{ http: GET /echo }] }\nfaults: { header: true }\n',
  });
  emulator = await startEmulator({ root: workspace.root, seed: 7 });
});
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const ask = (header: string, path = '/echo'): Promise<Response> =>
  emulator.fetch(path, { headers: { 'x-faultline-fault': header } });

describe('the header x-faultline-fault', () => {
  it.each([
    ['words', 'status code=418'],
    ['JSON', '{"kind":"status","params":{"code":418}}'],
    ['a list', '[{"kind":"latency","params":{"ms":1}},{"kind":"status","params":{"code":418}}]'],
    ['several', 'latency ms=1; status code=418'],
  ])('asks in %s, and nobody else is hit', async (_form, header) => {
    expect((await ask(header)).status).toBe(418);
    expect((await emulator.fetch('/echo')).status).toBe(200);
    expect(await emulator.faults.list()).toEqual([]);
    const [, hit] = emulator.invocations({ function: 'echo' });
    expect(hit?.faults.map(({ kind }) => kind)).toContain('status');
  });

  it('works for function URLs and for the Lambda API', async () => {
    const url = emulator.snapshot().functions[0]?.url ?? '';
    expect((await ask('status code=418', url)).status).toBe(418);
    const sdk = new LambdaClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    sdk.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-faultline-fault'] =
          'exception errorType=Asked';
        return next(args);
      },
      { step: 'build' },
    );
    const reply = await sdk.send(new InvokeCommand({ FunctionName: 'echo' }));
    expect(JSON.parse(Buffer.from(reply.Payload ?? []).toString())).toMatchObject({ errorType: 'Asked' });
    sdk.destroy();
  });

  it.each([
    ['an unknown kind', 'latncy ms=1', /no fault kind "latncy".*Did you mean latency/],
    ['a wrong parameter', 'latency ms=soon', /params\.ms is wrong/],
    ['no setting', 'latency ms', /no key=value/],
    ['torn JSON', '{"kind":', /no JSON/],
  ])('answers %s with 400 and what to write', async (_what, header, message) => {
    const reply = await ask(header);
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { message: string }).message).toMatch(message);
  });

  it('is not looked at unless it is switched on', async () => {
    const off = await startEmulator({ root: workspace.root, faultHeader: false });
    const reply = await off.fetch('/echo', { headers: { 'x-faultline-fault': 'status code=418' } });
    expect(reply.status).toBe(200);
    await off.stop();
  });
});
