import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsService } from '../../../emulator/gateway/types.js';
import { readBody } from '../../../emulator/http-body.js';
import { send } from '../../../emulator/http-reply.js';
import { request, startGateway, type TestFunction } from './harness.js';

const asked: string[] = [];
const target = (request: IncomingMessage): string => String(request.headers['x-amz-target'] ?? '');

/** A service that answers with what it was sent. */
function service(prefix: string): AwsService {
  return {
    serves(request) {
      asked.push(`${prefix} ${request.url ?? ''}`);
      return target(request).startsWith(`${prefix}.`) || (request.url ?? '').startsWith(`/service/${prefix}/`);
    },
    handle: (request, response) =>
      readBody(request, 1_000, (body) => {
        const text = body.state === 'complete' ? body.bytes.toString() : body.state;
        send(response, { status: 200, headers: [], body: `${target(request)} ${text}` }, false);
      }),
  };
}

const route: TestFunction = (event) => ({ statusCode: 200, body: `route ${(event as { routeKey: string }).routeKey}` });
let started: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  const routes = [{ function: 'route', method: 'ANY', path: '/{path+}' }].concat(
    { function: 'route', method: 'ANY', path: '/' },
    { function: 'route', method: 'GET', path: '/2024-05-01/report' },
  );
  started = await startGateway({ route }, routes, { services: [service('AmazonSQS'), service('Monitoring')] });
});
afterAll(() => started.gateway.close());

const post = (path: string, headers: Record<string, string> = {}) =>
  request(started.url + path, { method: 'POST', headers }, 'body');
const text = async (reply: ReturnType<typeof request>) => (await reply).body.toString();
const LAMBDA = '/2015-03-31/functions';

describe('another AWS service', () => {
  it('gets the requests that are its own', async () => {
    expect(await text(post('/', { 'x-amz-target': 'AmazonSQS.SendMessage' }))).toBe('AmazonSQS.SendMessage body');
    expect(await text(post('/?a=b', { 'x-amz-target': 'Monitoring.Put' }))).toBe('Monitoring.Put body');
    expect(await text(post('/000000000000/jobs', { 'x-amz-target': 'AmazonSQS.X' }))).toBe('AmazonSQS.X body');
    expect(await text(post('/service/Monitoring/operation/Put'))).toBe(' body');
  });

  it('leaves the others to the routes', async () => {
    expect(await text(post('/'))).toBe('route ANY /');
    expect(await text(post('/service/other'))).toBe('route ANY /{path+}');
  });

  it('is not asked where a request cannot be one', async () => {
    asked.length = 0;
    await request(started.url);
    await post('/orders', { 'x-amz-target': 'AmazonSQS.SendMessage' });
    await post('/0000/jobs');
    expect(asked).toEqual([]);
  });
});

describe('a web page of elsewhere', () => {
  const Origin = 'https://evil.example';

  it('reaches no AWS API', async () => {
    for (const reply of [
      await post(`${LAMBDA}/route/invocations`, { Origin }),
      await request(started.url + LAMBDA, { headers: { Origin } }),
      await post('/', { Origin, 'x-amz-target': 'AmazonSQS.SendMessage' }),
      await request(started.url + LAMBDA, { headers: { Host: `evil.example:${String(started.port)}` } }),
    ]) {
      expect([reply.status, reply.headers['x-amzn-errortype']]).toEqual([403, 'AccessDeniedException']);
    }
    expect(started.log[0]).toContain('pages of https://evil.example may not use this API');
  });

  it('reaches routes, which are for it', async () => {
    expect(await text(post('/orders', { Origin }))).toBe('route ANY /{path+}');
  });

  it('of this machine reaches both', async () => {
    const headers = { Origin: 'http://localhost:5173' };
    expect((await request(started.url + LAMBDA, { headers })).status).toBe(200);
  });
});

it('a route that begins with a date is a route', async () => {
  expect(await text(request(`${started.url}/2024-05-01/report`))).toBe('route GET /2024-05-01/report');
});
