import { checkBody, sizeOfMessage } from './contents.js';
import { invalidParameter, invalidValue } from './errors.js';
import { asObject, type Input } from './input.js';
import { md5, md5OfAttributes, readMessageAttributes, type MessageAttributes } from './message-attributes.js';
import type { OutgoingMessage } from './types.js';

const GROUP = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** A message to send, as SendMessage and an entry of SendMessageBatch have it; its size is yet to be checked. */
export interface Draft {
  readonly message: OutgoingMessage;
  /** Bytes. */
  readonly size: number;
  /** Members of the answer. */
  readonly digests: object;
}

/** @param trace the request's X-Amzn-Trace-Id, which becomes AWSTraceHeader when the message has none [R] */
export function readMessage(input: Input, trace: string | undefined): Draft {
  const body = input.optionalText('MessageBody') ?? '';
  checkBody(body);
  const attributes = readMessageAttributes(input.raw('MessageAttributes'));
  const system = readSystemAttributes(input);
  const group = readGroup(input);
  const delay = input.integer('DelaySeconds', 0, 900, 'DelaySeconds must be >= 0 and <= 900.');
  const header = system['AWSTraceHeader']?.value ?? trace;
  const message: OutgoingMessage = {
    body,
    attributes,
    ...(delay !== undefined && { delayMs: delay * 1_000 }),
    ...(header !== undefined && { trace: header }),
    ...(group !== undefined && { group }),
  };
  return { message, size: sizeOfMessage(body, attributes), digests: digestsOf(body, attributes, system) };
}

/** AWSTraceHeader is the only one, and a String [D]. */
function readSystemAttributes(input: Input): MessageAttributes {
  const given = asObject(input.raw('MessageSystemAttributes') ?? {}, 'MessageSystemAttributes');
  for (const name of Object.keys(given)) {
    if (name !== 'AWSTraceHeader') throw invalidValue(`Message system attribute name '${name}' is invalid.`);
  }
  const { AWSTraceHeader: header } = given;
  if (header === undefined) return {};
  // The name begins with what a user's attribute must not begin with; so it is read under another one.
  const attribute = readMessageAttributes({ TraceHeader: header })['TraceHeader'];
  if (attribute?.type !== 'String')
    throw invalidValue("Message system attribute 'AWSTraceHeader' must be of type 'String'.");
  return { AWSTraceHeader: attribute };
}

/** Standard queues take a group for fairness among tenants, and refuse what only FIFO queues have [D, R]. */
function readGroup(input: Input): string | undefined {
  const group = input.optionalText('MessageGroupId');
  if (group !== undefined && !GROUP.test(group)) {
    const reason = 'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.';
    throw invalidParameter('MessageGroupId', group, reason);
  }
  const deduplication = input.optionalText('MessageDeduplicationId');
  if (deduplication !== undefined) {
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw invalidParameter('MessageDeduplicationId', deduplication, reason);
  }
  return group;
}

function digestsOf(body: string, attributes: MessageAttributes, system: MessageAttributes): object {
  return {
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
  };
}
