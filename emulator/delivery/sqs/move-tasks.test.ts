import { expect, it } from 'vitest';
import { queueConfig, testQueues } from './fixture.js';
import { MoveTasks, queueOfHandle } from './move-tasks.js';
import { Queues } from './queues.js';

const redrive = { queue: 'dead', maxReceives: 1 };

/** `jobs` and `more` with their dead-letter queue, which has what could not be handled. */
async function fixture(letters: Readonly<Record<string, readonly string[]>>) {
  const made = testQueues(
    queueConfig('jobs', { redrive }),
    queueConfig('more', { redrive }),
    queueConfig('dead'),
    queueConfig('other'),
  );
  const { clock, store, config, send, receive } = made;
  for (const [queue, messages] of Object.entries(letters)) {
    await send(queue, ...messages);
    if (queue === 'dead') continue;
    await receive(queue, { visibilityMs: 1_000 });
    await clock.advance(1_000);
    await receive(queue);
  }
  let ids = 0;
  const queues = new Queues(clock, () => config.queues);
  const newId = (): string => `moved-${String(++ids)}`;
  const moves = new MoveTasks({ store, queues, clock, newId, touched: () => undefined });
  const received = async (queue: string): Promise<string[]> => (await receive(queue)).map(({ body }) => body);
  return { ...made, moves, received };
}

it('sends messages back to where they come from, as new ones', async () => {
  const { clock, moves, receive, received } = await fixture({ jobs: ['a', 'b'], more: ['c'] });
  const handle = moves.start('dead', undefined, undefined);
  await clock.advance(0);
  expect(queueOfHandle(handle)).toBe('dead');
  expect(await receive('jobs')).toMatchObject([
    { id: 'moved-2', body: 'a', receives: 1, sentAt: clock.now() },
    { id: 'moved-3', body: 'b' },
  ]);
  expect(await received('more')).toEqual(['c']);
  expect(moves.list('dead')).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: clock.now(),
    },
  ]);
});

it('moves at the rate that was asked for, one task at a time, until it is cancelled', async () => {
  const { clock, moves, counts } = await fixture({ jobs: ['a', 'b', 'c', 'd'] });
  const handle = moves.start('dead', 'other', 1);
  await clock.advance(1_500);
  expect(moves.list('dead')).toMatchObject([
    { Status: 'RUNNING', TaskHandle: handle, ApproximateNumberOfMessagesMoved: 2, MaxNumberOfMessagesPerSecond: 1 },
  ]);
  expect(() => moves.start('dead', undefined, undefined)).toThrow('There is already a task running.');
  expect(moves.cancel(handle)).toBe(2);
  await clock.advance(0);
  expect(moves.list('dead')).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 }]);
  expect(moves.cancel(handle)).toBe('ended');
  expect(moves.cancel('other')).toBeUndefined();
  expect([await counts('dead'), await counts('other')]).toEqual([[2, 0, 0], [2, 0, 0]]); // prettier-ignore
});

it.each([
  ['a message that comes from nowhere', 'CouldNotDetermineMessageSource', undefined],
  ['a queue that is gone', 'AWS.SimpleQueueService.NonExistentQueue', 'gone'],
])('fails at %s, which stays', async (_what, reason, to) => {
  const { clock, moves, received } = await fixture({ dead: ['a'] });
  moves.start('dead', to, undefined);
  await clock.advance(0);
  expect(moves.list('dead')).toMatchObject([{ Status: 'FAILED', FailureReason: reason }]);
  expect(await received('dead')).toEqual(['a']);
});

it('tells the ten most recent tasks, and ends with the emulator', async () => {
  const { clock, moves } = await fixture({});
  for (let i = 0; i < 12; i++) {
    moves.start('dead', 'other', undefined);
    await clock.advance(1_000);
  }
  expect(moves.list('dead')).toHaveLength(10);
  expect(moves.list('dead')[0]).toMatchObject({ StartedTimestamp: clock.now() - 1_000 });
  moves.close();
});

it('knows no queue of a handle that is none', () => {
  expect(['', 'x', Buffer.from('{"sourceArn":7}').toString('base64')].map(queueOfHandle)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
