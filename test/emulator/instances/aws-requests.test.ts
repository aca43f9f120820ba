import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runtimesDir } from './harness.js';

/** What a request asks of which AWS service: one table for both runtimes. */

interface Seen {
  readonly service: string;
  readonly operation?: string;
  readonly protocol: string;
}
type Headers = Readonly<Record<string, string>>;
interface Case {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string;
}

const signed = (service: string): Headers => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const target = (service: string, name: string, version = '1.0'): Headers => ({
  ...signed(service),
  'x-amz-target': name,
  'content-type': `application/x-amz-json-${version}`,
});
const form = (service: string): Headers => ({
  ...signed(service),
  'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
});
const local = 'http://127.0.0.1:3000';
const s3 = 'https://photos.s3.eu-west-1.amazonaws.com';

const TABLE: readonly (readonly [string, Headers, Seen | undefined, string?])[] = [
  [
    'POST https://dynamodb.us-east-1.amazonaws.com/',
    target('dynamodb', 'DynamoDB_20120810.GetItem'),
    { service: 'dynamodb', operation: 'GetItem', protocol: 'json-1.0' },
  ],
  [
    'POST https://streams.dynamodb.us-east-1.amazonaws.com/',
    target('dynamodb', 'DynamoDBStreams_20120810.GetRecords'),
    { service: 'dynamodb-streams', operation: 'GetRecords', protocol: 'json-1.0' },
  ],
  [
    `POST ${local}/`,
    target('sqs', 'AmazonSQS.SendMessage'),
    { service: 'sqs', operation: 'SendMessage', protocol: 'json-1.0' },
  ],
  [
    `POST ${local}/`,
    target('states', 'AWSStepFunctions.StartExecution'),
    { service: 'sfn', operation: 'StartExecution', protocol: 'json-1.0' },
  ],
  [
    `POST ${local}/`,
    target('events', 'AWSEvents.PutEvents', '1.1'),
    { service: 'eventbridge', operation: 'PutEvents', protocol: 'json-1.1' },
  ],
  [
    'POST https://cognito-idp.us-east-1.amazonaws.com/',
    { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth', 'content-type': 'application/x-amz-json-1.1' },
    { service: 'cognito-identity-provider', operation: 'InitiateAuth', protocol: 'json-1.1' },
  ],
  [
    `POST ${local}/`,
    form('sns'),
    { service: 'sns', operation: 'Publish', protocol: 'query' },
    'Action=Publish&Version=2010-03-31&Message=Action%3DNo',
  ],
  [
    'POST https://sts.amazonaws.com/',
    { 'content-type': 'application/x-www-form-urlencoded' },
    { service: 'sts', operation: 'AssumeRoleWithWebIdentity', protocol: 'query' },
    'Action=AssumeRoleWithWebIdentity',
  ],
  [
    `POST ${local}/000000000000/jobs`,
    form('sqs'),
    { service: 'sqs', operation: 'ReceiveMessage', protocol: 'query' },
    'Action=ReceiveMessage',
  ],
  [
    'POST https://ec2.us-east-1.amazonaws.com/',
    form('ec2'),
    { service: 'ec2', operation: 'RunInstances', protocol: 'ec2' },
    'Action=RunInstances',
  ],
  [
    `POST ${local}/service/GraniteServiceVersion20100801/operation/PutMetricData`,
    signed('monitoring'),
    { service: 'cloudwatch', operation: 'PutMetricData', protocol: 'cbor' },
  ],
  [
    `POST ${local}/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Aa/invocations`,
    signed('lambda'),
    { service: 'lambda', operation: 'Invoke', protocol: 'rest-json' },
  ],
  [
    `GET ${local}/2015-03-31/functions/`,
    signed('lambda'),
    { service: 'lambda', operation: 'ListFunctions', protocol: 'rest-json' },
  ],
  [
    `POST ${local}/2021-11-15/functions/a/response-streaming-invocations`,
    signed('lambda'),
    { service: 'lambda', operation: 'InvokeWithResponseStream', protocol: 'rest-json' },
  ],
  [
    'POST https://bedrock-runtime.us-east-1.amazonaws.com/model/some.model-v1%3A0/converse',
    signed('bedrock'),
    { service: 'bedrock-runtime', operation: 'Converse', protocol: 'rest-json' },
  ],
  [
    'POST https://abc.execute-api.us-east-1.amazonaws.com/prod/@connections/id',
    signed('execute-api'),
    { service: 'apigatewaymanagementapi', protocol: 'rest-json' },
  ],
  [`PUT ${s3}/2026/a.jpg?x-id=PutObject`, signed('s3'), { service: 's3', operation: 'PutObject', protocol: 's3' }],
  [
    `PUT ${s3}/2026/a.jpg?partNumber=1&uploadId=u`,
    signed('s3'),
    { service: 's3', operation: 'UploadPart', protocol: 's3' },
  ],
  [
    `PUT ${s3}/2026/a.jpg`,
    { ...signed('s3'), 'x-amz-copy-source': '/b/c' },
    { service: 's3', operation: 'CopyObject', protocol: 's3' },
  ],
  [`GET ${s3}/?list-type=2&prefix=a`, signed('s3'), { service: 's3', operation: 'ListObjectsV2', protocol: 's3' }],
  [`POST ${s3}/?delete`, signed('s3'), { service: 's3', operation: 'DeleteObjects', protocol: 's3' }],
  [
    `GET ${s3}/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260101%2Feu-west-1%2Fs3%2Faws4_request`,
    {},
    { service: 's3', operation: 'GetObject', protocol: 's3' },
  ],
  [
    'GET https://s3.dualstack.us-west-2.amazonaws.com/bucket/key',
    {},
    { service: 's3', operation: 'GetObject', protocol: 's3' },
  ],
  ['GET http://localhost:9000/', signed('s3'), { service: 's3', operation: 'ListBuckets', protocol: 's3' }],
  ['HEAD http://localhost:9000/bucket', signed('s3'), { service: 's3', operation: 'HeadBucket', protocol: 's3' }],
  [
    'GET https://cloudfront.amazonaws.com/2020-05-31/distribution',
    signed('cloudfront'),
    { service: 'cloudfront', protocol: 'rest-xml' },
  ],
  [
    'POST https://kinesis.eu-west-1.amazonaws.com/',
    {
      authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AK/20260101/kinesis/aws4_request, Signature=0',
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      'content-type': 'application/x-amz-json-1.1',
    },
    { service: 'kinesis', operation: 'PutRecord', protocol: 'json-1.1' },
  ],
  ['POST http://127.0.0.1:8000/', {}, { service: 'dynamodb', protocol: 'rest-json' }],
  ['GET https://api.example.com/orders?Action=Publish', {}, undefined],
  [
    'POST https://api.example.com/',
    { authorization: 'Bearer token', 'content-type': 'application/x-www-form-urlencoded' },
    undefined,
    'Action=Publish',
  ],
];

const cases: readonly Case[] = TABLE.map(([line, headers, , body]) => {
  const [method = '', url = ''] = line.split(' ');
  return { method, url, headers, ...(body === undefined ? {} : { body }) };
});
const wanted = TABLE.map(([, , seen]) => (seen === undefined ? undefined : { ...seen }));
const endpoint = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' };

it('node: what a request asks of which service', () => {
  Object.assign(process.env, endpoint);
  const { identify } = createRequire(import.meta.url)(path.join(runtimesDir, 'node-aws-requests.cjs')) as {
    identify(request: object): (Seen & { undecided: boolean }) | undefined;
  };
  const seen = cases.map(({ method, url, headers, body }) => {
    const { hostname: host, port, protocol, pathname, search } = new URL(url);
    const given = identify({
      method,
      host,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      path: pathname + search,
      header: (name: string) => headers[name],
      body,
    });
    if (given === undefined) return undefined;
    const { service, operation, protocol: spoken } = given;
    return { service, ...(operation === undefined ? {} : { operation }), protocol: spoken };
  });
  delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  expect(seen).toEqual(wanted);
});

const PYTHON = `
import importlib.util, json, sys
from urllib.parse import urlsplit
spec = importlib.util.spec_from_file_location("aws_requests", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
answers = []
for case in json.load(sys.stdin):
    url = urlsplit(case["url"])
    port = url.port or (443 if url.scheme == "https" else 80)
    path = url.path + ("?" + url.query if url.query else "")
    body = case["body"].encode() if "body" in case else None
    seen = module.identify(module.Request(url.scheme, case["method"], url.hostname, port, path, case["headers"], body))
    answers.append(seen and {key: seen[key] for key in ("service", "operation", "protocol") if seen[key]})
print(json.dumps(answers))
`;

it('python: what a request asks of which service', () => {
  const input = JSON.stringify(cases);
  const file = path.join(runtimesDir, 'python-aws-requests.py');
  const output = execFileSync('python3', ['-c', PYTHON, file], { input, env: { ...process.env, ...endpoint } });
  expect(JSON.parse(output.toString())).toEqual(wanted.map((seen) => seen ?? null));
});
