import { headerOf } from '../../../http-body.js';
import { isFields } from '../fields.js';
import { CloudWatchError, type CloudWatchError as Failure, type Fields, type Protocol } from '../types.js';
import { SERVICE, SHAPES } from './names.js';

/**
 * AWS JSON 1.0 and 1.1: the action in x-amz-target; times are epoch seconds. What the SDK for JavaScript and boto3 speak
 * today [S: client-cloudwatch 3.1162, botocore 1.43].
 */

const TARGET = `${SERVICE}.`;

export const json: Protocol = {
  serves: (request) => headerOf(request, 'x-amz-target')?.startsWith(TARGET) === true,

  decode(request, body) {
    const action = (headerOf(request, 'x-amz-target') ?? '').slice(TARGET.length);
    let input: unknown;
    try {
      input = body.length === 0 ? {} : JSON.parse(body.toString());
    } catch {
      input = undefined;
    }
    if (!isFields(input)) throw new CloudWatchError('SerializationException', 'The body is not a JSON object');
    return { action, input };
  },

  answer: (_action, output) => ({ status: 200, headers: contentType, body: JSON.stringify(output, seconds) }),

  failure: (error) => ({
    status: error.status,
    headers: [...contentType, ...queryError(error)],
    body: JSON.stringify({ __type: `${SHAPES}#${error.shape}`, message: error.message }),
  }),
};

const contentType = ['content-type', 'application/x-amz-json-1.0'] as const;

/** The older name of the error, for clients that were written for the Query protocol [S: awsQueryCompatible]. */
export function queryError({ code, type }: Failure): readonly string[] {
  return ['x-amzn-query-error', `${code};${type}`];
}

/** `Date` has become a string before a replacer sees it: the holder still has it. */
function seconds(this: Fields, key: string, value: unknown): unknown {
  const raw = this[key];
  return raw instanceof Date ? raw.getTime() / 1_000 : value;
}
