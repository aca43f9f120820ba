import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { assertHitBy, assertRecovers, assertSurvives, faultlineMatchers } from '../../emulator/matchers.js';
import { createWorkspace, type TestWorkspace } from '../support/workspace.js';

/** The matchers against real processes: a shop whose handlers differ only in what they do when the other one fails. */

const calling = (onError: string): string => `
export const handler = async () => {
  try {
    const reply = await fetch(process.env.STOCK_URL, { signal: AbortSignal.timeout(1_000) });
    if (!reply.ok) throw new Error('stock answered ' + reply.status);
    return { statusCode: 200, body: await reply.text() };
  } catch (error) { ${onError} }
};`;
const shop = (name: string): string =>
  `  ${name}: { handler: ${name}.handler, environment: { STOCK_URL: '\${gateway}/stock' }, events: [{ http: POST /${name} }] }\n`;

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  expect.extend(faultlineMatchers);
  workspace = await createWorkspace({
    'stock.mjs': `export const handler = async () => ({ statusCode: 200, body: 'three' });`,
    'careful.mjs': calling(`return { statusCode: 202, body: error.message };`),
    'careless.mjs': calling('throw error;'),
    'faultline.yaml': `functions:\n  stock: { handler: stock.handler, events: [{ http: GET /stock }] }\n${shop('careful')}${shop('careless')}`,
  });
  emulator = await startEmulator({ root: workspace.root, seed: 7 });
});
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error('it passed')),
    (error: Error) => error,
  );

describe('toSurvive', () => {
  const fault = { kind: 'status', function: 'stock', params: { code: 503 } };

  it('passes for what answers all the same', async () => {
    await expect(emulator).toSurvive(fault, { request: 'POST /careful', body: { sku: 'a' }, requests: 4 });
    await expect(emulator).toSurvive({ kind: 'network', function: 'careful' }, { invoke: 'careful', requests: 2 });
    expect(await emulator.faults.list()).toEqual([]);
  });

  it('fails with what the caller saw, what fired where, and the seed', async () => {
    const failing = expect(emulator).toSurvive({ ...fault, rate: 50 }, { request: 'POST /careless', requests: 12 });
    const { message } = await rejection(failing);
    const fired = Number(/status-\d+ on stock \(.*503.*\) fired (\d+) times, of 12 invocations/.exec(message)?.[1]);
    expect(fired).toBeGreaterThan(0);
    expect(message).toMatch(/^expected POST \/careless to survive status-\d+: /);
    expect(message).toContain(`${String(fired)} of 12 answers did not hold (status below 500 within 3000 ms)`);
    expect(message).toContain(`✗ 500 × ${String(fired)}  {"message":"Internal Server Error"}`);
    expect(message).toContain(`✓ 200 × ${String(12 - fired)}`);
    expect(message).toContain('seed 7: startEmulator({ seed: "7" })');
    await expect(emulator).not.toSurvive(fault, { request: 'POST /careless', requests: 2 });
  });

  it('a fault that never fires fails, .not or not', async () => {
    const elsewhere = { ...fault, match: { headers: { 'x-test': 'yes' } } };
    const call = { request: 'POST /careful', requests: 2 };
    const { message } = await rejection(expect(emulator).toSurvive(elsewhere, call));
    expect(message).toContain('never fired while POST /careful was called: what passed without it proves nothing');
    expect(message).toContain('matched no invocation: look at its function and match');
    expect((await rejection(expect(emulator).not.toSurvive(elsewhere, call))).name).toBe('NothingProved');
    expect(await emulator.faults.list()).toEqual([]);
  });

  it('leaves other faults alone', async () => {
    const { id } = await emulator.faults.add({ kind: 'latency', function: 'stock', params: { ms: 1 } });
    await expect(emulator).toSurvive(fault, { request: 'POST /careful', requests: 1 });
    expect((await emulator.faults.list()).map((each) => each.id)).toEqual([id]);
    await emulator.faults.clear();
  });

  it('tells of a wrong fault and of a wrong option', async () => {
    const call = { request: 'POST /careful' };
    expect(await rejection(expect(emulator).toSurvive({ kind: 'latancy' }, call))).toMatchObject({
      code: 'FAULT_INVALID',
    });
    expect(await rejection(expect(emulator).toSurvive(fault, { request: '/careful' }))).toMatchObject({
      code: 'USAGE',
    });
    expect(await rejection(expect(undefined).toSurvive(fault, call))).toMatchObject({ code: 'USAGE' });
  });
});

describe('toRecover', () => {
  it('passes when a crashed function answers again', async () => {
    await expect(emulator).toRecover(
      { kind: 'crash', function: 'careless' },
      { request: 'POST /careless', requests: 2, within: '10s' },
    );
  });
});

describe('toBeHitBy', () => {
  it('knows the faults of an invocation', async () => {
    const fault = await emulator.faults.add({ kind: 'exception', function: 'stock' });
    const result = await emulator.invoke('stock');
    await emulator.faults.clear();
    expect(result).toBeHitBy(fault);
    expect(result).toBeHitBy('exception');
    expect(emulator.invocations({ function: 'stock' })[0]).toBeHitBy(fault.id);
    expect(result).not.toBeHitBy('latency');
    expect(() => expect(result).toBeHitBy('latency')).toThrow(`it was hit by ${fault.id}`);
  });
});

describe('assertions', () => {
  const fault = { kind: 'exception', function: 'stock' };

  it('resolve with what was measured', async () => {
    const { answers, faults, seed } = await assertSurvives(emulator, fault, { request: 'POST /careful', requests: 3 });
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(faults).toMatchObject([{ kind: 'exception', function: 'stock', injected: 3 }]);
    expect(seed).toBe('7');
    const recovery = await assertRecovers(emulator, fault, { request: 'POST /careless', requests: 1 });
    expect(recovery.answers).toMatchObject([{ status: 500, held: false }]);
    expect(recovery.after).toHaveLength(3);
  });

  it('throw as node:assert does', async () => {
    const failing = assertSurvives(emulator, fault, { request: 'POST /careless', requests: 1 });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_ASSERTION', operator: 'assertSurvives' });
    const result = await emulator.invoke('stock');
    expect(() => assertHitBy(result, 'exception')).toThrow(/^expected invocation \d+ of stock to be hit by exception/);
  });
});
