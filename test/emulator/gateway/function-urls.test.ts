import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentOf } from '../../../emulator/trace-header.js';
import { failure, raw, request, startGateway, throttledBy, unloadable, type TestFunction } from './harness.js';

const BLOCK = Buffer.alloc(1_048_576, 'x');
const BLOCKS = 20;
const PRELUDE = { statusCode: 201, headers: { 'X-A': 'b', 'content-type': 'text/html' }, cookies: ['a=1', 'b=2'] };

let started: Awaited<ReturnType<typeof startGateway>>;
/** A gate that a test opens for the function `steps`. */
let open: () => void = () => undefined;
let waits = 0;

const fails: TestFunction = () => {
  throw failure('function', 'TypeError', 'secret');
};
const echo: TestFunction = (event) => event;

const buffered: Record<string, TestFunction> = {
  echo,
  value: (event) => JSON.parse((event as { body: string }).body),
  fails,
  busy: throttledBy('ReservedFunctionConcurrentInvocationLimitExceeded'),
  broken: unloadable,
  streaming: async (_event, _work, stream) => {
    await stream.prelude(PRELUDE);
    await stream.write('<p>');
  },
  raw: async (_event, _work, stream) => stream.write('just text'),
};

const streamed: Record<string, TestFunction> = {
  page: async (_event, _work, stream) => {
    stream.start('application/vnd.awslambda.http-integration-response');
    // Byte by byte: a runtime may cut anywhere.
    for (const byte of Buffer.from(`${JSON.stringify(PRELUDE)}${'\0'.repeat(8)}<p>ä`)) {
      await stream.write(Buffer.of(byte));
    }
  },
  bytes: async (_event, _work, stream) => stream.write('plain bytes'),
  typed: async (_event, _work, stream) => {
    stream.start('text/event-stream');
    await stream.write('data: 1\n\n');
  },
  steps: async (_event, _work, stream) => {
    await stream.prelude({});
    await stream.write('one');
    await new Promise<void>((resolve) => (open = resolve));
    await stream.write('two');
  },
  whole: () => ({ statusCode: 418, body: 'not looked at' }),
  early: fails,
  late: async (_event, _work, stream) => {
    await stream.write('half');
    throw failure('timeout', 'Sandbox.Timedout', 'too late');
  },
  empty: (_event, _work, stream) => stream.start(''),
  noPrelude: async (_event, _work, stream) => {
    stream.start('application/vnd.awslambda.http-integration-response');
    await stream.write('{"statusCode":200}');
  },
  badPrelude: async (_event, _work, stream) => {
    await stream.prelude({ headers: { 'x-bad': 'a\r\nb: c' } });
    await stream.write('never seen');
  },
  flood: async (_event, _work, stream) => {
    await stream.prelude({});
    for (let i = 0; i < BLOCKS; i++) await stream.write(BLOCK);
    waits = stream.waits;
  },
  busyStream: throttledBy('ConcurrentInvocationLimitExceeded'),
};

beforeAll(async () => {
  const configs = {
    ...Object.fromEntries(Object.keys(buffered).map((name) => [name, { url: { mode: 'buffered' as const } }])),
    ...Object.fromEntries(Object.keys(streamed).map((name) => [name, { url: { mode: 'stream' as const } }])),
    traced: { url: { mode: 'buffered' as const }, tracing: 'active' as const },
  };
  const functions = { ...buffered, ...streamed, traced: echo, private: echo };
  const routes = [{ function: 'private', method: 'ANY', path: '/{path+}' }];
  started = await startGateway(functions, routes, { configs });
});
afterAll(() => started.gateway.close());

const at = (name: string, target = '/'): string => `${started.url}/_url/${name}${target}`;
const post = (name: string, headers: http.OutgoingHttpHeaders, body: string | Buffer) =>
  request(at(name), { method: 'POST', headers }, body);
const parsed = (reply: { body: Buffer }) => JSON.parse(reply.body.toString()) as Record<string, unknown>;
const last = () => started.records.at(-1);

describe('a function URL', () => {
  it('is a path and a host name, under which the function sees the same', async () => {
    expect(started.gateway.functionUrl('echo')).toBe(at('echo'));
    expect(started.gateway.functionUrl('private')).toBeUndefined();
    const byPath = parsed(await request(at('echo', '/a%2Fb/c?d=1&d=2')));
    const headers = { Host: `echo.localhost:${String(started.port)}` };
    const byHost = parsed(await request(`${started.url}/a%2Fb/c?d=1&d=2`, { headers }));
    for (const event of [byPath, byHost]) {
      expect(event).toMatchObject({
        version: '2.0',
        routeKey: '$default',
        rawPath: '/a%2Fb/c',
        rawQueryString: 'd=1&d=2',
        queryStringParameters: { d: '1,2' },
        requestContext: {
          accountId: 'anonymous',
          apiId: 'echo',
          domainName: `echo.localhost:${String(started.port)}`,
          domainPrefix: 'echo',
          http: { method: 'GET', path: '/a%2Fb/c' },
          routeKey: '$default',
          stage: '$default',
        },
        isBase64Encoded: false,
      });
      expect(event).not.toHaveProperty('pathParameters');
    }
    expect(last()).toMatchObject({ function: 'echo', source: 'url', status: 200 });
  });

  it('has its request id and its trace in the answer', async () => {
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    const reply = await request(at('traced'), { headers: { 'X-Amzn-Trace-Id': `Root=${root}` } });
    const { requestId = '' } = last() ?? {};
    expect(reply.headers['x-amzn-requestid']).toBe(requestId);
    expect(reply.headers['x-amzn-trace-id']).toBe(`Root=${root};Parent=${segmentOf(requestId)};Sampled=1`);
    const { headers } = parsed(reply) as { headers: Record<string, string> };
    expect(headers['x-amzn-trace-id']).toMatch(new RegExp(`^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=${root}$`));
  });

  it('that no function has is 403, and another host name is the routes’ affair', async () => {
    for (const name of ['private', 'nope', '']) {
      const reply = await request(at(name, ''));
      expect([reply.status, reply.headers['x-amzn-errortype'], reply.body.toString()]).toEqual([
        403,
        'AccessDeniedException',
        '{"Message":null}',
      ]);
    }
    const reply = await request(`${started.url}/x`, { headers: { Host: 'private.localhost' } });
    expect(parsed(reply)).toMatchObject({ routeKey: 'ANY /{path+}' });
  });

  it('goes before the Lambda API under its own host name', async () => {
    const headers = { Host: 'echo.localhost' };
    const reply = await request(`${started.url}/2015-03-31/functions/echo`, { headers });
    expect(parsed(reply)).toMatchObject({ rawPath: '/2015-03-31/functions/echo', routeKey: '$default' });
  });

  it('is for every web page', async () => {
    const reply = await request(at('echo'), { headers: { Origin: 'https://shop.example' } });
    expect(reply.status).toBe(200);
  });
});

describe('a request body', () => {
  it.each([
    ['text/plain', 'aä', 'aä', false],
    ['application/json; charset=utf-8', '{}', '{}', false],
    ['image/svg+xml', '<svg/>', '<svg/>', false],
    ['application/x-www-form-urlencoded', 'a=b', 'YT1i', true],
    ['application/octet-stream', 'abc', 'YWJj', true],
    [undefined, 'abc', 'YWJj', true],
  ])('of %s is handed on', async (type, body, seen, base64) => {
    const reply = await post('echo', type === undefined ? {} : { 'content-type': type }, body);
    expect(parsed(reply)).toMatchObject({ body: seen, isBase64Encoded: base64 });
  });

  it.each([
    ['text/plain', 6_291_457],
    // The event is too large though the body is not: Base64 adds a third.
    ['image/png', 5_000_000],
  ])('of %s that makes too large an event is 413', async (type, size) => {
    const before = started.records.length;
    const reply = await post('echo', { 'content-type': type }, Buffer.alloc(size, 'x'));
    expect([reply.status, reply.headers['x-amzn-errortype'], reply.body.toString()]).toEqual([
      413,
      'RequestEntityTooLargeException',
      '{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}',
    ]);
    expect(started.records.length).toBe(before);
  });
});

describe('a buffered response', () => {
  const json = 'application/json';

  // Recorded: what a function URL makes of each.
  it.each([
    [{ hello: 'world' }, '{"hello":"world"}', json],
    [{ statusCode: 200, body: 'body123' }, 'body123', json],
    [{ statusCode: 200, body: '{"hello": "world"}' }, '{"hello": "world"}', json],
    [['hello', 3, true], '["hello",3,true]', json],
    ['hello', 'hello', json],
    [3, '3', json],
    [3.1, '3.1', json],
    [true, 'true', json],
  ])('of %j', async (value, body, type) => {
    const reply = await post('value', { 'content-type': json }, JSON.stringify(value));
    expect([reply.status, reply.body.toString(), reply.headers['content-type']]).toEqual([200, body, type]);
  });

  it('has status, headers and cookies', async () => {
    const value = { statusCode: '418', headers: { 'My-Header': 'v' }, cookies: ['a=1', 'b=2'], body: 'tea' };
    const reply = await post('value', { 'content-type': json }, JSON.stringify(value));
    expect([reply.status, reply.headers['my-header'], reply.headers['set-cookie']]).toEqual([418, 'v', ['a=1', 'b=2']]);
  });

  it('of a handler that failed, or whose answer is none, is 502', async () => {
    for (const reply of [
      await request(at('fails')),
      await request(at('broken')),
      await post('value', { 'content-type': json }, '{"statusCode":"nope"}'),
    ]) {
      expect([reply.status, reply.body.toString()]).toEqual([502, 'Internal Server Error']);
      expect(last()).toMatchObject({ status: 502 });
    }
    expect(started.log.at(-1)).toContain('function URL of value: the handler\'s result has the statusCode "nope"');
  });

  it('of a function that has no instance free is 429 with the reason', async () => {
    const reply = await request(at('busy'));
    expect([reply.status, reply.headers['x-amzn-errortype'], parsed(reply)['Reason']]).toEqual([
      429,
      'TooManyRequestsException',
      'ReservedFunctionConcurrentInvocationLimitExceeded',
    ]);
    expect(last()).toMatchObject({ status: 429 });
  });

  it('of a handler that streams is what it has written, gathered', async () => {
    const reply = await request(at('streaming'));
    expect([reply.status, reply.headers['x-a'], reply.headers['set-cookie'], reply.body.toString()]).toEqual([
      201,
      'b',
      ['a=1', 'b=2'],
      '<p>',
    ]);
    const plain = await request(at('raw'));
    expect([plain.status, plain.headers['content-type'], plain.body.toString()]).toEqual([
      200,
      'application/octet-stream',
      'just text',
    ]);
  });
});

describe('a streamed response', () => {
  it('begins with what its prelude says, in however many pieces it comes', async () => {
    const reply = await request(at('page'));
    expect([reply.status, reply.headers['x-a'], reply.headers['content-type'], reply.headers['set-cookie']]).toEqual([
      201,
      'b',
      'text/html',
      ['a=1', 'b=2'],
    ]);
    expect([reply.headers['transfer-encoding'], reply.body.toString()]).toEqual(['chunked', '<p>ä']);
    expect(reply.headers['x-amzn-requestid']).toBe(last()?.requestId);
    expect(last()).toMatchObject({ source: 'url', status: 201 });
  });

  it.each([
    ['bytes', 'application/octet-stream', 'plain bytes'],
    ['typed', 'text/event-stream', 'data: 1\n\n'],
    ['empty', 'application/octet-stream', ''],
    // A handler that does not stream: its result as it is.
    ['whole', 'application/json', '{"statusCode":418,"body":"not looked at"}'],
  ])('without a prelude is a 200: %s', async (name, type, body) => {
    const reply = await request(at(name));
    expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([200, type, body]);
    expect(last()).toMatchObject({ status: 200 });
  });

  it('is handed on as it is written', async () => {
    const call = http.get(at('steps'));
    const [reply] = (await once(call, 'response')) as [http.IncomingMessage];
    const seen: string[] = [];
    for await (const chunk of reply) {
      seen.push(String(chunk));
      // What comes next is not written before this has been read here.
      if (seen.length === 1) open();
    }
    expect(seen).toEqual(['one', 'two']);
  });

  it.each(['early', 'noPrelude', 'badPrelude'])('that fails before it has begun is 502: %s', async (name) => {
    const reply = await request(at(name));
    expect([reply.status, reply.body.toString()]).toEqual([502, 'Internal Server Error']);
    expect(last()).toMatchObject({ status: 502 });
  });

  it('that is refused tells the developer why', async () => {
    await request(at('badPrelude'));
    expect(started.log.at(-1)).toBe(
      'function URL of badPrelude: the handler\'s response has a header "x-bad" with invalid characters; a function URL answers 502',
    );
  });

  it('that fails midway is cut, so that nobody takes it for whole', async () => {
    const text = await raw(started.port, 'GET /_url/late/ HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('half');
    expect(text).not.toMatch(/0\r\n\r\n$/);
    await expect(request(at('late'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(last()).toMatchObject({ status: 200, error: { kind: 'timeout' } });
  });

  it('of a function that has no instance free is 429', async () => {
    expect((await request(at('busyStream'))).status).toBe(429);
  });

  it('goes at its client’s pace, and on when the client hangs up', async () => {
    const whole = await request(at('flood'));
    expect([whole.body.length, waits > 0]).toEqual([BLOCKS * BLOCK.length, true]);
    const before = started.records.length;
    const call = http.get(at('flood'));
    const [reply] = (await once(call, 'response')) as [http.IncomingMessage];
    await once(reply, 'readable');
    call.destroy();
    while (started.records.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(last()).toMatchObject({ function: 'flood', status: 200 });
    expect(last()?.streamed).toBeGreaterThan(BLOCKS * BLOCK.length);
  });

  it('answers HEAD without a body', async () => {
    const reply = await request(at('page'), { method: 'HEAD' });
    expect([reply.status, reply.body.length]).toEqual([201, 0]);
  });
});
