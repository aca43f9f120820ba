// A test of your own in Vitest, with Faultline as a library: copy it into your project and change the names. The same for
// Jest, Mocha and Node's own runner is in the folders beside it.
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startEmulator } from 'faultline';
import { faultlineMatchers } from 'faultline/matchers';

expect.extend(faultlineMatchers);
let emulator;

beforeAll(async () => {
  emulator = await startEmulator({ root: fileURLToPath(new URL('..', import.meta.url)), seed: 7 });
  // The first call of a function starts its process; the tests below are about what comes after.
  await order('orders-hardened');
});
afterEach(() => emulator?.faults.clear());
afterAll(() => emulator?.stop());

const order = (name, body = { sku: 'apple', quantity: 2 }) =>
  emulator.fetch(`/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('takes an order', async () => {
  const reply = await order('orders-hardened');
  expect(reply.status).toBe(201);
  expect(await reply.json()).toMatchObject({ state: 'confirmed', from: 'w1' });
});

test('refuses an order of what is sold out', async () => {
  expect((await order('orders-hardened', { sku: 'plum', quantity: 1 })).status).toBe(409);
});

test('accepts the order when stock does not answer in time', async () => {
  const fault = await emulator.faults.add({ kind: 'latency', function: 'stock', params: { ms: 2_000 }, for: '30s' });
  const reply = await order('orders-hardened');
  expect(reply.status).toBe(202);
  expect(await reply.json()).toMatchObject({ state: 'accepted' });

  // Proof that the fault was there: a test that passes because nothing was broken proves nothing.
  const [seen] = await emulator.faults.list();
  expect(seen).toMatchObject({ id: fault.id });
  expect(seen.injected).toBeGreaterThan(0);
});

test('accepts the order when stock fails', async () => {
  await emulator.faults.add({ kind: 'exception', function: 'stock' });
  expect((await order('orders-hardened')).status).toBe(202);
});

test('is well again once the fault is gone', async () => {
  await emulator.faults.add({ kind: 'status', function: 'stock', params: { code: 503 } });
  expect((await order('orders-hardened')).status).toBe(202);
  await emulator.faults.clear();
  expect((await order('orders-hardened')).status).toBe(201);
});

// All of that in one line: the calls, the fault, its end, and the proof that it was there.
const apple = { body: { sku: 'apple', quantity: 2 }, requests: 4 };

test('orders survive whatever happens to stock', async () => {
  const call = { request: 'POST /orders-hardened', ...apple, status: [201, 202], within: '2s' };
  await expect(emulator).toSurvive({ kind: 'status', function: 'stock', params: { code: 503 }, rate: 50 }, call);
  await expect(emulator).toSurvive({ kind: 'network', function: 'orders-hardened' }, call);
});

test('without error handling, the same fault reaches the customer', async () => {
  const fault = { kind: 'status', function: 'stock', params: { code: 503 } };
  await expect(emulator).not.toSurvive(fault, { request: 'POST /orders', ...apple });
});
