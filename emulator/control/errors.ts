import type { ErrorRequestHandler } from 'express';
import { FaultlineError } from '../contract/errors.js';

/** Bytes of a request's body; the largest event is 6 MB, and JSON needs room around it. */
export const MAX_BODY_BYTES = 8 * 1_024 * 1_024;

/** What body-parser throws. */
interface ParserError extends Error {
  readonly type: string;
  readonly status: number;
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'type' in error && 'status' in error;
}

/** Any thrown value as the error that the caller is told. */
export function toFaultlineError(error: unknown): FaultlineError {
  if (!isParserError(error)) return FaultlineError.from(error);
  if (error.type === 'entity.too.large') {
    return new FaultlineError('TOO_LARGE', `the body is larger than ${String(MAX_BODY_BYTES / 1_048_576)} MB`);
  }
  if (error.type === 'entity.parse.failed') {
    return new FaultlineError('USAGE', `the body is not JSON: ${error.message}`);
  }
  // An unknown charset or encoding, a body shorter than announced: 400 to 415, all the caller's.
  return new FaultlineError('USAGE', `the body cannot be read: ${error.message}`);
}

/** Errors as JSON, `{error: ErrorBody}`, with the status of the error table. */
export function errorHandler(): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toFaultlineError(thrown);
    response.status(error.status).json({ error: error.toJSON() });
  };
}
