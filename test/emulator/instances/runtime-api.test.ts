import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import { MAX_PAYLOAD_BYTES } from '../../../emulator/contract/config.js';
import { RuntimeApiServer } from '../../../emulator/instances/runtime-api/server.js';
import { RuntimeSession, type SessionEvents } from '../../../emulator/instances/runtime-api/session.js';
import type { Work } from '../../../emulator/instances/types.js';

/** Everything that the session told, in order; buffers as text. */
let told: unknown[][] = [];
let session: RuntimeSession;
let server: RuntimeApiServer;
let address: URL;
/** Long polls that have reached the session, and those of them that were hung up. */
let polls = 0;
let hungUp = 0;
const waiting = new Set<() => void>();

const note =
  (name: string) =>
  (...values: unknown[]): void => {
    told.push([name, ...values.map((value) => (Buffer.isBuffer(value) ? value.toString() : value))]);
    changed();
  };

const until = (condition: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (!condition()) return;
      waiting.delete(check);
      resolve();
    };
    waiting.add(check);
    check();
  });
/** Resolves as soon as the session has told so many things. */
const heard = (count: number): Promise<void> => until(() => told.length >= count);
const changed = (): void => {
  for (const check of waiting) check();
};

beforeEach(async () => {
  told = [];
  polls = hungUp = 0;
  const names = [
    'ready',
    'initFailed',
    'result',
    'error',
    'streamStart',
    'streamChunk',
    'streamEnd',
    'message',
    'free',
  ];
  session = new RuntimeSession(Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as SessionEvents);
  const endpoint = {
    next: (response: http.ServerResponse): void => {
      session.next(response);
      polls++;
      response.once('close', () => {
        if (!response.writableFinished) hungUp++;
        changed();
      });
      changed();
    },
    response: (...request: Parameters<RuntimeSession['response']>) => session.response(...request),
    error: (...request: Parameters<RuntimeSession['error']>) => session.error(...request),
    initError: (...request: Parameters<RuntimeSession['initError']>) => session.initError(...request),
  };
  server = new RuntimeApiServer(endpoint, systemClock);
  address = new URL(`http://${await server.listen()}`);
});
afterEach(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

interface Request {
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly trailers?: Record<string, string>;
}

const API = '/2018-06-01/runtime';

function call(method: string, path: string, { headers = {}, body, trailers }: Request = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, address), { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    if (trailers) {
      request.write(body ?? '');
      request.addTrailers(trailers);
    }
    request.end(trailers ? undefined : body);
  });
}

const work = (id: string, more: Partial<Work> = {}): Work => ({
  requestId: id,
  payload: Buffer.from('{"n":1}'),
  deadline: 1_700_000_003_000.7,
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
  ...more,
});

/** Hands over an invocation and takes it. */
async function taken(id: string, more: Partial<Work> = {}): Promise<Answer> {
  const next = call('GET', `${API}/invocation/next`);
  session.offer(work(id, more));
  return next;
}

const respond = (id: string, request: Request = { body: '"done"' }): Promise<Answer> =>
  call('POST', `${API}/invocation/${id}/response`, request);

const error = (status: number, errorType: string, errorMessage: unknown): unknown => ({
  status,
  text: expect.stringMatching(/\n$/),
  json: { errorMessage, errorType },
});
const parsed = ({ status, text }: Answer): unknown => ({ status, text, json: JSON.parse(text) });

describe('next', () => {
  it('waits for an event, and tells all about it in headers', async () => {
    const next = call('GET', `${API}/invocation/next`);
    await heard(1);
    expect(told).toEqual([['ready']]);
    session.offer(work('r1', { traceId: 'Root=1-2-3;Sampled=1', clientContext: '{"custom":\n{"ü":"€"}}' }));
    const { status, headers, text } = await next;
    expect({ status, text }).toEqual({ status: 200, text: '{"n":1}' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': 'r1',
      'lambda-runtime-deadline-ms': '1700000003000',
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:subject',
      'lambda-runtime-trace-id': 'Root=1-2-3;Sampled=1',
    });
    const context = Buffer.from(String(headers['lambda-runtime-client-context']), 'latin1').toString();
    expect(context).toBe('{"custom": {"ü":"€"}}');
  });

  it('leaves out headers that have no value', async () => {
    const { headers } = await taken('r1');
    expect(Object.keys(headers).filter((name) => name.startsWith('lambda-'))).toEqual([
      'lambda-runtime-aws-request-id',
      'lambda-runtime-deadline-ms',
      'lambda-runtime-invoked-function-arn',
    ]);
  });

  it('gives an event that came first at once', async () => {
    await taken('r1');
    await respond('r1');
    session.offer(work('r2'));
    expect((await call('GET', `${API}/invocation/next`)).headers['lambda-runtime-aws-request-id']).toBe('r2');
    expect(told).toEqual([['ready'], ['result', '"done"', undefined], ['free']]);
  });

  it('gives the same event again to a runtime that has not answered yet', async () => {
    await taken('r1');
    const again = await call('GET', `${API}/invocation/next`);
    expect(again).toMatchObject({ status: 200, text: '{"n":1}' });
    expect(again.headers['lambda-runtime-aws-request-id']).toBe('r1');
    expect((await respond('r1')).status).toBe(202);
  });

  it('serves parallel polls one event each, the longest waiting first', async () => {
    const poll = async (): Promise<{ id: Promise<unknown> }> => {
      const before = polls;
      const next = call('GET', `${API}/invocation/next`);
      await until(() => polls > before);
      const id = next.then(({ headers }) => headers['lambda-runtime-aws-request-id']);
      // The last poll is cut off by the end of the test.
      id.catch(() => undefined);
      return { id };
    };
    const first = await poll();
    const second = await poll();
    session.offer(work('r1'));
    expect(await first.id).toBe('r1');
    await respond('r1');
    const third = await poll();
    session.offer(work('r2'));
    expect(await second.id).toBe('r2');
    await respond('r2');
    session.offer(work('r3'));
    const fourth = await poll();
    expect(await third.id).toBe('r3');
    await respond('r3');
    session.offer(work('r4'));
    await poll();
    expect(await fourth.id).toBe('r4');
  });

  it('says that an event would be lost when the runtime gives up waiting and asks again', async () => {
    const gone = http.get(new URL(`${API}/invocation/next`, address), { agent: false });
    gone.on('error', () => undefined);
    await heard(1);
    const before = hungUp;
    gone.destroy();
    await until(() => hungUp > before);
    const answer = await taken('r1');
    expect(answer.headers['lambda-runtime-aws-request-id']).toBe('r1');
    expect(told.filter(([name]) => name === 'message')).toEqual([
      ['message', expect.stringContaining('gave up waiting')],
    ]);
  });
});

describe('response and error', () => {
  it('are accepted once', async () => {
    await taken('r1');
    const { status, headers, text } = await respond('r1');
    expect({ status, text }).toEqual({ status: 202, text: '{"status":"OK"}\n' });
    expect(headers['content-type']).toBe('application/json');
    expect(parsed(await respond('r1'))).toEqual(
      error(
        403,
        'InvalidStateTransition',
        expect.stringContaining('from RuntimeResponseSentState to InvocationResponse'),
      ),
    );
    expect(told.filter(([name]) => name === 'result')).toEqual([['result', '"done"', undefined]]);
  });

  it.each(['response', 'error'])('%s with an id that is not running is refused', async (what) => {
    const invalid = error(400, 'InvalidRequestID', 'Invalid request ID');
    expect(parsed(await call('POST', `${API}/invocation/r0/${what}`, { body: '1' }))).toEqual(invalid);
    await taken('r1');
    expect(parsed(await call('POST', `${API}/invocation/r0/${what}`, { body: '1' }))).toEqual(invalid);
    await respond('r1');
    const next = call('GET', `${API}/invocation/next`);
    await heard(3);
    expect(parsed(await call('POST', `${API}/invocation/r1/${what}`, { body: '1' }))).toEqual(invalid);
    session.offer(work('r2'));
    await next;
    expect(parsed(await call('POST', `${API}/invocation/r1/${what}`, { body: '1' }))).toEqual(invalid);
    expect((await respond('r2')).status).toBe(202);
  });

  it('takes what is not JSON, and what is empty, as it is', async () => {
    await taken('r1');
    await respond('r1', { body: 'plain ✓' });
    await taken('r2');
    await respond('r2', { body: '' });
    expect(told.filter(([name]) => name === 'result')).toEqual([
      ['result', 'plain ✓', undefined],
      ['result', '', undefined],
    ]);
  });

  it('takes a response of 6 MB, and refuses one byte more', async () => {
    await taken('r1');
    expect((await respond('r1', { body: Buffer.alloc(MAX_PAYLOAD_BYTES, 'x') })).status).toBe(202);
    await taken('r2');
    expect(parsed(await respond('r2', { body: Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 'x') }))).toEqual(
      error(413, 'RequestEntityTooLarge', 'Exceeded maximum allowed payload size (6291556 bytes).'),
    );
    expect(told.at(-1)).toEqual([
      'error',
      'response',
      expect.stringContaining('Function.ResponseSizeTooLarge'),
      undefined,
    ]);
    expect((await taken('r3')).status).toBe(200);
  });

  it('reports an oversized error as the oversized response it is', async () => {
    await taken('r1');
    const body = Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 'x');
    expect((await call('POST', `${API}/invocation/r1/error`, { body })).status).toBe(413);
    expect(told.at(-1)?.[2]).toContain('Function.ResponseSizeTooLarge');
  });

  it.each([
    ['Function.Mine', 'Function.Mine'],
    ['Function.mine', 'Function.Unknown'],
    ['Unhandled', 'Runtime.Unknown'],
    [undefined, 'Runtime.Unknown'],
  ])('error type %s is recorded as %s; the body is passed on', async (given, type) => {
    await taken('r1');
    const headers = given === undefined ? {} : { 'Lambda-Runtime-Function-Error-Type': given };
    const body = '{"errorMessage":"m","errorType":"T","mine":[1]}';
    expect((await call('POST', `${API}/invocation/r1/error`, { headers, body })).status).toBe(202);
    expect(told.at(-1)).toEqual(['error', 'handler', body, undefined, type]);
  });

  it('passes on an error that is not JSON', async () => {
    await taken('r1');
    expect((await call('POST', `${API}/invocation/r1/error`, { body: '{"errorMess' })).status).toBe(202);
    expect(told.at(-1)).toEqual(['error', 'handler', '{"errorMess', undefined, 'Runtime.Unknown']);
  });

  it('accepts a cause for X-Ray, in a long header or in the body, which it is taken out of', async () => {
    await taken('r1');
    const cause = JSON.stringify({ message: 'x'.repeat(500_000) });
    const headers = { 'Lambda-Runtime-Function-XRay-Error-Cause': cause };
    expect((await call('POST', `${API}/invocation/r1/error`, { headers, body: '{}' })).status).toBe(202);
    await taken('r2');
    const typed = { 'content-type': 'application/vnd.aws.lambda.error.cause+json' };
    const body = JSON.stringify({
      errorMessage: 'm',
      errorType: 'T',
      stackTrace: ['at a'],
      errorCause: { message: 'c' },
    });
    await call('POST', `${API}/invocation/r2/error`, { headers: typed, body });
    expect(JSON.parse(String(told.at(-1)?.[2]))).toEqual({ errorMessage: 'm', errorType: 'T', stackTrace: ['at a'] });
    await taken('r3');
    await call('POST', `${API}/invocation/r3/error`, { headers: typed, body: '[' });
    expect(told.at(-1)?.[2]).toBe('"Invalid error body"');
  });

  it('ends the invocation on a response mode that there is not, and lets the runtime get no further', async () => {
    await taken('r1');
    const answer = await respond('r1', { headers: { 'Lambda-Runtime-Function-Response-Mode': 'chunky' }, body: '1' });
    expect(parsed(answer)).toEqual(error(400, 'InvalidFunctionResponseMode', 'Invalid function response mode'));
    expect(told.at(-1)?.[2]).toContain('Runtime.InvalidResponseModeHeader');
    expect(session.lingering).toBe(true);
    expect(parsed(await call('GET', `${API}/invocation/next`))).toEqual(
      error(403, 'InvalidStateTransition', expect.stringContaining('from InvocationResponse to Ready')),
    );
  });

  it.each(['response', 'error'])('a runtime that hangs up in the middle of its %s has truncated it', async (what) => {
    await taken('r1');
    const path = `${API}/invocation/r1/${what}`;
    await hangUp(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`);
    await heard(2);
    expect(told.at(-1)).toEqual(['error', 'response', expect.stringContaining('Runtime.TruncatedResponse'), undefined]);
    expect((await taken('r2')).status).toBe(200);
  });
});

describe('streamed responses', () => {
  const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' };
  const events = (): unknown[][] => told.filter(([name]) => String(name).startsWith('stream'));
  const trailer = {
    Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
  };

  it('pass piece by piece, with their content type and prelude untouched', async () => {
    await taken('r1');
    const type = 'application/vnd.awslambda.http-integration-response';
    const prelude = `{"statusCode":201}${'\0'.repeat(8)}`;
    const request = http.request(new URL(`${API}/invocation/r1/response`, address), {
      method: 'POST',
      headers: { ...streaming, 'content-type': type },
    });
    const answered = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    request.write(prelude);
    await heard(3);
    request.write('one');
    await heard(4);
    request.end('two');
    const response = await answered;
    response.resume();
    expect(response.statusCode).toBe(202);
    expect(events()).toEqual([
      ['streamStart', type],
      ['streamChunk', prelude],
      ['streamChunk', 'one'],
      ['streamChunk', 'two'],
      ['streamEnd', undefined, undefined],
    ]);
  });

  it('end with the error of their trailers', async () => {
    await taken('r1');
    const payload = '{"errorType":"Mine","errorMessage":"midway","trace":[]}';
    const trailers = {
      'Lambda-Runtime-Function-Error-Type': 'Mine',
      'Lambda-Runtime-Function-Error-Body': Buffer.from(payload).toString('base64'),
    };
    const answer = await respond('r1', { headers: { ...streaming, ...trailer }, body: 'some', trailers });
    expect(answer.status).toBe(202);
    expect(events().slice(1)).toEqual([
      ['streamChunk', 'some'],
      ['streamEnd', payload, undefined],
    ]);
    await taken('r2');
    const bare = { 'Lambda-Runtime-Function-Error-Type': 'Function.Bare' };
    await respond('r2', { headers: { ...streaming, ...trailer }, body: 'some', trailers: bare });
    expect(told.at(-1)).toEqual(['streamEnd', '{"errorType":"Function.Bare","errorMessage":""}', undefined]);
  });

  it('do not end with an error that was not announced, as on the service', async () => {
    await taken('r1');
    const trailers = { 'Lambda-Runtime-Function-Error-Type': 'Mine' };
    await respond('r1', { headers: streaming, body: 'some', trailers });
    expect(told.slice(-2)).toEqual([
      ['message', expect.stringContaining('did not announce them in a Trailer header')],
      ['streamEnd', undefined, undefined],
    ]);
  });

  it('that break off are truncated', async () => {
    await taken('r1');
    await hangUp(
      `POST ${API}/invocation/r1/response HTTP/1.1\r\nHost: x\r\n` +
        'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    );
    await heard(4);
    expect(events().slice(1)).toEqual([
      ['streamChunk', 'half'],
      [
        'streamEnd',
        '{"errorType":"Runtime.TruncatedResponse","errorMessage":"RequestId: r1 Error: HTTP request detected as truncated"}',
        undefined,
      ],
    ]);
    expect((await taken('r2')).status).toBe(200);
  });

  it('above the limit of a caller that wants them whole are refused at their end', async () => {
    await taken('r1');
    const body = Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 'x');
    expect((await respond('r1', { headers: streaming, body })).status).toBe(413);
    expect(told.at(-1)).toEqual(['streamEnd', undefined, undefined]);
  });

  it('are read no faster than they are taken', async () => {
    await taken('r1');
    const request = http.request(new URL(`${API}/invocation/r1/response`, address), {
      method: 'POST',
      headers: streaming,
      agent: false,
    });
    const answered = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    request.write('first');
    await heard(3);
    session.pause();
    const big = Buffer.alloc(64 * 1_024 * 1_024);
    request.end(big);
    // Sent and answered by another connection: had the paused one been read, it would have been heard by now.
    for (let i = 0; i < 20; i++) await call('GET', '/2018-06-01/ping');
    expect(told.length).toBe(3);
    session.resume();
    (await answered).resume();
    expect(told.at(-1)?.[0]).toBe('streamEnd');
  });
});

describe('init error', () => {
  const fail = (request: Request): Promise<Answer> => call('POST', `${API}/init/error`, request);

  it('is passed on, and is the end', async () => {
    const body = '{"errorType":"Runtime.ImportModuleError","errorMessage":"no module","trace":["a"]}';
    expect((await fail({ body, headers: { 'Lambda-Runtime-Function-Error-Type': 'Runtime.Other' } })).status).toBe(202);
    expect(told).toEqual([['initFailed', { error: JSON.parse(body) as unknown }]]);
    for (const again of [await fail({ body }), await call('GET', `${API}/invocation/next`)])
      expect(parsed(again)).toEqual(error(403, 'InvalidStateTransition', expect.stringContaining('from InitError to')));
  });

  it.each([
    ['not JSON', 'oops', { errorType: 'Function.Broken', errorMessage: 'oops' }],
    ['no object', '[1]', { errorType: 'Function.Broken', errorMessage: '[1]' }],
    ['without a type', '{"errorMessage":"m"}', { errorType: 'Function.Broken', errorMessage: 'm' }],
    ['with odd types', '{"errorType":7,"errorMessage":null}', { errorType: '7', errorMessage: 'null' }],
  ])('may be %s', async (_what, body, expected) => {
    await fail({ body, headers: { 'Lambda-Runtime-Function-Error-Type': 'Function.Broken' } });
    expect(told).toEqual([['initFailed', { error: expected }]]);
  });

  it('is too late after the first next', async () => {
    const next = call('GET', `${API}/invocation/next`);
    await heard(1);
    expect(parsed(await fail({ body: '{}' }))).toEqual(
      error(403, 'InvalidStateTransition', expect.stringContaining('from Ready to InitError')),
    );
    session.offer(work('r1'));
    expect((await next).status).toBe(200);
  });
});

describe('the server', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/2018-06-01/runtime/invocation/next/'],
    ['GET', '/2018-06-02/runtime/invocation/next'],
    ['POST', '/2018-06-01/runtime/invocation/r1/other'],
    ['POST', '/2018-06-01/runtime/invocation//response'],
    ['GET', '/2018-06-01/runtime/restore/next'],
    ['POST', '/2018-06-01/runtime/restore/error'],
    ['POST', '/2020-01-01/extension/register'],
  ])('does not know %s %s', async (method, path) => {
    const { status, text } = await call(method, path);
    expect({ status, text }).toEqual({ status: 404, text: '404 page not found\n' });
  });

  it.each([
    ['POST', `${API}/invocation/next`, 'GET'],
    ['HEAD', `${API}/invocation/next`, 'GET'],
    ['GET', `${API}/init/error`, 'POST'],
    ['PUT', `${API}/invocation/r1/response`, 'POST'],
    ['GET', `${API}/invocation/r1/error`, 'POST'],
  ])('does not take %s for %s', async (method, path, allowed) => {
    const { status, headers, text } = await call(method, path);
    expect({ status, allow: headers.allow, text }).toEqual({ status: 405, allow: allowed, text: '' });
    expect(told).toEqual([]);
  });

  it('ignores a query, and decodes an id', async () => {
    await taken('r 1');
    expect((await call('POST', `${API}/invocation/r%201/response?x=1`, { body: '1' })).status).toBe(202);
    expect((await call('POST', `${API}/invocation/%zz/response`, { body: '1' })).status).toBe(400);
  });

  it('is not for pages in a browser', async () => {
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await call('GET', `${API}/invocation/next`, { headers })).status).toBe(403);
    expect(told).toEqual([]);
  });

  it('answers what is not HTTP, headers that end nowhere and headers of several MB, and goes on', async () => {
    expect(await raw('what?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(await raw(`GET ${API}/invocation/next HTTP/1.1\r\nBad Header: 1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    const long = `GET ${API}/invocation/next HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(2_000_000)}\r\n\r\n`;
    expect(await raw(long)).toMatch(/^HTTP\/1\.1 431/);
    expect((await taken('r1')).status).toBe(200);
  });

  it('leaves no port and no connection open', async () => {
    const polling = call('GET', `${API}/invocation/next`);
    await heard(1);
    const cut = polling.catch((reason: unknown) => String(reason));
    await new Promise<void>((resolve) => server.close(resolve));
    expect(await cut).toMatch(/socket hang up|ECONNRESET/);
    await expect(call('GET', '/2018-06-01/ping')).rejects.toThrow(/ECONNREFUSED/);
    server = new RuntimeApiServer(session, systemClock);
    await server.listen();
  });
});

/** Sends these bytes and hangs up once they have gone out. */
function hangUp(bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(address.port), address.hostname, () => {
      socket.write(bytes, () => socket.resetAndDestroy());
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}

/** Sends these bytes, and returns what comes back until the other end hangs up. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(Number(address.port), address.hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(text));
  });
}
