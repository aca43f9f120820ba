import { expect, it } from 'vitest';
import { queueConfig, testQueues } from './fixture.js';

it('sends messages of the emulator itself, with attributes', async () => {
  const { sqs, receive } = testQueues(queueConfig('dead'));
  await sqs.send('dead', '{"sku":"a"}', { RequestID: 'r1', ErrorCode: 200, ErrorMessage: '' });
  expect((await receive('dead'))[0]).toMatchObject({
    body: '{"sku":"a"}',
    attributes: { RequestID: { type: 'String', value: 'r1' }, ErrorCode: { type: 'Number', value: '200' } },
  });
});

it('refuses what SQS would refuse', async () => {
  const { sqs } = testQueues(queueConfig('dead'));
  await expect(sqs.send('other', 'x', {})).rejects.toMatchObject({ type: 'QueueDoesNotExist' });
  await expect(sqs.send('dead', 'x'.repeat(1_048_577), {})).rejects.toThrow('shorter than 1048576 bytes');
  await expect(sqs.send('dead', '\u0000', {})).rejects.toMatchObject({ type: 'InvalidMessageContents' });
});

it('tells what an earlier run has left, and then what happens', async () => {
  const redrive = { queue: 'dead', maxReceives: 3 };
  const { clock, store, sqs, send, receive, told } = testQueues(queueConfig('jobs', { redrive }), queueConfig('dead'));
  await store.add('sqs/jobs', [{ id: '1', body: 'a', meta: {}, delayMs: 0, retentionMs: 60_000 }]);
  await sqs.open();
  sqs.setConsumers(new Map([['jobs', ['worker']]]));
  const nothing = { visible: 0, inFlight: 0, delayed: 0, functions: [], deadLetterOf: [] };
  expect(sqs.snapshot()).toEqual([
    { ...nothing, name: 'dead', deadLetterOf: ['jobs'] },
    { ...nothing, name: 'jobs', visible: 1, functions: ['worker'] },
  ]);
  const before = told.changes;
  await send('jobs', 'b');
  await receive('jobs', { max: 1 });
  await clock.advance(1_000);
  expect(sqs.snapshot()[1]).toMatchObject({ visible: 1, inFlight: 1 });
  expect(told.changes).toBeGreaterThan(before);
});

it('leaves no timer and no listener behind', async () => {
  const { clock, sqs, send, receive } = testQueues(queueConfig('jobs'));
  await sqs.open();
  await send('jobs', 'a');
  const got = receive('jobs', { waitMs: 20_000, visibilityMs: 0 });
  sqs.close();
  await got;
  expect(clock.pending).toBeLessThanOrEqual(1); // the store's own, for the retention of the message
});
