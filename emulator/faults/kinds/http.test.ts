import { describe, expect, it } from 'vitest';
import type { RuntimeEffect } from '../../contract/faults.js';
import { testEngine, underFaults } from '../fixture.js';

type HttpEffect = Extract<RuntimeEffect, { type: 'http' }>;

function effectOf(params: Record<string, unknown>): HttpEffect {
  const [effect] = underFaults({ kind: 'http', params }).plan.effects;
  if (effect?.type !== 'http') throw new Error('no such effect');
  return effect;
}

const textOf = (effect: HttpEffect, protocol: string): string =>
  Buffer.from(effect.answers[protocol]?.body ?? '', 'base64').toString();

const summaryOf = (params: Record<string, unknown>): string | undefined =>
  underFaults({ kind: 'http', params }).engine.list()[0]?.summary;

describe('http', () => {
  it('answers every request with 503 unless told otherwise', () => {
    const effect = effectOf({});
    expect(effect).toMatchObject({ fault: 'http-1', mode: 'status', hosts: [], paths: [], methods: [], times: 0 });
    expect(effect.answers['plain']).toMatchObject({ status: 503, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(textOf(effect, 'plain'))).toHaveProperty('message');
    expect(effect.answers['json-1.0']).toMatchObject({ status: 503, errorCode: 'ServiceUnavailable' });
    expect(effect.answers['s3']).toMatchObject({ status: 503, errorCode: 'SlowDown' });
  });

  it.each([
    ['every request: 503', {}],
    [
      'first of GET|PUT *.example.com /orders/*: 404',
      { methods: ['get', 'PUT'], hosts: ['*.example.com'], paths: ['/orders/*'], status: 404, times: 1 },
    ],
    [
      'dynamodb GetItem: ThrottlingException',
      { service: 'dynamodb', operation: 'GetItem', errorCode: 'ThrottlingException' },
    ],
    ['first 2 of s3: 500 InternalError', { service: 's3', status: 500, errorCode: 'InternalError', times: 2 }],
    ['every request: +250 ms', { mode: 'latency', latencyMs: 250 }],
    ['api.example.com: hang', { mode: 'hang', hosts: ['api.example.com'] }],
  ])('tells people: %s', (text, params) => {
    expect(summaryOf(params)).toBe(text);
  });

  it('sends an error code with the status that the service sends with it, unless told otherwise', () => {
    const throttled = effectOf({ errorCode: 'TooManyRequestsException' });
    expect(throttled.answers['rest-json']).toMatchObject({ status: 429, errorCode: 'TooManyRequestsException' });
    const missing = effectOf({ errorCode: 'ResourceNotFoundException' });
    expect(missing.answers['rest-json']?.status).toBe(404);
    expect(missing.answers['json-1.0']?.status).toBe(400);
    expect(effectOf({ errorCode: 'SlowDown', status: 500 }).answers['s3']?.status).toBe(500);
  });

  it('sends a body as it is, in no protocol', () => {
    const effect = effectOf({ status: 418, body: '<tea/>', contentType: 'text/xml', headers: { 'retry-after': '1' } });
    expect(Object.keys(effect.answers)).toEqual(['plain']);
    expect(effect.answers['plain']).toMatchObject({
      status: 418,
      headers: { 'content-type': 'text/xml', 'retry-after': '1' },
    });
    expect(textOf(effect, 'plain')).toBe('<tea/>');
  });

  it('adds headers to the answers of services', () => {
    const { answers } = effectOf({ errorCode: 'SlowDown', headers: { 'retry-after': '2' } });
    expect(answers['s3']?.headers).toMatchObject({ 'retry-after': '2', 'content-type': 'application/xml' });
  });

  it('draws request ids from the seed', () => {
    const [first, second] = [effectOf({}), effectOf({})];
    const id = first.answers['query']?.headers['x-amzn-requestid'];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(second.answers['query']?.headers['x-amzn-requestid']).toBe(id);
  });

  it('has an answer to break off, and none to leave out', () => {
    expect(textOf(effectOf({ mode: 'truncated', body: '[1,2,3]' }), 'plain')).toBe('[1,2,3]');
    expect(textOf(effectOf({ mode: 'truncated' }), 'plain').length).toBeGreaterThan(100);
    expect(effectOf({ mode: 'reset' }).answers).toEqual({});
  });

  it('counts only when a request was hit', async () => {
    const { plan, run, engine } = underFaults({ kind: 'http' });
    await run();
    plan.operation({ kind: 'http', target: 'GET https://a/', at: 1 });
    expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 0 });
    plan.operation({ kind: 'http', target: 'GET https://b/', at: 2, fault: 'http-1', saw: '503' });
    expect(plan.hits).toEqual([{ fault: 'http-1', kind: 'http', where: 'GET https://b/', saw: '503' }]);
  });

  it('names the call of an SDK that it hit', async () => {
    const { plan, run } = underFaults({ kind: 'http' });
    await run();
    const call = { service: 'sqs', operation: 'SendMessage', fault: 'http-1', saw: '503 ServiceUnavailable' };
    plan.operation({ kind: 'http', target: 'POST https://sqs.us-east-1.amazonaws.com/', at: 1, ...call });
    expect(plan.hits).toMatchObject([{ where: 'sqs SendMessage', saw: '503 ServiceUnavailable' }]);
  });

  it.each([
    ['params.status', { status: 700 }],
    ['params.status', { mode: 'hang', status: 500 }],
    ['params.errorCode', { mode: 'latency', errorCode: 'SlowDown' }],
    ['params.hosts.0', { hosts: ['https://example.com/'] }],
    ['params.paths.0', { paths: ['orders'] }],
    ['params.methods.0', { methods: ['GET /'] }],
    ['params.service', { service: 'dynamodb:GetItem' }],
    ['params.operation', { operation: 'Get Item' }],
    ['params.errorCode', { errorCode: 'Slow Down' }],
    ['params.headers', { headers: { 'x-a': 'line\r\nbreak' } }],
    ['params.times', { times: -1 }],
  ])('refuses a wrong %s', (key, params) => {
    expect(() => testEngine().engine.add({ kind: 'http', params })).toThrow(`${key}`);
  });
});
