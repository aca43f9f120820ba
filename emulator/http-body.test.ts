import { createServer, request as call, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hasBody, headerOf, readBody, type Body } from './http-body.js';
import { send } from './http-reply.js';

const LIMIT = 1_000;
let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** A server that tells what it read of one request. */
async function reading(): Promise<{ port: number; read: Promise<{ request: IncomingMessage; body: Body }> }> {
  let tell: (read: { request: IncomingMessage; body: Body }) => void;
  const read = new Promise<{ request: IncomingMessage; body: Body }>((resolve) => (tell = resolve));
  const server = createServer((request, response) =>
    readBody(request, LIMIT, (body) => {
      tell({ request, body });
      send(response, { status: 200, headers: ['x-a', 'b'], body: body.state }, body.state !== 'complete', 'x-c', 'd');
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => (server.closeAllConnections(), server.close());
  return { port: (server.address() as AddressInfo).port, read };
}

async function post(port: number, body: Buffer): Promise<{ headers: IncomingMessage['headers']; text: string }> {
  const sent = call({ port, host: '127.0.0.1', method: 'POST' });
  sent.end(body);
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of reply) text += String(chunk);
  return { headers: reply.headers, text };
}

describe('a body', () => {
  it('is whole up to the limit', async () => {
    const { port, read } = await reading();
    const { headers, text } = await post(port, Buffer.alloc(LIMIT, 'x'));
    const { request, body } = await read;
    expect(body).toEqual({ state: 'complete', bytes: Buffer.alloc(LIMIT, 'x') });
    expect([hasBody(request), headerOf(request, 'content-length'), headerOf(request, 'nope')]).toEqual([
      true,
      String(LIMIT),
      undefined,
    ]);
    expect(headers).toMatchObject({ 'x-a': 'b', 'x-c': 'd', 'content-length': '8' });
    expect(text).toBe('complete');
  });

  it('is complete and empty when there is none', async () => {
    const { port, read } = await reading();
    await post(port, Buffer.alloc(0));
    const { request, body } = await read;
    expect([hasBody(request), body]).toEqual([false, { state: 'complete', bytes: Buffer.alloc(0) }]);
  });

  it('is too large with one byte more, read to its end', async () => {
    const { port, read } = await reading();
    expect((await post(port, Buffer.alloc(LIMIT + 1))).headers.connection).toBe('close');
    expect((await read).body).toEqual({ state: 'too-large', size: LIMIT + 1, ended: true });
  });

  it('that is announced far too large is not waited for', async () => {
    const { port, read } = await reading();
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n');
    expect((await read).body).toEqual({ state: 'too-large', size: 9_000_000_000, ended: false });
    socket.destroy();
  });

  it('whose sender hangs up is gone', async () => {
    const { port, read } = await reading();
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'connect');
    socket.destroy();
    expect((await read).body).toEqual({ state: 'gone' });
  });
});
