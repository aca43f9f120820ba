import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { until } from '../support/workspace.js';

/** The whole loop on the shipped examples: run, invoke, break, watch, recover. */

const root = fileURLToPath(new URL('../../examples', import.meta.url));
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ root, seed: 7 });
});
afterAll(() => emulator.stop());

function order(route: string): Promise<Response> {
  return emulator.fetch(route, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sku: 'apple', quantity: 1 }),
  });
}

describe('the examples', () => {
  it.each(['counter-python', 'counter-ts', 'counter-js'])(
    '%s counts, stays between 0 and 100, and answers 400',
    async (name) => {
      const body = async (event: object): Promise<{ statusCode: number }> =>
        (await emulator.invoke(name, event)).payload as { statusCode: number };
      const up = await emulator.invoke(name, { counter: 1, operation: 'increment' });
      expect(up.ok).toBe(true);
      expect(JSON.stringify(up.payload)).toContain('2');
      expect((await body({ counter: 1, operation: 'divide' })).statusCode).toBe(400);
      expect(JSON.stringify(await body({ counter: 100, operation: 'increment' }))).toContain('100');
      expect(JSON.stringify(await body({ counter: 0, operation: 'decrement' }))).toMatch(/\b0\b/);
    },
  );

  it('orders reaches stock through the gateway', async () => {
    const reply = await order('/orders');
    expect(reply.status).toBeLessThan(300);
  });

  it('a refused connection to stock: orders answers 500, orders-hardened a clear 503 or 202; both recover', async () => {
    const fault = await emulator.faults.add({ kind: 'network', function: 'orders*', params: { mode: 'refused' } });
    expect((await order('/orders')).status).toBe(500);
    expect([202, 503]).toContain((await order('/orders-hardened')).status);
    const broken = emulator.snapshot().functions.find((fn) => fn.name === 'orders');
    expect(broken?.recent[0]).toMatchObject({
      error: { kind: 'function' },
      faults: [{ fault: fault.id, kind: 'network' }],
    });
    await emulator.faults.clear();
    expect((await order('/orders')).status).toBeLessThan(300);
    expect((await order('/orders-hardened')).status).toBeLessThan(300);
  });

  it('a hanging stock is stopped at its timeout and shows as such', async () => {
    await emulator.faults.add({ kind: 'hang', function: 'stock', params: { mode: 'busy' } });
    expect((await order('/orders')).status).toBeGreaterThanOrEqual(500);
    // Its caller's own timeout may pass first.
    await until('stock has timed out', () => {
      const stock = emulator.snapshot().functions.find((fn) => fn.name === 'stock');
      return stock?.recent[0]?.error?.type === 'Sandbox.Timedout';
    });
    await emulator.faults.clear();
    expect((await order('/orders')).status).toBeLessThan(300);
  });

  it('a log tells a timeout once, and the totals count the cold starts', async () => {
    await emulator.faults.add({ kind: 'hang', function: 'stock' });
    const { record } = await emulator.invoke('stock', { sku: 'apple' });
    await emulator.faults.clear();
    expect(record.log.filter((line) => line.includes('Task timed out after 3.00 seconds'))).toHaveLength(1);
    await emulator.invoke('stock', { sku: 'apple' });
    const stock = emulator.snapshot().functions.find((fn) => fn.name === 'stock');
    expect(stock?.totals.coldStarts).toBeGreaterThanOrEqual(2);
  });

  it('the unmodified AWS SDK invokes, and reads the log', async () => {
    const client = new LambdaClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    const reply = await client.send(
      new InvokeCommand({
        FunctionName: 'counter-python',
        Payload: JSON.stringify({ counter: 4, operation: 'increment' }),
        LogType: 'Tail',
      }),
    );
    client.destroy();
    expect(reply.StatusCode).toBe(200);
    expect(Buffer.from(reply.Payload ?? []).toString()).toContain('5');
    expect(Buffer.from(reply.LogResult ?? '', 'base64').toString()).toMatch(
      /START RequestId: [\s\S]*REPORT RequestId: /,
    );
  });

  it('metrics count what happened, by function', async () => {
    const text = await emulator.metrics();
    expect(text).toMatch(/faultline_invocations_total\{[^}]*function="orders"[^}]*\} [1-9]/);
    expect(text).toMatch(/faultline_faults_injected_total\{[^}]*kind="network"[^}]*\} [1-9]/);
  });
});

describe('two emulators in one process', () => {
  it('do not disturb each other, and stop twice without harm', async () => {
    const other = await startEmulator({ root: path.join(root), seed: 8 });
    expect(other.url).not.toBe(emulator.url);
    await other.faults.add({ kind: 'status', params: { code: 418 } });
    expect((await other.fetch('/stock/apple')).status).toBe(418);
    expect((await emulator.fetch('/stock/apple')).status).toBe(200);
    await other.stop();
    await other.stop();
    await expect(other.fetch('/stock/apple')).rejects.toThrow();
  });
});
