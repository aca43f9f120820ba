import type { Reply } from '../http-reply.js';

/**
 * Service errors of the Lambda API as its SDKs read them: the name in x-amzn-ErrorType, the members under the letter case
 * of the service's model, which is not the same for all of them [FACTS section 1].
 */
function serviceError(status: number, name: string, members: Readonly<Record<string, string>>): Reply {
  return {
    status,
    headers: ['content-type', 'application/json', 'x-amzn-ErrorType', name],
    body: JSON.stringify(members),
  };
}

export const resourceNotFound = (what: string): Reply =>
  serviceError(404, 'ResourceNotFoundException', { Type: 'User', Message: what });

export const functionNotFound = (arn: string): Reply => resourceNotFound(`Function not found: ${arn}`);

export const invalidRequestContent = (message: string): Reply =>
  serviceError(400, 'InvalidRequestContentException', { Type: 'User', message });

export const invalidParameter = (message: string): Reply =>
  serviceError(400, 'InvalidParameterValueException', { Type: 'User', message });

export const tooManyRequests: Reply = serviceError(429, 'TooManyRequestsException', {
  Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  Type: 'User',
  message: 'Rate Exceeded.',
});

export const requestTooLarge = (size: number, type: string, limit: number): Reply =>
  serviceError(413, 'RequestTooLargeException', {
    Type: 'User',
    message: `${String(size)} byte payload is too large for the ${type} invocation type (limit ${String(limit)} bytes)`,
  });

export const serviceException = (status: number, message: string): Reply =>
  serviceError(status, 'ServiceException', { Type: 'Service', Message: message });
