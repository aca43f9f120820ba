import { describe, expect, test } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { FaultlineError } from '../contract/errors.js';
import { failure, memoryStore, mortal, settled, success, testEvents, type TestEventsOptions } from './fixture.js';
import { SqsError } from './sqs/errors.js';

const MINUTE = 60_000;
const retries = { attempts: 0, maxAgeMs: 360 * MINUTE };
const queue = (name: string) => ({ type: 'queue', name }) as const;
const fn = (name: string) => ({ type: 'function', name }) as const;

/** Events of `counter`, which fails or not, with these destinations; and `audit`, which takes records. */
const withDestinations = (
  given: { onSuccess?: Destination; onFailure?: Destination; deadLetter?: Destination },
  more: TestEventsOptions = {},
) => {
  const { deadLetter, ...destinations } = given;
  return testEvents({
    functions: [
      { retries: { ...retries, ...destinations }, ...(deadLetter && { deadLetter }) },
      { name: 'audit', retries },
    ],
    ...more,
  });
};
type Destination = { readonly type: 'queue' | 'function'; readonly name: string };

const fails = (): ReturnType<typeof failure> => failure();
const counterFails: TestEventsOptions['behave'] = (request) => (request.function === 'counter' ? failure() : success);

describe('queues', () => {
  test('on success: the record', async () => {
    const { accept, sent, events } = await withDestinations({ onSuccess: queue('done'), onFailure: queue('failed') });
    await accept({ requestId: 'id-1', payload: Buffer.from('{"n":1}') });
    await settled();
    expect(sent.map((each) => ({ ...each, body: JSON.parse(each.body) as unknown }))).toEqual([
      {
        queue: 'done',
        attributes: {},
        body: {
          version: '1.0',
          timestamp: '2025-01-01T00:00:00.000Z',
          requestContext: {
            requestId: 'id-1',
            functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter:$LATEST',
            condition: 'Success',
            approximateInvokeCount: 1,
          },
          requestPayload: { n: 1 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST' },
          responsePayload: { done: true },
        },
      },
    ]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 1 });
  });

  test('on failure: the event with attributes to the dead-letter queue, and the record', async () => {
    const { accept, sent } = await withDestinations(
      { deadLetter: queue('dead'), onFailure: queue('failed') },
      { behave: fails },
    );
    await accept({ requestId: 'id-1', payload: Buffer.from('{"n": 1}') });
    await settled();
    expect(sent[0]).toEqual({
      queue: 'dead',
      body: '{"n": 1}',
      attributes: { RequestID: 'id-1', ErrorCode: 200, ErrorMessage: 'no stock' },
    });
    expect(sent[1]).toMatchObject({ queue: 'failed', attributes: {} });
    expect(JSON.parse(sent[1]?.body ?? '')).toMatchObject({ requestContext: { condition: 'RetriesExhausted' } });
    expect(sent).toHaveLength(2);
  });

  test('what SQS refuses is told of; the event has ended', async () => {
    const { accept, logs, events } = await withDestinations(
      { deadLetter: queue('dead') },
      {
        behave: fails,
        send: () => {
          throw new SqsError('InvalidParameterValueException', 'Message must be shorter than 1048576 bytes.');
        },
      },
    );
    await accept({ requestId: 'id-1' });
    await settled();
    expect(logs).toEqual([
      'delivery: deadLetter of counter: queue:dead refuses what became of id-1: Message must be shorter than 1048576 bytes.',
    ]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 1 });
  });

  test('one that is gone: told once, kept with the event, sent when it is back, without another attempt', async () => {
    const state = { gone: true };
    const { accept, sent, logs, events, deliveries, pass } = await withDestinations(
      { deadLetter: queue('dead'), onFailure: queue('failed') },
      {
        behave: fails,
        send: ({ queue: name }) => {
          if (name === 'failed' && state.gone) throw new SqsError('QueueDoesNotExist', 'no such queue');
        },
      },
    );
    await accept();
    await pass(10 * MINUTE);
    expect(logs).toEqual(['delivery: counter: there is no queue failed; what is to go there is kept until there is']);
    expect(events.snapshot('counter')).toMatchObject({ pending: 1, failed: 0 });
    state.gone = false;
    await pass(6 * MINUTE);
    expect(sent.map((each) => each.queue)).toEqual(['dead', 'failed']);
    expect(JSON.parse(sent[1]?.body ?? '')).toMatchObject({
      timestamp: '2025-01-01T00:00:00.000Z',
      responsePayload: { errorMessage: 'no stock' },
    });
    expect(deliveries).toHaveLength(1);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 1 });
  });
});

describe('functions', () => {
  test('are invoked with the record, under a request id of their own, in the same trace', async () => {
    const { accept, deliveries, events } = await withDestinations({ onFailure: fn('audit') }, { behave: counterFails });
    await accept({ requestId: 'id-1', traceId: 'Root=1-2-3' });
    await settled();
    expect(deliveries).toHaveLength(2);
    const request = deliveries[1]?.request;
    expect(request).toMatchObject({ function: 'audit', source: 'destination', attempt: 1, traceId: 'Root=1-2-3' });
    expect(request?.requestId).not.toBe('id-1');
    expect(JSON.parse(request?.payload.toString() ?? '')).toMatchObject({
      requestContext: { requestId: 'id-1', condition: 'RetriesExhausted' },
    });
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 1 });
    expect(events.snapshot('audit')).toMatchObject({ pending: 0, succeeded: 1 });
  });

  test('of both kinds at once', async () => {
    const { accept, deliveries, sent } = await withDestinations(
      { deadLetter: fn('audit'), onFailure: queue('failed') },
      { behave: counterFails },
    );
    await accept({ payload: Buffer.from('{"n":7}') });
    await settled();
    expect(deliveries[1]?.request.payload.toString()).toBe('{"n":7}');
    expect(sent.map((each) => each.queue)).toEqual(['failed']);
  });

  test('a record of more than 1 MB is no event', async () => {
    const { accept, deliveries, logs, events } = await withDestinations(
      { onSuccess: fn('audit') },
      { behave: () => ({ ok: true, payload: Buffer.from(JSON.stringify('x'.repeat(1_048_576))) }) },
    );
    await accept({ requestId: 'id-1' });
    await settled();
    expect(deliveries).toHaveLength(1);
    expect(logs[0]).toMatch(/^delivery: onSuccess of counter: function:audit refuses what became of id-1: \d+ bytes/);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 1 });
  });

  test('one that is gone keeps its records for when it is back', async () => {
    const { accept, events, deliveries } = await withDestinations({ onSuccess: fn('audit') });
    events.configure([functionConfig({ retries: { ...retries, onSuccess: fn('audit') } })]);
    await accept();
    await settled();
    expect(events.snapshot('audit').pending).toBe(1);
    events.configure([functionConfig({ name: 'audit' })]);
    await settled();
    expect(deliveries.map(({ request }) => request.function)).toEqual(['counter', 'audit']);
  });
});

describe('a kill between the steps', () => {
  const clockAndStore = () => {
    const clock = new VirtualClock();
    const store = memoryStore(clock);
    return { clock, store, victim: mortal(store) };
  };

  test('after the hand-over, before the removal: the event comes again, and nothing is lost', async () => {
    const { clock, store, victim } = clockAndStore();
    const killed = await withDestinations(
      { onFailure: queue('failed') },
      { clock, store: victim, behave: fails, send: () => victim.kill() },
    );
    await killed.accept({ requestId: 'id-1' });
    await settled();
    expect(killed.sent).toHaveLength(1);
    const next = await withDestinations({ onFailure: queue('failed') }, { clock, store, behave: fails });
    await next.pass(64_000);
    expect(next.sent.map(({ body }) => (JSON.parse(body) as Recorded).requestContext.requestId)).toEqual(['id-1']);
    expect(await store.names()).toEqual([]);
  });

  test('before the hand-over: it is made in the next run', async () => {
    const { clock, store, victim } = clockAndStore();
    const killed = await withDestinations(
      { onFailure: queue('failed') },
      {
        clock,
        store: victim,
        behave: () => {
          victim.kill();
          return failure();
        },
      },
    );
    await killed.accept();
    await settled();
    const next = await withDestinations({ onFailure: queue('failed') }, { clock, store, behave: fails });
    await next.pass(64_000);
    expect(next.sent).toHaveLength(1);
  });

  test('to a function it is one step: neither lost nor doubled', async () => {
    const { clock, store, victim } = clockAndStore();
    const move = victim.move.bind(victim);
    victim.move = (...given) => {
      const moved = move(...given);
      victim.kill();
      return moved;
    };
    const killed = await withDestinations({ onFailure: fn('audit') }, { clock, store: victim, behave: counterFails });
    await killed.accept();
    await settled();
    const next = await withDestinations({ onFailure: fn('audit') }, { clock, store, behave: counterFails });
    await next.pass(10 * MINUTE);
    expect(next.deliveries.map(({ request }) => request.function)).toEqual(['audit']);
    expect(await store.names()).toEqual([]);
  });

  test('a store that fails for a while: the handler is not called again', async () => {
    const { clock, store } = clockAndStore();
    const remove = store.remove.bind(store);
    const { accept, pass, deliveries, sent, logs, events } = await withDestinations(
      { deadLetter: queue('dead'), onFailure: queue('failed') },
      { clock, store, behave: fails },
    );
    store.remove = () => Promise.reject(new FaultlineError('STORE_UNAVAILABLE', 'the disk is full'));
    await accept();
    await pass(10 * MINUTE);
    store.remove = remove;
    await pass(5 * MINUTE);
    expect(deliveries).toHaveLength(1);
    expect(sent.map((each) => each.queue)).toEqual(['dead', 'failed']);
    expect(logs).toEqual([
      'delivery: the store fails, events wait until it works again: the disk is full',
      'delivery: the store works again',
    ]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 1 });
  });
});

interface Recorded {
  readonly requestContext: { readonly requestId: string };
}
