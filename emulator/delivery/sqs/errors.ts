/**
 * Errors of the SQS API. `type` is what the SDK maps to its exception classes, `code` is what the header
 * x-amzn-query-error says: the name that the old Query protocol had, which most SDKs show [S: SDK model; R: codes of
 * InvalidParameterValue, MissingParameter, InvalidAttributeName].
 */
const table = {
  BatchEntryIdsNotDistinct: { code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct', status: 400 },
  BatchRequestTooLong: { code: 'AWS.SimpleQueueService.BatchRequestTooLong', status: 400 },
  EmptyBatchRequest: { code: 'AWS.SimpleQueueService.EmptyBatchRequest', status: 400 },
  InvalidAction: { code: 'InvalidAction', status: 400 },
  InvalidAddress: { code: 'InvalidAddress', status: 404 },
  InvalidAttributeName: { code: 'InvalidAttributeName', status: 400 },
  InvalidAttributeValue: { code: 'InvalidAttributeValue', status: 400 },
  InvalidBatchEntryId: { code: 'AWS.SimpleQueueService.InvalidBatchEntryId', status: 400 },
  InvalidMessageContents: { code: 'InvalidMessageContents', status: 400 },
  InvalidParameterValueException: { code: 'InvalidParameterValue', status: 400 },
  MissingRequiredParameterException: { code: 'MissingParameter', status: 400 },
  OverLimit: { code: 'OverLimit', status: 403 },
  PurgeQueueInProgress: { code: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  QueueDeletedRecently: { code: 'AWS.SimpleQueueService.QueueDeletedRecently', status: 400 },
  QueueDoesNotExist: { code: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 },
  QueueNameExists: { code: 'QueueAlreadyExists', status: 400 },
  ReceiptHandleIsInvalid: { code: 'ReceiptHandleIsInvalid', status: 404 },
  RequestEntityTooLarge: { code: 'RequestEntityTooLarge', status: 413 },
  ResourceNotFoundException: { code: 'ResourceNotFoundException', status: 404 },
  SerializationException: { code: 'SerializationException', status: 400 },
  ServiceUnavailable: { code: 'ServiceUnavailable', status: 503 },
  InternalFailure: { code: 'InternalFailure', status: 500 },
  TooManyEntriesInBatchRequest: { code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest', status: 400 },
  UnsupportedOperation: { code: 'AWS.SimpleQueueService.UnsupportedOperation', status: 400 },
} as const satisfies Record<string, { readonly code: string; readonly status: number }>;

export type SqsErrorType = keyof typeof table;

export class SqsError extends Error {
  override readonly name = 'SqsError';

  constructor(
    readonly type: SqsErrorType,
    message: string,
  ) {
    super(message);
  }

  get code(): string {
    return table[this.type].code;
  }

  get status(): number {
    return table[this.type].status;
  }

  /** Whose fault it is. */
  get fault(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

export const invalidValue = (message: string): SqsError => new SqsError('InvalidParameterValueException', message);

/** `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.` [R] */
export const invalidParameter = (name: string, value: unknown, reason: string): SqsError =>
  invalidValue(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);

/** [R] */
export const missingParameter = (name: string): SqsError =>
  new SqsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);

/** [R] */
export const noSuchQueue = (): SqsError => new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** [R] */
export const badReceiptHandle = (handle: string): SqsError =>
  new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);

export const noFifo = (): SqsError =>
  new SqsError('UnsupportedOperation', 'FIFO queues are not emulated by Faultline; use a standard queue.');
