import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import type { QueueConfig } from '../../contract/config.js';
import { queueConfig } from './fixture.js';
import { Queues } from './queues.js';

function fixture(...configs: QueueConfig[]) {
  const clock = new VirtualClock();
  const config = { queues: configs };
  return { clock, config, queues: new Queues(clock, () => config.queues) };
}

it('has the queues of the config, with their settings', () => {
  const { queues } = fixture(queueConfig('jobs', { visibilityMs: 5_000, redrive: { queue: 'dead', maxReceives: 2 } }));
  expect(queues.get('jobs')).toMatchObject({
    declared: true,
    settings: { visibilityMs: 5_000, maxBytes: 1_048_576, redrive: { queue: 'dead', maxReceives: 2 } },
  });
  expect(() => queues.get('other')).toThrow('The specified queue does not exist.');
});

it('keeps what API calls change, until the queue is edited in the config', () => {
  const { queues, config } = fixture(queueConfig('jobs'), queueConfig('other'));
  queues.change('jobs', { delayMs: 7_000 });
  config.queues = [queueConfig('jobs'), queueConfig('other', { delayMs: 1_000 })];
  expect(queues.get('jobs').settings.delayMs).toBe(7_000);
  config.queues = [queueConfig('jobs', { visibilityMs: 1_000 })];
  expect(queues.get('jobs').settings).toMatchObject({ delayMs: 0, visibilityMs: 1_000 });
});

it('forgets a queue that has left the config, and one that was deleted', () => {
  const { queues, config } = fixture(queueConfig('jobs'));
  expect(queues.all().map(({ name }) => name)).toEqual(['jobs']);
  config.queues = [];
  expect(queues.find('jobs')).toBeUndefined();
  queues.create('made', { waitMs: 1_000 }, {});
  expect(queues.get('made')).toMatchObject({ declared: false, settings: { waitMs: 1_000, visibilityMs: 30_000 } });
  queues.delete('made');
  expect(queues.all()).toEqual([]);
});

it('has a deleted name free again after a minute', async () => {
  const { queues, clock } = fixture();
  queues.create('made', {}, {});
  queues.delete('made');
  await clock.advance(59_000);
  expect(() => queues.create('made', {}, {})).toThrow('You must wait 60 seconds after deleting a queue');
  await clock.advance(1_000);
  queues.create('made', {}, {});
  expect(queues.find('made')).toBeDefined();
});

it('does not delete a queue of the config', () => {
  expect(() => fixture(queueConfig('jobs')).queues.delete('jobs')).toThrow('declared in the configuration');
});

it('knows whose dead letters a queue takes, by name', () => {
  const redrive = { queue: 'dead', maxReceives: 1 };
  const { queues } = fixture(queueConfig('b', { redrive }), queueConfig('dead'), queueConfig('a', { redrive }));
  expect(queues.sourcesOf('dead').map(({ name }) => name)).toEqual(['a', 'b']);
});
