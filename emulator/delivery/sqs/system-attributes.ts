import type { ReceivedMessage } from './types.js';

/** The sender of every message: signatures are not checked. */
const SENDER_ID = 'AIDAFAULTLINELOCAL000';

/** Attributes that the service gives a message, in the order that Lambda's events have them [R]. */
export function systemAttributes(message: ReceivedMessage): Readonly<Record<string, string>> {
  const { receives, trace, sentAt, firstReceivedAt, group, source } = message;
  return {
    ApproximateReceiveCount: String(receives),
    ...(trace !== undefined && { AWSTraceHeader: trace }),
    SentTimestamp: String(sentAt),
    SenderId: SENDER_ID,
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(source !== undefined && { DeadLetterQueueSourceArn: source }),
  };
}
