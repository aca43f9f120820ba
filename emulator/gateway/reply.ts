import type { ServerResponse } from 'node:http';

/** An HTTP answer, ready to be written. */
export interface Reply {
  readonly status: number;
  /** Name, value, name, value …; without content-length, which is counted here. */
  readonly headers: readonly string[];
  readonly body?: Buffer | string;
}

/** `{"message":"Not Found"}` and its like, as API Gateway words them. */
export function messageReply(status: number, message: string): Reply {
  return { status, headers: ['content-type', 'application/json'], body: JSON.stringify({ message }) };
}

/** What a hidden defect of ours or of the handler looks like from outside. */
export const internalError = messageReply(500, 'Internal Server Error');
export const serviceUnavailable = messageReply(503, 'Service Unavailable');
export const notFound = messageReply(404, 'Not Found');

/**
 * Writes the answer at once. Nothing happens when it was answered before or the client has hung up.
 * @param close true asks the client not to reuse the connection
 */
export function send(response: ServerResponse, reply: Reply, close: boolean, ...more: string[]): void {
  if (response.headersSent || response.destroyed) return;
  const { status, body = '' } = reply;
  const headers = [...reply.headers, ...more];
  if (close) headers.push('connection', 'close');
  // RFC 9110: neither of the two has content, and a 204 must not even tell a length.
  if (status === 204 || status === 304) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  headers.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length));
  response.writeHead(status, headers);
  if (response.req.method === 'HEAD') response.end();
  else response.end(body);
}
