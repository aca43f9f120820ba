import { cbor } from '@smithy/core/cbor';
import type { HttpAnswer } from '../contract/faults.js';

/**
 * An error of an AWS service, in each of the protocols that SDKs speak. Shapes: the protocols' specifications in Smithy
 * (smithy.io: awsJson1_0, awsJson1_1, restJson1, restXml, awsQuery, ec2Query, rpcv2Cbor) and S3's REST error responses [D].
 */

export const AWS_PROTOCOLS = ['json-1.0', 'json-1.1', 'rest-json', 's3', 'rest-xml', 'query', 'ec2', 'cbor'] as const;
export type AwsProtocol = (typeof AWS_PROTOCOLS)[number];

/** Those whose HTTP status tells the kind of error; in the others a client's mistake is always 400. */
const RESTFUL: ReadonlySet<AwsProtocol> = new Set(['rest-json', 's3', 'rest-xml']);

/** Texts that the services document [D]; of all others the text says what it is. */
const MESSAGES: Readonly<Record<string, string>> = {
  ProvisionedThroughputExceededException:
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  RequestLimitExceeded: 'Request limit exceeded.',
  SlowDown: 'Please reduce your request rate.',
  Throttling: 'Rate exceeded',
  ThrottlingException: 'Rate exceeded',
  TooManyRequestsException: 'Rate Exceeded.',
  NoSuchKey: 'The specified key does not exist.',
  NoSuchBucket: 'The specified bucket does not exist',
  AccessDenied: 'Access Denied',
};

/** The HTTP status that a service answers with this error code: as documented for the common ones, else by its name. */
export function statusOf(errorCode: string, protocol: AwsProtocol): number {
  if (/^TooManyRequests/.test(errorCode)) return 429;
  if (errorCode === 'SlowDown' || errorCode.includes('Unavailable')) return 503;
  if (errorCode === 'RequestLimitExceeded' && protocol === 'ec2') return 503;
  if (/^Internal|^ServiceException|ServerError/.test(errorCode)) return 500;
  if (/AccessDenied|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId/.test(errorCode))
    return protocol.startsWith('json') ? 400 : 403;
  if (RESTFUL.has(protocol)) {
    if (/NotFound|^NoSuch/.test(errorCode)) return 404;
    if (/Conflict|AlreadyExists|AlreadyOwned/.test(errorCode)) return 409;
    if (/^PreconditionFailed/.test(errorCode)) return 412;
  }
  return 400;
}

/** The error code that a service has for an HTTP status. */
export function codeOf(status: number, protocol: AwsProtocol): string {
  const s3 = protocol === 's3';
  const named: Readonly<Record<number, string>> = {
    400: s3 ? 'InvalidRequest' : 'ValidationException',
    403: s3 ? 'AccessDenied' : 'AccessDeniedException',
    404: s3 ? 'NoSuchKey' : 'ResourceNotFoundException',
    409: s3 ? 'OperationAborted' : 'ConflictException',
    429: protocol === 'rest-json' ? 'TooManyRequestsException' : 'ThrottlingException',
    503: s3 ? 'SlowDown' : 'ServiceUnavailable',
  };
  return named[status] ?? (status >= 500 ? 'InternalError' : 'ValidationException');
}

/**
 * @param requestId as the answer tells it; a draw, so that a replay has the same
 * @returns the answer of a service that fails with this code
 */
export function awsError(protocol: AwsProtocol, status: number, errorCode: string, requestId: string): HttpAnswer {
  const message = MESSAGES[errorCode] ?? `${errorCode}, by a fault of Faultline`;
  const answer = RENDER[protocol]({ errorCode, message, requestId, client: status < 500 });
  const headers = { ...answer.headers, 'x-amzn-requestid': requestId };
  return { status, headers, body: Buffer.from(answer.body).toString('base64') };
}

interface Told {
  readonly errorCode: string;
  readonly message: string;
  readonly requestId: string;
  /** It is the client's mistake. */
  readonly client: boolean;
}

interface Rendered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const json =
  (version: string) =>
  ({ errorCode, message }: Told): Rendered => ({
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-errortype': errorCode },
    body: JSON.stringify({ __type: errorCode, message }),
  });

const XML = { 'content-type': 'text/xml' } as const;

/** `<ErrorResponse>` of awsQuery, and of restXml but for S3. */
const wrapped = ({ errorCode, message, requestId, client }: Told): Rendered => ({
  headers: XML,
  body:
    `<ErrorResponse><Error><Type>${client ? 'Sender' : 'Receiver'}</Type><Code>${xml(errorCode)}</Code>` +
    `<Message>${xml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
});

const RENDER: Readonly<Record<AwsProtocol, (told: Told) => Rendered>> = {
  'json-1.0': json('1.0'),
  'json-1.1': json('1.1'),
  'rest-json': ({ errorCode, message, client }) => ({
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorCode },
    body: JSON.stringify({ Type: client ? 'User' : 'Service', message }),
  }),
  s3: ({ errorCode, message, requestId }) => ({
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, 'x-amz-id-2': 'faultline' },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${xml(errorCode)}</Code><Message>${xml(message)}</Message>` +
      `<RequestId>${requestId}</RequestId><HostId>faultline</HostId></Error>`,
  }),
  'rest-xml': wrapped,
  query: wrapped,
  ec2: ({ errorCode, message, requestId }) => ({
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${xml(errorCode)}</Code>` +
      `<Message>${xml(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  }),
  cbor: ({ errorCode, message }) => ({
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: cbor.serialize({ __type: errorCode, message }),
  }),
};

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
