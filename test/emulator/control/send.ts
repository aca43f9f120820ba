import { once } from 'node:events';
import http from 'node:http';
import type { FakeControl } from './fake-backend.js';

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** By node:http, since fetch does not let a caller choose Host and Origin. */
export async function sendTo(
  control: FakeControl,
  { method = 'GET', path: at = '/api/snapshot', headers = {}, body }: Sent,
) {
  const request = http.request({ host: '127.0.0.1', port: control.port, path: at, method, headers });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() };
}
