import type { Reply } from '../../http-reply.js';

/**
 * Service errors of the Lambda API as its SDKs read them: the name in x-amzn-ErrorType, the members under the letter case
 * of the service's model, which is not the same for all of them [FACTS section 1].
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly reply: Reply,
    message: string,
  ) {
    super(message);
  }
}

type Members = Readonly<Record<string, string | null>>;

function serviceError(status: number, name: string, members: Members): ServiceError {
  const headers = ['content-type', 'application/json', 'x-amzn-ErrorType', name];
  return new ServiceError({ status, headers, body: JSON.stringify(members) }, name);
}

export const resourceNotFound = (what: string): ServiceError =>
  serviceError(404, 'ResourceNotFoundException', { Type: 'User', Message: what });

/** @param arn qualified as the operation has it: Invoke adds `:$LATEST` to a name without a qualifier, reads do not [R] */
export const functionNotFound = (arn: string): ServiceError => resourceNotFound(`Function not found: ${arn}`);

/** What a mapping or a URL that is not there is called [R]. */
export const noSuchResource = (): ServiceError => resourceNotFound('The resource you requested does not exist.');

export const invalidRequestContent = (message: string, type: 'User' | null = 'User'): ServiceError =>
  serviceError(400, 'InvalidRequestContentException', { Type: type, message });

export const invalidParameter = (message: string): ServiceError =>
  serviceError(400, 'InvalidParameterValueException', { Type: 'User', message });

/** What the service checks before it looks at anything: patterns, lengths, enumerations [R]. */
export function validation(...problems: readonly string[]): ServiceError {
  const errors = problems.length === 1 ? 'error' : 'errors';
  const message = `${String(problems.length)} validation ${errors} detected: ${problems.join('; ')}`;
  return serviceError(400, 'ValidationException', { message });
}

export const notInEnum = (member: string, value: string, allowed: readonly string[]): ServiceError =>
  validation(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );

/** 429 with the Reason that the pool gives. @param body `{"Reason":…,"Type":"User","message":"Rate Exceeded."}` [R] */
export const tooManyRequests = (body: Buffer): Reply => ({
  status: 429,
  headers: ['content-type', 'application/json', 'x-amzn-ErrorType', 'TooManyRequestsException'],
  body,
});

/**
 * The name is the one that callers see [R], not the model's RequestTooLargeException; the wording differs between
 * synchronous and asynchronous invocations [R].
 */
export const requestTooLarge = (message: string): ServiceError =>
  serviceError(413, 'RequestEntityTooLargeException', { Message: message });

export const provisionedNotFound = (): ServiceError =>
  serviceError(404, 'ProvisionedConcurrencyConfigNotFoundException', {
    Type: 'User',
    message: 'No Provisioned Concurrency Config found for this function',
  });

export const accessDenied = (message: string): ServiceError =>
  serviceError(403, 'AccessDeniedException', { Message: message });

export const unknownOperation = (message: string): ServiceError =>
  serviceError(404, 'UnknownOperationException', { Message: message });

export const serviceException = (status: number, message: string): ServiceError =>
  serviceError(status, 'ServiceException', { Type: 'Service', Message: message });
