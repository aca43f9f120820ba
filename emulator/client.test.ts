import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, EventStreamParser } from './client.js';
import type { Snapshot } from './contract/snapshot.js';

function parsed(pieces: readonly string[]): [string, string][] {
  const events: [string, string][] = [];
  const parser = new EventStreamParser((event, data) => events.push([event, data]));
  for (const piece of pieces) parser.push(piece);
  return events;
}

describe('event stream parser', () => {
  const STREAM = ': hi\n\nevent: snapshot\ndata: {"sequence":1}\n\nevent: log\ndata: {"text":"a: b"}\n\n';
  const EVENTS = [
    ['snapshot', '{"sequence":1}'],
    ['log', '{"text":"a: b"}'],
  ];

  it('gives the same events wherever the stream is torn', () => {
    expect(parsed([STREAM])).toEqual(EVENTS);
    expect(parsed([...STREAM])).toEqual(EVENTS);
    for (let at = 1; at < STREAM.length; at++) {
      expect(parsed([STREAM.slice(0, at), STREAM.slice(at)])).toEqual(EVENTS);
    }
  });

  it('reads CRLF, many data lines, no space, and unknown fields', () => {
    expect(parsed(['event:x\r\ndata:1\r', '\ndata: 2\r\nid: 7\r\nretry\r\n\r\n'])).toEqual([['x', '1\n2']]);
  });

  it('gives nothing for an event without data or without its end', () => {
    expect(parsed(['event: x\n\n', 'data: 1\n'])).toEqual([]);
    expect(parsed(['data: 1\n\n'])).toEqual([['message', '1']]);
  });
});

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

describe('client', () => {
  it('fills paths, queries and bodies', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
      response.end('{"version":2}');
    });
    const client = createClient({ url: `${url}/`, token: 't' });
    await client.restart('a/b c');
    await client.invocations({ limit: 3 });
    await client.call('GET /api/series', { query: { seconds: undefined } });
    expect(seen).toEqual([
      'POST /api/functions/a%2Fb%20c/restart Bearer t',
      'GET /api/invocations?limit=3 Bearer t',
      'GET /api/series Bearer t',
    ]);
  });

  it('gives errors of the emulator back as they were thrown', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404).end('{"error":{"code":"FAULT_NOT_FOUND","message":"no","hint":"list them"}}');
    });
    const call = createClient({ url, token: 't' }).faults.remove('x');
    await expect(call).rejects.toMatchObject({ name: 'FaultlineError', code: 'FAULT_NOT_FOUND', hint: 'list them' });
  });

  it('says NOT_RUNNING where nothing, or something else, answers', async () => {
    const refused = createClient({ url: 'http://127.0.0.1:1', token: 't' });
    await expect(refused.snapshot()).rejects.toMatchObject({
      code: 'NOT_RUNNING',
      hint: expect.stringContaining('faultline start') as string,
    });
    await expect(refused.events({})).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    const other = await serve((_request, response) => response.writeHead(500).end('<h1>Oops</h1>'));
    await expect(createClient({ url: other, token: 't' }).snapshot()).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    const torn = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"seq');
      response.destroy();
    });
    await expect(createClient({ url: torn, token: 't' }).snapshot()).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  });

  it('can be called off', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const invoked = createClient({ url, token: 't' }).invoke({ function: 'f', event: 1 }, controller.signal);
    controller.abort();
    await expect(invoked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('events', () => {
  const SNAPSHOT = 'event: snapshot\ndata: {"sequence":1,"root":"Ü"}\n\n';

  it('come from a stream torn in the middle of a character', async () => {
    const bytes = Buffer.from(SNAPSHOT);
    const middle = bytes.indexOf(0xc3) + 1;
    const url = await serve((_request, response) => {
      response.write(bytes.subarray(0, middle));
      setImmediate(() => response.end(bytes.subarray(middle)));
    });
    const roots: string[] = [];
    const reasons: unknown[] = [];
    await createClient({ url, token: 't' }).events({
      onSnapshot: (snapshot: Snapshot) => roots.push(snapshot.root),
      onClose: (error) => reasons.push(error?.code),
    });
    expect(roots).toEqual(['Ü']);
    expect(reasons).toEqual(['NOT_RUNNING']);
  });

  it('end without an error when the caller ends them', async () => {
    const url = await serve((_request, response) => void response.write(SNAPSHOT));
    const controller = new AbortController();
    const reasons: unknown[] = [];
    await createClient({ url, token: 't' }).events({
      onSnapshot: () => controller.abort(),
      onClose: (error) => reasons.push(error),
      signal: controller.signal,
    });
    expect(reasons).toEqual([undefined]);
    await createClient({ url, token: 't' }).events({ signal: controller.signal });
  });

  it('end with an error when the emulator is killed', async () => {
    const url = await serve((_request, response) => {
      response.write(SNAPSHOT);
      setImmediate(() => response.destroy());
    });
    const reasons: unknown[] = [];
    await createClient({ url, token: 't' }).events({ onClose: (error) => reasons.push(error?.code) });
    expect(reasons).toEqual(['NOT_RUNNING']);
  });

  it('what a listener throws is the caller’s to see', async () => {
    const url = await serve((_request, response) => void response.end(SNAPSHOT));
    const events = createClient({ url, token: 't' }).events({
      onSnapshot: () => {
        throw new TypeError('mine');
      },
    });
    await expect(events).rejects.toThrow('mine');
  });
});
