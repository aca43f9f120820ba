import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dispatcher } from '../../../emulator/dispatch/types.js';
import { failure, raw, request, startGateway, throttled, type TestFunction } from './harness.js';
import { VirtualClock } from '../../support/virtual-clock.js';

type Started = Awaited<ReturnType<typeof startGateway>>;
let started: Started[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ gateway }) => gateway.close()));
});

async function serve(functions: Record<string, TestFunction>, keys: Record<string, string>, options = {}) {
  const routes = Object.entries(keys).map(([key, name]) => {
    const [method = '', path = ''] = key.split(' ');
    return { function: name, method, path };
  });
  const one = await startGateway(functions, routes, options);
  started = [...started, one];
  return one;
}

const echo: TestFunction = (event) => event;
const hello: TestFunction = () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"hello":"world"}',
});
const message = (reply: { body: Buffer }): unknown =>
  (JSON.parse(reply.body.toString()) as { message: unknown }).message;

describe('a request through the gateway', () => {
  it('reaches the function of its route and comes back', async () => {
    const { url, records } = await serve({ echo }, { 'POST /orders/{id}': 'echo' });
    const reply = await request(
      `${url}/orders/7?a=1`,
      { method: 'POST', headers: { 'Content-Type': 'application/json' } },
      '{"n":1}',
    );
    expect(reply.status).toBe(200);
    const event = JSON.parse(reply.body.toString()) as Record<string, unknown>;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /orders/{id}',
      pathParameters: { id: '7' },
      queryStringParameters: { a: '1' },
      body: '{"n":1}',
      requestContext: { requestId: records[0]?.requestId },
    });
    expect(reply.headers['apigw-requestid']).toBe(records[0]?.requestId);
    expect(records[0]).toMatchObject({ function: 'echo', source: 'http', status: 200 });
  });

  it('that no route matches is 404, also while others change', async () => {
    const { url, gateway } = await serve({ hello }, { 'GET /hello': 'hello' });
    const unknown = await request(`${url}/nope`);
    expect([unknown.status, message(unknown)]).toEqual([404, 'Not Found']);
    gateway.setRoutes([{ function: 'hello', method: 'GET', path: '/nope' }]);
    expect((await request(`${url}/nope`)).status).toBe(200);
    expect((await request(`${url}/hello`)).status).toBe(404);
  });

  it('whose handler fails is 500, and the record says both', async () => {
    const fail: TestFunction = () => {
      throw failure('function', 'TypeError', 'secret');
    };
    const { url, records } = await serve({ fail, throttled }, { 'GET /fail': 'fail', 'GET /throttled': 'throttled' });
    const reply = await request(`${url}/fail`);
    expect([reply.status, reply.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(records[0]).toMatchObject({ status: 500, error: { kind: 'function', type: 'TypeError' } });
    expect((await request(`${url}/throttled`)).status).toBe(503);
  });

  it('whose answer is none is 500, and the developer is told', async () => {
    const bad: TestFunction = () => ({ statusCode: 200, headers: { 'x-bad': 'a\r\nb: c' } });
    const { url, log } = await serve({ bad }, { 'GET /bad': 'bad' });
    expect((await request(`${url}/bad`)).status).toBe(500);
    expect(log).toEqual([expect.stringContaining('GET /bad (bad): the handler\'s result has a header "x-bad"')]);
  });

  it('gets cookies, binary bodies and statuses without a body as they should be', async () => {
    const { url } = await serve(
      {
        cookies: () => ({ statusCode: 200, cookies: ['a=1', 'b=2'], body: 'AP8=', isBase64Encoded: true }),
        empty: () => ({ statusCode: 204, headers: { 'x-a': 'b' }, body: 'ignored' }),
        unchanged: () => ({ statusCode: 304, headers: { etag: '"x"' } }),
        hello,
      },
      { 'GET /cookies': 'cookies', 'GET /empty': 'empty', 'GET /unchanged': 'unchanged', 'ANY /hello': 'hello' },
    );
    const cookies = await request(`${url}/cookies`);
    expect(cookies.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(cookies.body).toEqual(Buffer.from([0, 255]));
    const empty = await request(`${url}/empty`);
    expect([empty.status, empty.body.length, empty.headers['content-length']]).toEqual([204, 0, undefined]);
    expect((await request(`${url}/unchanged`)).headers.etag).toBe('"x"');
    const head = await request(`${url}/hello`, { method: 'HEAD' });
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '17']);
  });

  it('reuses its connection', async () => {
    const { url } = await serve({ hello, echo }, { 'GET /hello': 'hello', 'POST /echo': 'echo' });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const reused: boolean[] = [];
    for (const [path, method, body] of [['/hello'], ['/nope', 'POST', 'x'], ['/echo', 'POST', 'y'], ['/hello']]) {
      const call = http.request(url + String(path), { agent, method: method ?? 'GET' }, (reply) => reply.resume());
      call.end(body);
      await once(call, 'close');
      reused.push(call.reusedSocket);
    }
    agent.destroy();
    expect(reused).toEqual([false, true, true, true]);
  });

  it('answers pipelined requests in their order', async () => {
    const slowFirst: TestFunction = (event) =>
      new Promise((resolve) => {
        const { rawPath } = event as { rawPath: string };
        if (rawPath === '/1') setImmediate(() => setImmediate(() => resolve('first')));
        else resolve('second');
      });
    const { port } = await serve({ slowFirst }, { 'GET /{n}': 'slowFirst' });
    const reply = await raw(
      port,
      'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(reply.indexOf('first')).toBeGreaterThan(0);
    expect(reply.indexOf('second')).toBeGreaterThan(reply.indexOf('first'));
  });
});

describe('a request body', () => {
  it('of 6 MB is taken, one byte more is 413 and the connection goes on', async () => {
    const { url } = await serve({ size: (event) => (event as { body: string }).body.length }, { 'POST /size': 'size' });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const options = { method: 'POST', agent, headers: { 'content-type': 'text/plain' } };
    const limit = 6_291_556;
    expect((await request(`${url}/size`, options, Buffer.alloc(limit, 'x'))).body.toString()).toBe(String(limit));
    const over = await request(`${url}/size`, options, Buffer.alloc(limit + 1, 'x'));
    expect([over.status, message(over), over.headers.connection]).toEqual([
      413,
      'Request Entity Too Large',
      'keep-alive',
    ]);
    expect((await request(`${url}/size`, options, 'abc')).body.toString()).toBe('3');
    agent.destroy();
  });

  it('that is announced far too large is refused before it is sent', async () => {
    const { port, records } = await serve({ echo }, { 'POST /echo': 'echo' });
    const reply = await raw(port, 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n');
    expect(reply).toMatch(/^HTTP\/1.1 413 /);
    expect(reply.toLowerCase()).toContain('connection: close');
    expect(records).toEqual([]);
  });

  it('whose sender hangs up never becomes an invocation', async () => {
    const { port, url, records, log } = await serve({ echo }, { 'POST /echo': 'echo' });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'connect');
    socket.destroy();
    await once(socket, 'close');
    await request(`${url}/echo`, { method: 'POST' }, 'whole');
    expect([records.length, log]).toEqual([1, []]);
  });
});

describe('what goes wrong', () => {
  it('a client that hangs up does not stop the handler', async () => {
    let finish: (value: unknown) => void = () => undefined;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const slow: TestFunction = () => new Promise((resolve) => ((finish = resolve), begun()));
    const { url, records, log, dispatcher } = await serve({ slow }, { 'GET /slow': 'slow' });
    const call = http.get(`${url}/slow`);
    const hungUp = once(call, 'error');
    await beginning;
    call.destroy();
    await hungUp;
    finish({ statusCode: 200, body: 'late' });
    await dispatcher.drain();
    expect(records).toMatchObject([{ function: 'slow', status: 200 }]);
    expect(log).toEqual([]);
  });

  it('a request that is not HTTP is a 400, headers without end a 431', async () => {
    const { port, url } = await serve({ hello }, { 'GET /hello': 'hello' });
    expect(await raw(port, 'not http\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect((await request(`${url}/hello`)).status).toBe(200);
  });

  it('a defect of our own is a 500 without a stack, logged once', async () => {
    const { url, log } = await serve(
      { hello },
      { 'GET /hello': 'hello' },
      {
        wrap: (dispatcher: Dispatcher): Dispatcher => ({
          has: (name) => dispatcher.has(name),
          names: () => dispatcher.names(),
          drain: () => dispatcher.drain(),
          invoke: () => Promise.reject(new Error('a bug')),
        }),
      },
    );
    const reply = await request(`${url}/hello`);
    expect([reply.status, reply.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(log).toEqual(['gateway: GET /hello: a bug']);
  });

  it('a function slower than 30 s is a 503, and it goes on', async () => {
    const clock = new VirtualClock();
    let finish: (value: unknown) => void = () => undefined;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const slow: TestFunction = () => new Promise((resolve) => ((finish = resolve), begun()));
    const { url, records, dispatcher } = await serve({ slow }, { 'GET /slow': 'slow' }, { clock });
    const reply = request(`${url}/slow`);
    await beginning;
    await clock.advance(30_000);
    const answered = await reply;
    expect([answered.status, message(answered)]).toEqual([503, 'Service Unavailable']);
    finish('late');
    await dispatcher.drain();
    expect(records).toMatchObject([{ status: 503 }]);
  });

  it('a port that is taken is named, with what to do', async () => {
    const { port } = await serve({ hello }, {});
    const { createGateway } = await import('../../../emulator/gateway/index.js');
    const [first] = started;
    const second = createGateway({
      dispatcher: (first as Started).dispatcher,
      clock: new VirtualClock(),
      newId: () => '',
      functions: () => undefined,
      accept: () => Promise.resolve(),
      logTail: () => Buffer.alloc(0),
    });
    await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${String(port)} on 127.0.0.1 is in use`,
      hint: expect.stringContaining('--port 0'),
    });
  });
});

describe('closing', () => {
  it('lets requests in flight finish and does not wait for idle connections', async () => {
    let finish: (value: unknown) => void = () => undefined;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const slow: TestFunction = () => new Promise((resolve) => ((finish = resolve), begun()));
    const { gateway, url, port } = await startGateway({ slow, hello }, [
      { function: 'slow', method: 'GET', path: '/slow' },
      { function: 'hello', method: 'GET', path: '/hello' },
    ]);
    const agent = new http.Agent({ keepAlive: true });
    await request(`${url}/hello`, { agent });
    const silent = net.connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const reply = request(`${url}/slow`, { agent: new http.Agent({ keepAlive: true }) });
    await beginning;
    const closed = gateway.close();
    finish({ statusCode: 200, body: 'in time' });
    const answered = await reply;
    expect([answered.body.toString(), answered.headers.connection]).toEqual(['in time', 'close']);
    await closed;
    await expect(request(`${url}/hello`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
    silent.destroy();
  });
});
