import { describe, expect, it } from 'vitest';
import { httpEvent, type HttpRequest } from './http-event.js';
import type { RouteMatch } from './router.js';

const context = {
  requestId: 'id-1',
  now: Date.UTC(2020, 2, 12, 19, 3, 58, 123),
  traceId: 'Root=1-5e6-abc',
  port: 3000,
};
const hello: RouteMatch = { function: 'hello', routeKey: 'GET /hello', pathParameters: undefined };

function event(request: Partial<HttpRequest> = {}, route = hello): Record<string, unknown> {
  const whole: HttpRequest = {
    method: 'GET',
    url: '/hello',
    rawHeaders: ['Host', 'localhost:3000', 'User-Agent', 'test'],
    httpVersion: '1.1',
    sourceIp: '127.0.0.1',
    body: undefined,
    ...request,
  };
  return JSON.parse(httpEvent(whole, route, context)) as Record<string, unknown>;
}

const withBody = (type: string | undefined, body: string | Buffer) =>
  event({ rawHeaders: ['Host', 'h', ...(type === undefined ? [] : ['Content-Type', type])], body: Buffer.from(body) });

describe('an HTTP API event', () => {
  it('is the payload format 2.0, whole', () => {
    expect(event()).toEqual({
      version: '2.0',
      routeKey: 'GET /hello',
      rawPath: '/hello',
      rawQueryString: '',
      headers: {
        host: 'localhost:3000',
        'user-agent': 'test',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '3000',
        'x-forwarded-proto': 'http',
        'x-amzn-trace-id': 'Root=1-5e6-abc',
      },
      requestContext: {
        accountId: '000000000000',
        apiId: 'faultline',
        domainName: 'localhost:3000',
        domainPrefix: 'localhost',
        http: { method: 'GET', path: '/hello', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: 'id-1',
        routeKey: 'GET /hello',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: context.now,
      },
      isBase64Encoded: false,
    });
  });

  it('has header names in lower case, repeated ones comma-joined, and cookies apart', () => {
    const rawHeaders = ['X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b="2"', 'COOKIE', 'c=3', 'X-Forwarded-For', '10.0.0.1'];
    const { headers, cookies } = event({ rawHeaders });
    expect(headers).toMatchObject({ 'x-a': '1,2', 'x-forwarded-for': '10.0.0.1, 127.0.0.1' });
    expect(headers).not.toHaveProperty('cookie');
    expect(cookies).toEqual(['a=1', 'b="2"', 'c=3']);
  });

  it('keeps the query as sent, and decodes it too', () => {
    const { rawPath, rawQueryString, queryStringParameters } = event({
      url: '/hello?a=1&b=x%20y&a=2&c=%C3%A4&d&__proto__=p',
    });
    expect(rawPath).toBe('/hello');
    expect(rawQueryString).toBe('a=1&b=x%20y&a=2&c=%C3%A4&d&__proto__=p');
    expect(Object.entries(queryStringParameters as object)).toEqual([
      ['a', '1,2'],
      ['b', 'x y'],
      ['c', 'ä'],
      ['d', ''],
      ['__proto__', 'p'],
    ]);
  });

  it('has path parameters', () => {
    const route = { function: 'f', routeKey: 'GET /o/{id}', pathParameters: { id: '"7"\n' } };
    expect(event({ url: '/o/x' }, route)).toMatchObject({ routeKey: 'GET /o/{id}', pathParameters: { id: '"7"\n' } });
  });

  it.each([
    'text/plain',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/vnd.api+json',
    'application/xml',
    'image/svg+xml'.replace('image', 'application'),
    'application/x-www-form-urlencoded',
    undefined,
  ])('has a body of %s as text', (type) => {
    expect(withBody(type, '{"ä":"\u2028"}')).toMatchObject({ body: '{"ä":"\u2028"}', isBase64Encoded: false });
  });

  it.each(['application/octet-stream', 'image/png', 'multipart/form-data; boundary=x', 'application/jsonp'])(
    'has a body of %s in base64',
    (type) => {
      expect(withBody(type, 'abc')).toMatchObject({ body: 'YWJj', isBase64Encoded: true });
    },
  );

  it('has text that is not UTF-8 in base64, so that nothing is lost', () => {
    expect(withBody('text/plain; charset=latin1', Buffer.from([0xe4]))).toMatchObject({
      body: '5A==',
      isBase64Encoded: true,
    });
  });

  it('survives what clients may send', () => {
    expect(event({ rawHeaders: ['X', 'quote " backslash \\ tab \t'] })).toMatchObject({
      headers: { x: 'quote " backslash \\ tab \t' },
      requestContext: { domainName: 'localhost', http: { userAgent: '' } },
    });
    expect(event({ url: '/a"b\\' })).toMatchObject({ rawPath: '/a"b\\' });
  });
});
