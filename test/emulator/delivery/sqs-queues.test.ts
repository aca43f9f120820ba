import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDeletedRecently,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { queueConfig, startSqs } from './sqs-harness.js';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

let fixture: Awaited<ReturnType<typeof startSqs>>;

beforeEach(async () => {
  fixture = await startSqs(
    queueConfig('jobs', { redrive: { queue: 'dead', maxReceives: 2 }, visibilityMs: 60_000 }),
    queueConfig('dead'),
  );
});
afterEach(() => fixture.stop());

const attributes = async (name: string, ...AttributeNames: QueueAttributeName[]) => {
  const QueueUrl = fixture.queueUrl(name);
  return (await fixture.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
};
const create = (QueueName: string, given: object = {}) =>
  fixture.client.send(new CreateQueueCommand({ QueueName, ...given }));

it('finds queues of the config by name', async () => {
  const { client, url } = fixture;
  expect(await client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).toMatchObject({
    QueueUrl: `${url}/000000000000/jobs`,
  });
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toBeInstanceOf(QueueDoesNotExist);
});

it('tells the attributes of a queue', async () => {
  expect(await attributes('jobs', 'All')).toMatchObject({
    QueueArn: arn('jobs'),
    VisibilityTimeout: '60',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 }),
  });
  expect(await attributes('jobs', 'VisibilityTimeout')).toEqual({ VisibilityTimeout: '60' });
  expect(await attributes('jobs')).toBeUndefined();
});

it('changes attributes for this run', async () => {
  const { client, queueUrl, clock } = fixture;
  const QueueUrl = queueUrl('jobs');
  const Attributes = { VisibilityTimeout: '2', DelaySeconds: '5', RedrivePolicy: '', MaximumMessageSize: '1024' };
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const changed = await attributes('jobs', 'All');
  expect(changed).toMatchObject({ VisibilityTimeout: '2', DelaySeconds: '5', MaximumMessageSize: '1024' });
  expect(changed).not.toHaveProperty('RedrivePolicy');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a'.repeat(1_025) }))).rejects.toThrow(
    'Message must be shorter than 1024 bytes.',
  );
  await clock.advance(5_000);
  await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await clock.advance(2_000);
  expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
});

it('makes a queue, once', async () => {
  const { client, queueUrl } = fixture;
  const given = { Attributes: { DelaySeconds: '1' }, tags: { team: 'a' } };
  expect((await create('made', given)).QueueUrl).toBe(queueUrl('made'));
  expect((await create('made', given)).QueueUrl).toBe(queueUrl('made'));
  expect((await create('made')).QueueUrl).toBe(queueUrl('made'));
  const different = create('made', { Attributes: { DelaySeconds: '2' } });
  await expect(different).rejects.toBeInstanceOf(QueueNameExists);
  await expect(different).rejects.toThrow(
    'A queue already exists with the same name and a different value for attribute DelaySeconds',
  );
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl: queueUrl('made') }))).Tags).toEqual({ team: 'a' });
  await expect(create('jobs', { Attributes: { VisibilityTimeout: '60' } })).resolves.toBeDefined();
});

it('deletes a queue that was made, with its messages, and none of the config', async () => {
  const { client, queueUrl, store, clock } = fixture;
  const QueueUrl = queueUrl('made');
  await create('made');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  expect((await store.counts('sqs/made')).visible).toBe(0);
  const gone = client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  await expect(gone).rejects.toBeInstanceOf(QueueDoesNotExist);
  await expect(create('made')).rejects.toBeInstanceOf(QueueDeletedRecently);
  await clock.advance(60_000);
  await create('made');
  const declared = client.send(new DeleteQueueCommand({ QueueUrl: queueUrl('jobs') }));
  await expect(declared).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

it('purges a queue, at most once a minute', async () => {
  const { client, queueUrl, clock, store } = fixture;
  const QueueUrl = queueUrl('jobs');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  const purge = () => client.send(new PurgeQueueCommand({ QueueUrl }));
  await purge();
  expect((await store.counts('sqs/jobs')).visible).toBe(0);
  await expect(purge()).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on jobs is allowed every 60 seconds.',
    $metadata: { httpStatusCode: 403 },
  });
  await clock.advance(60_000);
  await purge();
});

it('lists queues in pages', async () => {
  const { client, queueUrl } = fixture;
  const list = (given: object) => client.send(new ListQueuesCommand(given));
  expect((await list({})).QueueUrls).toEqual([queueUrl('dead'), queueUrl('jobs')]);
  expect((await list({ QueueNamePrefix: 'j' })).QueueUrls).toEqual([queueUrl('jobs')]);
  expect(await list({ QueueNamePrefix: 'x' })).not.toHaveProperty('QueueUrls');
  const first = await list({ MaxResults: 1 });
  expect(first.QueueUrls).toEqual([queueUrl('dead')]);
  const second = await list({ MaxResults: 1, NextToken: first.NextToken });
  expect(second.QueueUrls).toEqual([queueUrl('jobs')]);
  expect(second.NextToken).toBeUndefined();
  await expect(list({ NextToken: '?' })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

it('tags a queue', async () => {
  const { client, queueUrl } = fixture;
  const QueueUrl = queueUrl('jobs');
  await client.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } }));
  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }));
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: '2' });
  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['b'] }));
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toBeUndefined();
});

it('sends dead letters back', async () => {
  const { client, queueUrl, clock, store } = fixture;
  const QueueUrl = queueUrl('jobs');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  for (let i = 0; i < 3; i++) {
    await client.send(new ReceiveMessageCommand({ QueueUrl }));
    await clock.advance(60_000);
  }
  expect((await store.counts('sqs/dead')).visible).toBe(1);
  const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queueUrl('dead') }));
  expect(sources.queueUrls).toEqual([QueueUrl]);
  const { TaskHandle } = await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead') }));
  await clock.advance(0);
  const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead') }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  expect((await store.counts('sqs/jobs')).visible).toBe(1);
  await expect(client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

it.each([
  [{ SourceArn: arn('jobs') }, 'Source queue must be configured as a Dead Letter Queue.'],
  [{ SourceArn: arn('none') }, "The resource that you specified for the SourceArn parameter doesn't exist."],
  [
    { SourceArn: arn('dead'), DestinationArn: arn('none') },
    "The resource that you specified for the DestinationArn parameter doesn't exist.",
  ],
  [{ SourceArn: 'dead' }, 'You must use this format to specify the SourceArn'],
])('starts no move task from %j', async (given, message) => {
  await expect(fixture.client.send(new StartMessageMoveTaskCommand(given))).rejects.toThrow(message);
});

it('cancels no move task that there is not', async () => {
  const cancel = (TaskHandle: string) => fixture.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  await expect(cancel('x')).rejects.toThrow('Value for parameter TaskHandle is invalid.');
  const handle = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: '1', sourceArn })).toString('base64');
  await expect(cancel(handle(arn('none')))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(cancel(handle(arn('dead')))).rejects.toThrow('Task does not exist.');
});

it('says that FIFO queues are not emulated', async () => {
  const fifo = create('made.fifo', { Attributes: { FifoQueue: 'true' } });
  await expect(fifo).rejects.toMatchObject({
    name: 'UnsupportedOperation',
    message: expect.stringContaining('FIFO queues are not emulated') as string,
  });
  await expect(create('not a name')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
