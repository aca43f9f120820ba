import type { Reply } from '../http-reply.js';

/** `{"message":"Not Found"}` and its like, as API Gateway words them. */
export function messageReply(status: number, message: string): Reply {
  return { status, headers: ['content-type', 'application/json'], body: JSON.stringify({ message }) };
}

/** What a hidden defect of ours or of the handler looks like from outside. */
export const internalError = messageReply(500, 'Internal Server Error');
export const serviceUnavailable = messageReply(503, 'Service Unavailable');
export const notFound = messageReply(404, 'Not Found');
