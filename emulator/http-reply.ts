import type { ServerResponse } from 'node:http';

/** An HTTP answer, ready to be written. */
export interface Reply {
  readonly status: number;
  /** Name, value, name, value …; without content-length, which is counted here. */
  readonly headers: readonly string[];
  readonly body?: Buffer | string;
}

/**
 * Writes the answer at once. Nothing happens when it was answered before or the client has hung up.
 * @param close true asks the client not to reuse the connection
 * @param more further names and values
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
