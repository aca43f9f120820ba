import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../contract/records.js';
import type { RunResult } from '../instances/types.js';
import { httpReply } from './http-result.js';

const json = ['content-type', 'application/json'];
const reply = (value: unknown) => httpReply({ ok: true, payload: Buffer.from(JSON.stringify(value)) });
const text = (body: Buffer | string | undefined) => body?.toString();

describe('a result as an HTTP answer', () => {
  it.each([
    [{ hello: 'world' }, '{"hello":"world"}'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
    [7, '7'],
    ['plain', 'plain'],
    [{ body: 'no statusCode' }, '{"body":"no statusCode"}'],
  ])('%o without a statusCode is the JSON body of a 200', (value, body) => {
    const { reply: answer, defect } = reply(value);
    expect([answer.status, answer.headers, text(answer.body), defect]).toEqual([200, json, body, undefined]);
  });

  it('has status, headers, cookies and body as the handler gave them', () => {
    const headers = { 'Content-Type': 'text/html', 'X-Number': 1, 'X-True': true, 'X-Null': null };
    const { reply: answer } = reply({ statusCode: 201, headers, cookies: ['a=1', 'b=2; Path=/'], body: '<p>ä</p>' });
    expect(answer).toEqual({
      status: 201,
      headers: [
        'Content-Type',
        'text/html',
        'X-Number',
        '1',
        'X-True',
        'true',
        'set-cookie',
        'a=1',
        'set-cookie',
        'b=2; Path=/',
      ],
      body: '<p>ä</p>',
    });
  });

  it('decodes a base64 body', () => {
    expect(reply({ statusCode: 200, body: 'AP+A', isBase64Encoded: true }).reply.body).toEqual(
      Buffer.from([0, 255, 128]),
    );
  });

  it('is text unless the handler says what it is, and has no type without a body', () => {
    expect(reply({ statusCode: 200, body: 'x' }).reply.headers).toEqual(['content-type', 'text/plain;charset=UTF-8']);
    expect(reply({ statusCode: 204 }).reply).toEqual({ status: 204, headers: [] });
  });

  it('takes a status in digits', () => {
    expect(reply({ statusCode: '404' }).reply.status).toBe(404);
  });

  it('keeps headers out that are the connection’s', () => {
    const headers = { 'Content-Length': '1', 'transfer-encoding': 'chunked', Connection: 'close', 'x-kept': 'y' };
    expect(reply({ statusCode: 200, headers }).reply.headers).toEqual(['x-kept', 'y']);
  });

  it.each([
    [{ statusCode: 'ok' }, 'statusCode "ok"'],
    [{ statusCode: 99 }, 'statusCode 99'],
    [{ statusCode: 101 }, 'statusCode 101'],
    [{ statusCode: 600 }, 'statusCode 600'],
    [{ statusCode: 200.5 }, 'statusCode 200.5'],
    [{ statusCode: null }, 'statusCode null'],
    [{ statusCode: 200, body: { a: 1 } }, 'JSON.stringify it'],
    [{ statusCode: 200, headers: ['a'] }, 'headers that are not an object'],
    [{ statusCode: 200, headers: { a: {} } }, 'header "a" that is not a string'],
    [{ statusCode: 200, headers: { 'a b': 'x' } }, 'header "a b" with invalid characters'],
    [{ statusCode: 200, headers: { a: 'x\r\nset-cookie: evil=1' } }, 'header "a" with invalid characters'],
    [{ statusCode: 200, headers: { a: '雪' } }, 'header "a" with invalid characters'],
    [{ statusCode: 200, cookies: 'a=1' }, 'cookies that are not an array'],
    [{ statusCode: 200, cookies: ['a\n'] }, 'the cookie "a\\n"'],
  ])('%o is a 500, and the developer is told why', (value, why) => {
    const { reply: answer, defect } = reply(value);
    expect([answer.status, text(answer.body)]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(defect).toContain(why);
  });

  it.each<[ErrorKind, number, string]>([
    ['function', 500, 'Internal Server Error'],
    ['timeout', 500, 'Internal Server Error'],
    ['exit', 500, 'Internal Server Error'],
    ['init', 500, 'Internal Server Error'],
    ['response', 500, 'Internal Server Error'],
    ['throttled', 503, 'Service Unavailable'],
  ])('a failure of kind %s is a %i without details', (kind, status, message) => {
    const failed: RunResult = {
      ok: false,
      kind,
      type: 'Secret',
      message: 'secret',
      payload: Buffer.from('{"secret":1}'),
    };
    const { reply: answer } = httpReply(failed);
    expect([answer.status, text(answer.body)]).toEqual([status, JSON.stringify({ message })]);
  });
});
