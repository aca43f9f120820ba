import { tooManyRequests } from '../lambda/errors.js';
import { hasContentType, refused, type Front, type Mapped } from '../http-result.js';
import { Prelude } from './prelude.js';

/** How a function URL answers; what it has in common with an HTTP API is there. */

const BYTES_TYPE = ['content-type', 'application/octet-stream'];

export const FUNCTION_URL: Front = {
  refusal: 'a function URL answers 502',
  // Plain text under a JSON type: that is how the service has it [R].
  failed: { status: 502, headers: ['content-type', 'application/json'], body: 'Internal Server Error' },
  throttled: tooManyRequests,
  bodyType: ['content-type', 'application/json'],
  text: gathered,
};

/** What a handler has streamed to a caller who takes no streams: its prelude counts, when it has one. */
function gathered(payload: Buffer): Mapped {
  const found = payload[0] === 0x7b ? new Prelude().push(payload) : undefined;
  if (found === undefined) return { reply: { status: 200, headers: BYTES_TYPE, body: payload } };
  if (typeof found === 'string') return refused(found, FUNCTION_URL);
  const { head, rest } = found;
  if (rest.length > 0 && !hasContentType(head.headers)) head.headers.push(...BYTES_TYPE);
  return { reply: { ...head, body: rest } };
}
