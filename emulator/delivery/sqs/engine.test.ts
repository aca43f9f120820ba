import { expect, it } from 'vitest';
import { MAX_IN_FLIGHT } from './engine.js';
import { queueConfig, testQueues } from './fixture.js';

const bodies = (messages: readonly { body: string }[]): string[] => messages.map(({ body }) => body);

it('hands messages out oldest first, hides them, and shows them again', async () => {
  const { clock, send, receive } = testQueues(queueConfig('jobs'));
  await send('jobs', 'a', 'b', 'c');
  expect(bodies(await receive('jobs', { max: 2 }))).toEqual(['a', 'b']);
  expect(bodies(await receive('jobs'))).toEqual(['c']);
  expect(await receive('jobs')).toEqual([]);
  await clock.advance(30_000);
  const again = await receive('jobs');
  expect(bodies(again)).toEqual(['a', 'b', 'c']);
  expect(again.map(({ receives }) => receives)).toEqual([2, 2, 2]);
  expect(again[0]).toMatchObject({ sentAt: clock.now() - 30_000, firstReceivedAt: clock.now() - 30_000 });
});

it('waits for a message', async () => {
  const { clock, send, receive } = testQueues(queueConfig('jobs'));
  const got = receive('jobs', { waitMs: 20_000 });
  await clock.advance(5_000);
  await send('jobs', 'a');
  expect(bodies(await got)).toEqual(['a']);
});

it('gives a delayed message when its delay is over', async () => {
  const { clock, send, receive, counts } = testQueues(queueConfig('jobs', { delayMs: 3_000 }));
  await send('jobs', 'a');
  expect(await counts('jobs')).toEqual([0, 0, 1]);
  const got = receive('jobs', { waitMs: 20_000 });
  await clock.advance(2_999);
  expect(await counts('jobs')).toEqual([0, 0, 1]);
  await clock.advance(1);
  expect(bodies(await got)).toEqual(['a']);
});

it('moves what was received too often to the dead-letter queue, with its history', async () => {
  const redrive = { queue: 'dead', maxReceives: 2 };
  const { clock, engine, receive, counts } = testQueues(queueConfig('jobs', { redrive }), queueConfig('dead'));
  const sentAt = clock.now();
  const attributes = { kind: { type: 'String', value: 'x' } };
  const [id] = await engine.send(engine.queue('jobs'), [{ body: 'a', attributes, trace: 'Root=1' }]);
  await receive('jobs', { visibilityMs: 1_000 });
  await clock.advance(1_000);
  await receive('jobs', { visibilityMs: 1_000 });
  await clock.advance(1_000);
  expect(await counts('jobs')).toEqual([1, 0, 0]);
  expect(await receive('jobs')).toEqual([]);
  expect([await counts('jobs'), await counts('dead')]).toEqual([[0, 0, 0], [1, 0, 0]]); // prettier-ignore
  expect((await receive('dead'))[0]).toMatchObject({
    id,
    body: 'a',
    attributes,
    trace: 'Root=1',
    source: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    sentAt,
    firstReceivedAt: sentAt,
    receives: 3,
  });
});

it('looks behind messages that are moved', async () => {
  const redrive = { queue: 'dead', maxReceives: 1 };
  const { clock, send, receive } = testQueues(queueConfig('jobs', { redrive }), queueConfig('dead'));
  await send('jobs', 'bad');
  await receive('jobs', { visibilityMs: 1_000 });
  await send('jobs', 'good');
  await clock.advance(1_000);
  expect(bodies(await receive('jobs', { max: 1 }))).toEqual(['good']);
  expect(bodies(await receive('dead'))).toEqual(['bad']);
});

it('keeps a dead letter as long as its first sending allows', async () => {
  const redrive = { queue: 'dead', maxReceives: 1 };
  const configs = [queueConfig('jobs', { redrive }), queueConfig('dead', { retentionMs: 60_000 })];
  const { clock, send, receive, counts } = testQueues(...configs);
  await send('jobs', 'a');
  await receive('jobs', { visibilityMs: 40_000 });
  await clock.advance(40_000);
  await receive('jobs');
  expect(await counts('dead')).toEqual([1, 0, 0]);
  await clock.advance(20_000);
  expect(await counts('dead')).toEqual([0, 0, 0]);
});

it('keeps a message that has no dead-letter queue to go to', async () => {
  const { clock, send, receive } = testQueues(queueConfig('jobs', { redrive: { queue: 'gone', maxReceives: 1 } }));
  await send('jobs', 'a');
  await receive('jobs', { visibilityMs: 1_000 });
  await clock.advance(1_000);
  expect(bodies(await receive('jobs'))).toEqual(['a']);
});

it('removes by the latest receipt only, also when the visibility timeout is over', async () => {
  const { clock, engine, send, receive, counts } = testQueues(queueConfig('jobs'));
  await send('jobs', 'a');
  const [first] = await receive('jobs', { visibilityMs: 1_000 });
  await clock.advance(1_000);
  const [second] = await receive('jobs', { visibilityMs: 1_000 });
  await engine.remove(engine.queue('jobs'), [first?.receipt ?? '']);
  expect(await counts('jobs')).toEqual([0, 1, 0]);
  await clock.advance(1_000);
  await engine.remove(engine.queue('jobs'), [second?.receipt ?? '']);
  expect(await counts('jobs')).toEqual([0, 0, 0]);
});

it('leaves no timer when a client hangs up, and takes no message for it', async () => {
  const { clock, send, receive, counts } = testQueues(queueConfig('jobs'));
  const client = new AbortController();
  const got = receive('jobs', { waitMs: 20_000, signal: client.signal });
  await clock.advance(1_000);
  client.abort();
  expect(await got).toEqual([]);
  expect(clock.pending).toBe(0);
  await send('jobs', 'a');
  await clock.advance(1_000);
  expect(await counts('jobs')).toEqual([1, 0, 0]);
});

it('refuses a short poll when 120 000 messages are in flight, and has a long poll wait', async () => {
  const { clock, store, sqs, receive } = testQueues(queueConfig('jobs'));
  store.counts = () => Promise.resolve({ visible: 1, inFlight: MAX_IN_FLIGHT, delayed: 0 });
  await sqs.open();
  await clock.advance(1_000);
  await expect(receive('jobs')).rejects.toMatchObject({ type: 'OverLimit', status: 403 });
  const got = receive('jobs', { waitMs: 1_000 });
  await clock.advance(1_000);
  expect(await got).toEqual([]);
});

it('ends every wait when it drains', async () => {
  const { clock, sqs, receive } = testQueues(queueConfig('jobs'));
  const got = [receive('jobs', { waitMs: 20_000 }), receive('jobs', { waitMs: 20_000 })];
  await clock.advance(0);
  sqs.drain();
  expect(await Promise.all(got)).toEqual([[], []]);
  expect(await receive('jobs', { waitMs: 20_000 })).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('ends a wait at a queue that is gone', async () => {
  const { clock, config, receive, store } = testQueues(queueConfig('jobs'));
  const got = receive('jobs', { waitMs: 20_000 });
  const outcome = expect(got).rejects.toMatchObject({ type: 'QueueDoesNotExist' });
  await clock.advance(0);
  config.queues = [];
  await store.add('sqs/jobs', [{ id: '1', body: 'a', meta: {}, delayMs: 0, retentionMs: 60_000 }]);
  await clock.advance(0);
  await outcome;
});

it('gives back what the store hands out to a client that has gone', async () => {
  const { clock, store, send, receive, counts } = testQueues(queueConfig('jobs'));
  await send('jobs', 'a');
  const client = new AbortController();
  const take = store.receive.bind(store);
  store.receive = async (...given) => {
    const messages = await take(...given);
    client.abort();
    return messages;
  };
  expect(await receive('jobs', { waitMs: 20_000, signal: client.signal })).toEqual([]);
  await clock.advance(0);
  expect(await counts('jobs')).toEqual([1, 0, 0]);
});
