import { MAX_PAYLOAD_BYTES } from '../../contract/config.js';
import type { Reply } from '../../http-reply.js';
import type { Work } from '../types.js';

/** What the Runtime API answers: statuses, bodies and headers of the service [S]. */

const JSON_HEADERS = ['content-type', 'application/json'] as const;

function failure(status: number, errorType: string, errorMessage: string): Reply {
  return { status, headers: JSON_HEADERS, body: `${JSON.stringify({ errorMessage, errorType })}\n` };
}

export const ACCEPTED: Reply = { status: 202, headers: JSON_HEADERS, body: '{"status":"OK"}\n' };

export const INVALID_REQUEST_ID = failure(400, 'InvalidRequestID', 'Invalid request ID');

export const INVALID_RESPONSE_MODE = failure(400, 'InvalidFunctionResponseMode', 'Invalid function response mode');

export const TRUNCATED_MESSAGE = 'HTTP request detected as truncated';
export const TRUNCATED = failure(400, 'TruncatedHTTPRequest', TRUNCATED_MESSAGE);

export const TOO_LARGE = failure(
  413,
  'RequestEntityTooLarge',
  `Exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
);

/** Not the service's: a page in a browser has no business here. */
export const FROM_A_BROWSER = failure(403, 'Forbidden', 'The Runtime API is for runtimes, not for pages in a browser.');

export const invalidTransition = (message: string): Reply => failure(403, 'InvalidStateTransition', message);

export const NOT_FOUND: Reply = {
  status: 404,
  headers: ['content-type', 'text/plain; charset=utf-8', 'x-content-type-options', 'nosniff'],
  body: '404 page not found\n',
};

export const wrongMethod = (allowed: string): Reply => ({ status: 405, headers: ['allow', allowed] });

export const PONG: Reply = { status: 200, headers: ['content-type', 'text/plain; charset=utf-8'], body: 'pong' };

/** The answer to `next`: headers that have no value are left out. */
export function eventReply({ requestId, payload, deadline, arn, traceId, clientContext }: Work): Reply {
  const headers = [
    ...['Lambda-Runtime-Aws-Request-Id', requestId],
    ...['Lambda-Runtime-Deadline-Ms', String(Math.floor(deadline))],
    ...['Lambda-Runtime-Invoked-Function-Arn', arn],
    ...JSON_HEADERS,
  ];
  if (traceId) headers.push('Lambda-Runtime-Trace-Id', headerValue(traceId));
  if (clientContext) headers.push('Lambda-Runtime-Client-Context', headerValue(clientContext));
  return { status: 200, headers, body: payload };
}

/** UTF-8 bytes as the service writes them; line ends and other controls, which no header may have, become spaces. */
function headerValue(text: string): string {
  // eslint-disable-next-line no-control-regex
  return Buffer.from(text.replace(/[\x00-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');
}
