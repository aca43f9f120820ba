import type { IncomingMessage } from 'node:http';
import { FaultlineError } from '../contract/errors.js';
import type { RequestFaults } from '../faults/types.js';
import type { Reply } from '../http-reply.js';
import { messageReply } from './reply.js';

/** Faults that one request asks for itself: for tests, and off unless it is switched on. */
export const FAULT_HEADER = 'x-faultline-fault';

/**
 * @param header reads the header; called only while this is switched on
 * @returns undefined when it is not, or the request asks for none; rejects with FAULT_INVALID
 */
export type RequestFaultsOf = (header: () => string | undefined) => Promise<RequestFaults> | undefined;

/** To be spread into the invocation of a request. */
export type Asked = { readonly faults: RequestFaults } | undefined;

/**
 * Goes on with the faults that a request asks for: at once when it asks for none, which is the hot path.
 * @param refuse answers a request that asks for what there is not
 */
export function withAskedFaults(
  of: RequestFaultsOf | undefined,
  { headers }: IncomingMessage,
  go: (asked: Asked) => void,
  refuse: (reply: Reply) => void,
): void {
  const asked = of?.(() => {
    const value = headers[FAULT_HEADER];
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  });
  if (!asked) return go(undefined);
  asked.then(
    (faults) => go({ faults }),
    (error: unknown) => refuse(badFault(error)),
  );
}

function badFault(error: unknown): Reply {
  const { message, hint } = FaultlineError.from(error);
  return messageReply(400, [`${FAULT_HEADER}: ${message}`, hint].filter(Boolean).join('. '));
}
