import { describe, expect, test } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { FunctionConfig, QueueConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { InvocationRecord } from '../contract/records.js';
import type { InvocationRequest } from '../dispatch/types.js';
import { noFaults, failure, memoryStore, pass, settled, success, type Behaviour } from './fixture.js';
import { createDelivery, type DeliveryOptions } from './index.js';
import type { MessageStore } from './store.js';

const retries = { attempts: 0, maxAgeMs: 3_600_000 };
const queue = (name: string): QueueConfig => ({ name, visibilityMs: 30_000, retentionMs: 345_600_000, delayMs: 0 });
const source = { batchSize: 10, windowMs: 0, partialResponses: false, enabled: true };

function testDelivery(behave: Behaviour = () => success, more: Partial<DeliveryOptions> = {}) {
  const clock = new VirtualClock();
  const store: MessageStore = memoryStore(clock);
  const requests: InvocationRequest[] = [];
  const logs: string[] = [];
  let ids = 0;
  const delivery = createDelivery({
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    dispatcher: {
      async invoke(request) {
        requests.push(request);
        return { requestId: request.requestId ?? '', result: await behave(request), record: {} as InvocationRecord };
      },
    },
    faults: noFaults,
    openStore: () => Promise.resolve(store),
    durable: false,
    timeScale: 1,
    log: (message) => logs.push(message),
    ...more,
  });
  const configure = (functions: readonly Partial<FunctionConfig>[], queues: readonly string[] = []): void =>
    delivery.configure({
      functions: functions.map((each) => functionConfig(each)),
      queues: queues.map(queue),
      gateway: 'http://127.0.0.1:3000',
    });
  const accept = (requestId = 'id-1') =>
    delivery.accept({ requestId, function: 'counter', payload: Buffer.from('{"n":1}'), source: 'sdk-async' });
  return { clock, store, delivery, requests, logs, configure, accept, pass: (ms: number) => pass(clock, ms) };
}

test('a dead letter reaches the function that its queue feeds', async () => {
  const {
    delivery,
    configure,
    accept,
    requests,
    pass: passTime,
  } = testDelivery((request) => (request.function === 'counter' ? failure() : success));
  await delivery.open();
  configure(
    [
      { retries, deadLetter: { type: 'queue', name: 'dead' } },
      { name: 'undertaker', queues: [{ ...source, queue: 'dead' }] },
    ],
    ['dead'],
  );
  await accept();
  await passTime(1_000);
  expect(requests.map((request) => [request.function, request.source])).toEqual([
    ['counter', 'sdk-async'],
    ['undertaker', 'queue'],
  ]);
  const { Records } = JSON.parse(requests[1]?.payload.toString() ?? '') as { Records: object[] };
  expect(Records).toMatchObject([
    {
      body: '{"n":1}',
      messageAttributes: {
        RequestID: { stringValue: 'id-1', dataType: 'String' },
        ErrorCode: { stringValue: '200', dataType: 'Number' },
        ErrorMessage: { stringValue: 'no stock', dataType: 'String' },
      },
    },
  ]);
  expect(delivery.async('counter')).toEqual({ pending: 0, succeeded: 0, failed: 1, expired: 0 });
  await delivery.drain();
  await delivery.close();
});

test('schedules run from the opening on', async () => {
  const { delivery, configure, requests, pass: passTime } = testDelivery();
  configure([{ schedules: [{ expression: 'rate(1 minute)', timezone: 'UTC', enabled: true }] }]);
  await passTime(120_000);
  expect(delivery.schedules('counter')).toEqual([]);
  await delivery.open();
  expect(delivery.schedules('counter')).toMatchObject([
    { expression: 'rate(1 minute)', next: Date.UTC(2025, 0, 1, 0, 3) },
  ]);
  await passTime(60_000);
  expect(requests).toMatchObject([{ function: 'counter', source: 'schedule' }]);
});

test('views are told of changes', async () => {
  let changes = 0;
  const { delivery, configure, accept } = testDelivery(undefined, { changed: () => void changes++ });
  await delivery.open();
  configure([{}]);
  await accept();
  await settled();
  expect(changes).toBeGreaterThanOrEqual(2);
});

describe('before and after', () => {
  test('a store that cannot be opened', async () => {
    const { delivery, configure, accept } = testDelivery(undefined, {
      openStore: () => Promise.reject(new FaultlineError('STORE_UNAVAILABLE', 'no Redis at 127.0.0.1:1')),
    });
    await expect(delivery.open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    configure([{}]);
    await expect(accept()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await delivery.drain();
    await delivery.close();
  });

  test('an edit while it stops starts nothing', async () => {
    const { clock, delivery, configure, accept } = testDelivery();
    await delivery.open();
    await delivery.drain();
    configure([{ schedules: [{ expression: 'rate(1 minute)', timezone: 'UTC', enabled: true }] }]);
    await expect(accept()).rejects.toMatchObject({ code: 'STOPPING' });
    expect(delivery.schedules('counter')).toEqual([]);
    await delivery.close();
    expect(clock.pending).toBe(0);
  });

  test.each([
    [false, 'delivery: 2 events and messages not handled yet, and lost: delivery.store is memory'],
    [true, 'delivery: 2 events and messages kept for the next start'],
  ])('what is left at the end is counted; durable: %s', async (durable, line) => {
    const { delivery, configure, accept, logs, clock } = testDelivery(() => failure(), { durable });
    await delivery.open();
    configure([{}]);
    await accept('id-1');
    await accept('id-2');
    await settled();
    await delivery.drain();
    await delivery.close();
    expect(logs).toEqual([line]);
    expect(clock.pending).toBe(0);
  });
});
