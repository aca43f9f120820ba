import { gzipSync } from 'node:zlib';
import { cbor, tag } from '@smithy/core/cbor';
import { afterEach, describe, expect, it } from 'vitest';
import { startCloudWatch, type CloudWatchServer } from './fixture.js';

let server: CloudWatchServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

const TARGET = 'GraniteServiceVersion20100801.PutMetricData';
const PATH = '/service/GraniteServiceVersion20100801/operation/PutMetricData';
const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': TARGET };
const rpc = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
const scope = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKID/20250101/us-east-1/${service}/aws4_request, Signature=x`;
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization: scope('monitoring') };
const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'm', Value: 7 }] };

type Body = NonNullable<RequestInit['body']>;

async function post(headers: Record<string, string>, body: Body, path = '/', method = 'POST') {
  server ??= await startCloudWatch();
  const reply = await fetch(server.url + path, { method, headers, ...(method === 'GET' ? {} : { body }) });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}

describe('CloudWatch', () => {
  it('is told by target, path and protocol, or signature, not by a form alone', async () => {
    const others: [Record<string, string>, string, string?][] = [
      [{ 'x-amz-target': 'AmazonSQS.SendMessage' }, '/'],
      [{ ...form, authorization: scope('sqs') }, '/'],
      [{ 'content-type': form['content-type'] }, '/'],
      [rpc, '/service/Other/operation/PutMetricData'],
      [{ 'content-type': 'application/cbor' }, PATH],
      [form, '/', 'GET'],
    ];
    for (const [headers, path, method] of others) expect((await post(headers, '', path, method)).status).toBe(599);
  });

  it('answers JSON', async () => {
    const { status, headers, bytes } = await post(json, JSON.stringify(input));
    expect([status, bytes.toString(), headers.get('x-amzn-requestid')]).toEqual([200, '{}', 'id-1']);
    const wrong = await post(json, '{"Namespace":"AWS/Lambda"}');
    expect(wrong.status).toBe(400);
    expect(wrong.headers.get('x-amzn-query-error')).toBe('InvalidParameterValue;Sender');
    expect(JSON.parse(wrong.bytes.toString())).toEqual({
      __type: 'com.amazonaws.cloudwatch#InvalidParameterValueException',
      message: 'The value AWS/ for parameter Namespace is invalid.',
    });
  });

  it('answers CBOR, compressed requests too', async () => {
    const seconds = Math.floor(Date.now() / 1_000) - 60;
    const datum = { MetricName: 'm', Value: 7n, Timestamp: tag({ tag: 1, value: seconds }) };
    const { status, headers, bytes } = await post(
      { ...rpc, 'content-encoding': 'gzip' },
      gzipSync(cbor.serialize({ Namespace: 'Shop', MetricData: [datum] })),
      `${PATH}?x`,
    );
    expect([status, headers.get('smithy-protocol'), headers.get('content-type'), bytes.length]).toEqual([
      ...[200, 'rpc-v2-cbor', null, 0],
    ]);
    const [series] = server?.telemetry.customMetrics() ?? [];
    expect(series?.points()).toEqual([{ at: seconds, count: 1, sum: 7, min: 7, max: 7 }]);
    const wrong = await post(rpc, cbor.serialize({ Namespace: 'Shop' }), PATH);
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'application/cbor']);
    expect(cbor.deserialize(wrong.bytes)).toEqual({
      __type: 'com.amazonaws.cloudwatch#MissingRequiredParameterException',
      message: 'The parameter MetricData is required.',
    });
  });

  it('answers Query with XML', async () => {
    const put = 'Action=PutMetricData&Version=2010-08-01&Namespace=Shop&MetricData.member.1.MetricName=m';
    const done = await post(form, `${put}&MetricData.member.1.Value=7`);
    expect([done.headers.get('content-type'), done.bytes.toString()]).toEqual([
      'text/xml',
      '<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ResponseMetadata>' +
        '<RequestId>id-1</RequestId></ResponseMetadata></PutMetricDataResponse>',
    ]);
    const wrong = await post(form, `${put}&MetricData.member.1.Value=NaN`);
    expect([wrong.status, wrong.bytes.toString()]).toEqual([
      400,
      '<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error><Type>Sender</Type>' +
        '<Code>InvalidParameterValue</Code><Message>The value NaN for parameter MetricData.member.1.Value is invalid.' +
        '</Message></Error><RequestId>id-2</RequestId></ErrorResponse>',
    ]);
    const unknown = await post(form, 'Action=<&Version=2010-08-01');
    expect(unknown.bytes.toString()).toContain('not &lt;.</Message>');
  });

  it.each<[string, Record<string, string>, Body, string?]>([
    ['JSON cut short', json, '{"Namespace":'],
    ['JSON that is no object', json, '[1]'],
    ['JSON of wrong types', json, '{"Namespace":7}'],
    ['JSON with text for a number', json, '{"Namespace":"S","MetricData":[{"MetricName":"m","Value":"7"}]}'],
    ['JSON with an object for a list', json, '{"Namespace":"S","MetricData":{}}'],
    ['CBOR cut short', rpc, Buffer.from(cbor.serialize(input)).subarray(0, 9), PATH],
    ['CBOR with a length that is not there', rpc, Buffer.from([0x9a, 0xff, 0xff, 0xff, 0xff]), PATH],
    ['CBOR nested without end', rpc, Buffer.alloc(500_000, 0x81), PATH],
    [
      'a form with a member that is two things',
      form,
      'Action=PutMetricData&MetricData.member.1=x&MetricData.member.1.Value=1',
    ],
    ['a form with text for a number', form, 'Action=PutMetricData&Namespace=S&MetricData.member.1.Value=seven'],
    ['a form nested without end', form, `Action=PutMetricData&${'a.'.repeat(10_000)}b=1`],
    ['what is not gzip', { ...json, 'content-encoding': 'gzip' }, JSON.stringify(input)],
    ['an unknown encoding', { ...json, 'content-encoding': 'br' }, JSON.stringify(input)],
  ])('refuses %s', async (_what, headers, body, path) => {
    const { status, bytes } = await post(headers, body, path);
    expect(status).toBe(400);
    expect(bytes.toString()).toMatch(/SerializationException|MalformedInput/);
    expect(server?.telemetry.customMetrics()).toEqual([]);
    expect(server?.log).toEqual([]);
  });

  it.each(['__proto__.x=1', 'constructor.prototype.x=1', 'MetricData.member.__proto__.x=1'])(
    'takes %s for a name like any other',
    async (member) => {
      await post(form, `Action=PutMetricData&Namespace=S&${member}`);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
      expect(server?.log).toEqual([]);
    },
  );

  it('refuses what is too large, packed or not', async () => {
    const bomb = await post({ ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(33 * 1_048_576)));
    const plain = await post(json, Buffer.alloc(1_048_577, ' '));
    for (const { status, bytes } of [bomb, plain]) {
      expect(status).toBe(413);
      expect(JSON.parse(bytes.toString())).toMatchObject({ message: 'A request may have 1048576 bytes.' });
    }
  });

  it('hides a defect of ours from the caller, and tells it in the log', async () => {
    server = await startCloudWatch({
      put: () => {
        throw new Error('broken');
      },
    });
    const { status, bytes } = await post(json, JSON.stringify(input));
    expect(status).toBe(500);
    expect(bytes.toString()).not.toContain('broken');
    expect(server.log).toEqual(['CloudWatch: broken']);
  });
});
