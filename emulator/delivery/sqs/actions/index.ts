import { GetQueueAttributes, SetQueueAttributes } from './attributes.js';
import { DeleteMessage, DeleteMessageBatch } from './delete.js';
import { CancelMessageMoveTask, ListMessageMoveTasks, StartMessageMoveTask } from './move.js';
import { CreateQueue, DeleteQueue, GetQueueUrl, ListDeadLetterSourceQueues, ListQueues, PurgeQueue } from './queues.js';
import { ReceiveMessage } from './receive.js';
import { SendMessage, SendMessageBatch } from './send.js';
import { ListQueueTags, TagQueue, UntagQueue } from './tags.js';
import type { Action } from './types.js';
import { ChangeMessageVisibility, ChangeMessageVisibilityBatch } from './visibility.js';

/** Every action by the name that x-amz-target has after `AmazonSQS.`. */
export const actions = {
  CancelMessageMoveTask,
  ChangeMessageVisibility,
  ChangeMessageVisibilityBatch,
  CreateQueue,
  DeleteMessage,
  DeleteMessageBatch,
  DeleteQueue,
  GetQueueAttributes,
  GetQueueUrl,
  ListDeadLetterSourceQueues,
  ListMessageMoveTasks,
  ListQueues,
  ListQueueTags,
  PurgeQueue,
  ReceiveMessage,
  SendMessage,
  SendMessageBatch,
  SetQueueAttributes,
  StartMessageMoveTask,
  TagQueue,
  UntagQueue,
} as const satisfies Record<string, Action>;

/** Actions of the service that have no counterpart here. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  AddPermission: 'Permissions are not emulated by Faultline: every caller may do everything.',
  RemovePermission: 'Permissions are not emulated by Faultline: every caller may do everything.',
};
