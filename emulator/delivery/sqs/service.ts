import type { IncomingMessage, ServerResponse } from 'node:http';
import { FaultlineError } from '../../contract/errors.js';
import type { AwsService } from '../../gateway/types.js';
import { headerOf, readBody, type Body } from '../../http-body.js';
import { send, type Reply } from '../../http-reply.js';
import { traceOfRequest } from '../../trace-header.js';
import { ACCOUNT_ID } from '../../dispatch/types.js';
import { actions, UNSUPPORTED } from './actions/index.js';
import type { Action, Parts } from './actions/types.js';
import { SqsError } from './errors.js';
import { asObject, Input } from './input.js';

/** Ten messages of 1 MiB together, every character escaped in JSON, and what is around them; bytes. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

const TARGET = 'AmazonSQS.';
const JSON_TYPE = 'application/x-amz-json-1.0';

const NO_QUERY_PROTOCOL =
  'Faultline speaks the JSON protocol of SQS (application/x-amz-json-1.0), which AWS SDKs have used since November 2023. ' +
  'This request has the older Query protocol: update the SDK (boto3 1.28.82, @aws-sdk/client-sqs 3.447, AWS SDK for Java 2.21.19 or newer).';

export interface ServiceOptions extends Parts {
  readonly log: (message: string) => void;
}

/** The endpoint, AWS JSON 1.0: POST on any path, the action in x-amz-target. Signatures are not checked. */
export function createService(options: ServiceOptions): AwsService {
  return {
    serves: (request) => target(request) !== undefined || isQueryProtocol(request),

    handle(request, response) {
      const requestId = options.newId();
      const answer = (reply: Reply, close = false): void => send(response, reply, close, 'x-amzn-RequestId', requestId);
      const name = target(request);
      if (name === undefined) {
        request.resume();
        return answer(queryError(requestId));
      }
      readBody(request, MAX_REQUEST_BYTES, (body) => {
        if (body.state === 'gone') return;
        const close = body.state === 'too-large' && !body.ended;
        perform(name, body, request, response).then(
          (value) => answer(json(200, value)),
          (error: unknown) => answer(refused(name, error), close),
        );
      });
    },
  };

  async function perform(
    name: string,
    body: Exclude<Body, { state: 'gone' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<object> {
    const action = actionOf(name);
    if (body.state === 'too-large') {
      const limit = `The request has more than ${String(MAX_REQUEST_BYTES)} bytes.`;
      throw new SqsError('RequestEntityTooLarge', limit);
    }
    const input = new Input(parsed(body.bytes));
    const hungUp = new AbortController();
    const gone = (): void => hungUp.abort();
    response.once('close', gone);
    try {
      return await action(input, options, { signal: hungUp.signal, trace: traceOfRequest(request.rawHeaders) });
    } finally {
      response.off('close', gone);
    }
  }

  function refused(name: string, error: unknown): Reply {
    if (error instanceof SqsError) return failure(error);
    const { code, message } = FaultlineError.from(error);
    options.log(`sqs: ${name}: ${message}`);
    // SDKs try again after both.
    return failure(new SqsError(code === 'INTERNAL' ? 'InternalFailure' : 'ServiceUnavailable', message));
  }
}

/** The action of a request; undefined when it is none of this service. */
function target(request: IncomingMessage): string | undefined {
  if (request.method !== 'POST') return undefined;
  const header = headerOf(request, 'x-amz-target');
  return header?.startsWith(TARGET) ? header.slice(TARGET.length) : undefined;
}

/** Signed for SQS, or a form that is sent to the URL of a queue. */
function isQueryProtocol(request: IncomingMessage): boolean {
  if (headerOf(request, 'authorization')?.includes('/sqs/aws4_request')) return true;
  if (!request.url?.startsWith(`/${ACCOUNT_ID}/`)) return false;
  return headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;
}

function actionOf(name: string): Action {
  if (Object.hasOwn(actions, name)) return actions[name as keyof typeof actions];
  const reason = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined;
  if (reason !== undefined) throw new SqsError('UnsupportedOperation', reason);
  throw new SqsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.length === 0 ? '{}' : bytes.toString());
  } catch (error) {
    throw new SqsError('SerializationException', (error as Error).message);
  }
  return asObject(value, 'The request');
}

function json(status: number, value: object, ...headers: string[]): Reply {
  return { status, headers: ['content-type', JSON_TYPE, ...headers], body: JSON.stringify(value) };
}

/** The SDK finds the class of an error by `__type`, and its old name in the header [S: AWS query compatible errors]. */
function failure({ type, code, status, fault, message }: SqsError): Reply {
  const body = { __type: `com.amazonaws.sqs#${type}`, message };
  return json(status, body, 'x-amzn-query-error', `${code};${fault}`);
}

/** XML, which is what such a client reads. */
function queryError(requestId: string): Reply {
  const body =
    '<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type>' +
    `<Code>UnsupportedProtocol</Code><Message>${NO_QUERY_PROTOCOL}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status: 400, headers: ['content-type', 'text/xml'], body };
}
