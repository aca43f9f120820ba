import type { ErrorRequestHandler } from 'express';
import { FaultlineError } from '../contract/errors.js';

/** Bytes of a request's body; the largest event is 6 MB, and JSON needs room around it. */
export const MAX_BODY_BYTES = 8 * 1_024 * 1_024;

/** What Express and its body parser throw for a request that is wrong. */
interface RequestError extends Error {
  readonly status: number;
  readonly type?: string;
}

function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error) || !('status' in error) || error instanceof FaultlineError) return false;
  return typeof error.status === 'number' && error.status < 500;
}

/** Any thrown value as the error that the caller is told. */
export function toFaultlineError(error: unknown): FaultlineError {
  if (!isRequestError(error)) return FaultlineError.from(error);
  if (error.type === 'entity.too.large') {
    return new FaultlineError('TOO_LARGE', `the body is larger than ${String(MAX_BODY_BYTES / 1_048_576)} MB`);
  }
  if (error.type === 'entity.parse.failed') {
    return new FaultlineError('USAGE', `the body is not JSON: ${error.message}`);
  }
  // An unknown charset, a body shorter than announced, a path that does not decode: all the caller's.
  return new FaultlineError('USAGE', `the request cannot be read: ${error.message}`);
}

/** Errors as JSON, `{error: ErrorBody}`, with the status of the error table. */
export function errorHandler(): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toFaultlineError(thrown);
    response.status(error.status).json({ error: error.toJSON() });
  };
}
