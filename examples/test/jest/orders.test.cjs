// Jest: npx jest orders.test.cjs. With `import` instead of `require` Jest wants NODE_OPTIONS=--experimental-vm-modules.
const path = require('node:path');
const { startEmulator } = require('faultline');
const { faultlineMatchers } = require('faultline/matchers');

expect.extend(faultlineMatchers);

const order = { body: { sku: 'apple', quantity: 2 }, requests: 4 };
let emulator;

beforeAll(async () => {
  emulator = await startEmulator({ root: path.join(__dirname, '../..'), seed: 7 });
});
afterAll(() => emulator?.stop());

test('orders are taken while stock answers 503', async () => {
  await expect(emulator).toSurvive(
    { kind: 'status', function: 'stock', params: { code: 503 } },
    { request: 'POST /orders-hardened', ...order, status: [201, 202] },
  );
});

test('without error handling the same fault reaches the customer', async () => {
  await expect(emulator).not.toSurvive({ kind: 'status', function: 'stock' }, { request: 'POST /orders', ...order });
});

test('a crash is an error of that one invocation', async () => {
  const fault = await emulator.faults.add({ kind: 'crash', function: 'stock', first: 1 });
  const result = await emulator.invoke('stock', { sku: 'apple' });
  expect(result).toBeHitBy(fault);
  expect(result.ok).toBe(false);
  await emulator.faults.clear();
});
