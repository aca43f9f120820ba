import type { IncomingMessage } from 'node:http';
import type { Reply } from '../../http-reply.js';

/** Members of a request or an answer, whatever the wire: numbers are numbers, times are Dates on the way out. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Call {
  /** `PutMetricData` … */
  readonly action: string;
  readonly input: Fields;
}

/** One of the three wires that SDKs speak to CloudWatch; the actions know none of them. */
export interface Protocol {
  /** Told by URL and headers. */
  serves(request: IncomingMessage): boolean;
  /** @throws CloudWatchError for a body that makes no sense */
  decode(request: IncomingMessage, body: Buffer): Call;
  answer(action: string, output: Fields, requestId: string): Reply;
  failure(error: CloudWatchError, requestId: string): Reply;
}

/** Names of an error: of the shape, as SDKs' classes have it, and of the older Query protocol [S: the service's model]. */
const errors = {
  InvalidParameterValueException: { code: 'InvalidParameterValue', status: 400 },
  InvalidParameterCombinationException: { code: 'InvalidParameterCombination', status: 400 },
  MissingRequiredParameterException: { code: 'MissingParameter', status: 400 },
  InternalServiceFault: { code: 'InternalServiceError', status: 500 },
  SerializationException: { code: 'MalformedInput', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  RequestEntityTooLargeException: { code: 'RequestEntityTooLarge', status: 413 },
} as const;

export class CloudWatchError extends Error {
  /** Of the Query protocol. */
  readonly code: string;
  readonly status: number;

  constructor(
    readonly shape: keyof typeof errors,
    message: string,
  ) {
    super(message);
    this.code = errors[shape].code;
    this.status = errors[shape].status;
  }

  /** Whose fault it is, in the words of the Query protocol. */
  get type(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}
