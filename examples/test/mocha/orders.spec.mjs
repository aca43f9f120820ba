// Mocha: npx mocha orders.spec.mjs
import { fileURLToPath } from 'node:url';
import { startEmulator } from 'faultline';
import { assertRecovers, assertSurvives } from 'faultline/matchers';

describe('orders', function () {
  this.timeout('20s');
  let emulator;

  before(async () => {
    emulator = await startEmulator({ root: fileURLToPath(new URL('../..', import.meta.url)), seed: 7 });
  });
  after(() => emulator?.stop());

  const order = { request: 'POST /orders-hardened', body: { sku: 'apple', quantity: 2 }, requests: 4 };

  it('are taken while stock fails', async () => {
    await assertSurvives(emulator, { kind: 'exception', function: 'stock' }, { ...order, status: [201, 202] });
  });

  it('are confirmed again once stock is back', async () => {
    await assertRecovers(emulator, { kind: 'crash', function: 'stock' }, { ...order, status: 201, within: '5s' });
  });
});
