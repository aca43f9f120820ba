import { cbor } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import { AWS_PROTOCOLS, awsError, codeOf, statusOf } from './aws-answers.js';

/** Against the shapes that the protocols' specifications and S3's documentation give as examples. */

const ID = '0bf2a9bc-1c2d-4e5f-8a6b-7c8d9e0f1a2b';
const bodyOf = (answer: { body: string }): string => Buffer.from(answer.body, 'base64').toString();

describe('errors of AWS services', () => {
  it('are JSON with a __type in AWS JSON: DynamoDB, SQS, Step Functions', () => {
    const answer = awsError('json-1.0', 400, 'ProvisionedThroughputExceededException', ID);
    expect(answer.headers).toEqual({
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': 'ProvisionedThroughputExceededException',
      'x-amzn-requestid': ID,
    });
    expect(JSON.parse(bodyOf(answer))).toEqual({
      __type: 'ProvisionedThroughputExceededException',
      message: expect.stringContaining('The level of configured provisioned throughput for the table was exceeded'),
    });
    expect(awsError('json-1.1', 400, 'X', ID).headers['content-type']).toBe('application/x-amz-json-1.1');
  });

  it('have their type in a header in REST-JSON: Lambda', () => {
    const answer = awsError('rest-json', 429, 'TooManyRequestsException', ID);
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'TooManyRequestsException' });
    expect(JSON.parse(bodyOf(answer))).toEqual({ Type: 'User', message: 'Rate Exceeded.' });
  });

  it('are an Error at the root in S3', () => {
    const answer = awsError('s3', 503, 'SlowDown', ID);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/xml', 'x-amz-request-id': ID });
    expect(bodyOf(answer)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>' +
        `<RequestId>${ID}</RequestId><HostId>faultline</HostId></Error>`,
    );
  });

  it.each(['query', 'rest-xml'] as const)('are an ErrorResponse in %s: SNS, STS, CloudFront', (protocol) => {
    expect(bodyOf(awsError(protocol, 400, 'Throttling', ID))).toBe(
      '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>' +
        `<RequestId>${ID}</RequestId></ErrorResponse>`,
    );
    expect(bodyOf(awsError(protocol, 500, 'InternalFailure', ID))).toContain('<Type>Receiver</Type>');
  });

  it('are a Response with Errors in EC2', () => {
    expect(bodyOf(awsError('ec2', 503, 'RequestLimitExceeded', ID))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>RequestLimitExceeded</Code>' +
        `<Message>Request limit exceeded.</Message></Error></Errors><RequestID>${ID}</RequestID></Response>`,
    );
  });

  it('are CBOR in RPC v2: CloudWatch', () => {
    const answer = awsError('cbor', 400, 'Throttling', ID);
    expect(answer.headers).toMatchObject({ 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' });
    expect(cbor.deserialize(Buffer.from(answer.body, 'base64'))).toEqual({
      __type: 'Throttling',
      message: 'Rate exceeded',
    });
  });
});

it.each([
  ['ThrottlingException', 'json-1.1', 400],
  ['TooManyRequestsException', 'rest-json', 429],
  ['SlowDown', 's3', 503],
  ['NoSuchKey', 's3', 404],
  ['AccessDenied', 's3', 403],
  ['AccessDeniedException', 'json-1.0', 400],
  ['BucketAlreadyExists', 's3', 409],
  ['InternalServerError', 'json-1.0', 500],
  ['ServiceException', 'rest-json', 500],
  ['ServiceUnavailable', 'query', 503],
  ['RequestLimitExceeded', 'ec2', 503],
] as const)('%s is sent in %s with %i', (code, protocol, status) => {
  expect(statusOf(code, protocol)).toBe(status);
});

it('has an error code for every status, in every protocol', () => {
  for (const protocol of AWS_PROTOCOLS)
    for (const status of [400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504])
      expect(codeOf(status, protocol)).toMatch(/^[A-Z]\w+$/);
});
