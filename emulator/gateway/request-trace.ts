import { newRoot, traceOfRequest } from '../trace-header.js';

/**
 * X-Amzn-Trace-Id as an event has it: a new root, or the caller's header behind the gateway's own entry, as load balancers
 * and function URLs do it (`Self=1-…;Root=1-…`) [D].
 */
export function requestTrace(rawHeaders: readonly string[], requestId: string, now: number): string {
  const given = traceOfRequest(rawHeaders);
  const own = newRoot(now, requestId);
  return given === undefined ? `Root=${own}` : `Self=${own};${given}`;
}
