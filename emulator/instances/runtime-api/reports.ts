import type { IncomingMessage } from 'node:http';
import type { InitErrorBody } from '../frames.js';

/** What a runtime reports as an error, and what the host reports in its place. */

export interface ErrorReport {
  /** As the caller gets it. */
  readonly payload: Buffer;
  /** From the header; of a payload that tells a type of its own, the record has that. */
  readonly type: string;
}

const TYPE_HEADER = 'lambda-runtime-function-error-type';
const BODY_HEADER = 'lambda-runtime-function-error-body';
/** A body that carries the cause for X-Ray beside the error [S]. */
const WITH_CAUSE = 'application/vnd.aws.lambda.error.cause+json';

/** The service takes any `Runtime.Xyz` and `Function.Xyz`, and calls the rest unknown [S]. */
export function errorType(given: string | undefined): string {
  if (given !== undefined && /(Runtime|Function)\.[A-Z][a-zA-Z]+/.test(given)) return given;
  return given?.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

/** The error of an invocation; its body is passed on as it is, whatever it is. */
export function reportOf(request: IncomingMessage, body: Buffer): ErrorReport {
  const type = errorType(single(request.headers[TYPE_HEADER]));
  return { type, payload: request.headers['content-type'] === WITH_CAUSE ? withoutCause(body) : body };
}

/** The error that ended a streamed response: in trailers that the request has announced; undefined when there is none. */
export function trailerReport({ headers, trailers }: IncomingMessage): ErrorReport | 'not announced' | undefined {
  const given = trailers[TYPE_HEADER];
  if (!given) return undefined;
  if (headers.trailer === undefined) return 'not announced';
  const type = errorType(given);
  const body = Buffer.from(trailers[BODY_HEADER] ?? '', 'base64');
  return { type, payload: body.length > 0 ? body : hostError(type, '') };
}

/** What an instance that failed to start is told to have said. */
export function initReport(request: IncomingMessage, body: Buffer): InitErrorBody {
  const type = errorType(single(request.headers[TYPE_HEADER]));
  const parsed = objectOf(body);
  if (!parsed) return { error: { errorType: type, errorMessage: body.toString() } };
  const told = { errorType: type, errorMessage: '', ...parsed };
  return { error: { ...told, errorType: String(told.errorType), errorMessage: String(told.errorMessage) } };
}

/** An error that the host reports, in the service's shape. */
export function hostError(type: string, message: string, requestId?: string): Buffer {
  const errorMessage = requestId === undefined ? message : `RequestId: ${requestId} Error: ${message}`;
  return Buffer.from(JSON.stringify({ errorType: type, errorMessage }));
}

function withoutCause(body: Buffer): Buffer {
  const parsed = objectOf(body);
  if (!parsed) return Buffer.from('"Invalid error body"');
  const { errorMessage = '', errorType: type = '', stackTrace } = parsed;
  return Buffer.from(JSON.stringify({ errorMessage, errorType: type, stackTrace }));
}

function objectOf(body: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
