// Node's own test runner: node --test orders.spec.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmulator } from 'faultline';
import { assertHitBy, assertSurvives } from 'faultline/matchers';

let emulator;
before(async () => {
  emulator = await startEmulator({ root: fileURLToPath(new URL('../..', import.meta.url)), seed: 7 });
});
after(() => emulator?.stop());

test('orders are taken while stock cannot be reached', async () => {
  const { faults } = await assertSurvives(
    emulator,
    { kind: 'network', function: 'orders-hardened', params: { mode: 'refused' } },
    { request: 'POST /orders-hardened', body: { sku: 'apple', quantity: 2 }, requests: 4, status: 202 },
  );
  assert.equal(faults[0].injected, 4);
});

test('an invocation tells which fault hit it', async () => {
  await emulator.faults.add({ kind: 'exception', function: 'stock', for: '30s' });
  const result = await emulator.invoke('stock', { sku: 'apple' });
  assertHitBy(result, 'exception');
  assert.equal(result.ok, false);
  await emulator.faults.clear();
});
