import { cbor as codec, tag, tagSymbol } from '@smithy/core/cbor';
import { headerOf } from '../../../http-body.js';
import { isFields } from '../fields.js';
import { CloudWatchError, type Fields, type Protocol } from '../types.js';
import { queryError } from './json.js';
import { SERVICE, SHAPES } from './names.js';

/** Smithy RPC v2 CBOR: the action in the path. First of the three in the service's model [S]. */

const PREFIX = `/service/${SERVICE}/operation/`;
const PROTOCOL = 'rpc-v2-cbor';
/** A number after this tag is a time in epoch seconds (RFC 8949). */
const TIME_TAG = 1;

const protocolHeaders = ['smithy-protocol', PROTOCOL] as const;
const contentType = ['content-type', 'application/cbor'] as const;

export const cbor: Protocol = {
  serves: (request) =>
    request.url?.startsWith(PREFIX) === true && headerOf(request, 'smithy-protocol')?.toLowerCase() === PROTOCOL,

  decode(request, body) {
    const action = (request.url ?? '').slice(PREFIX.length).replace(/[/?].*$/, '');
    let input: unknown;
    try {
      input = body.length === 0 ? {} : plain(codec.deserialize(body));
    } catch {
      input = undefined;
    }
    if (!isFields(input)) throw new CloudWatchError('SerializationException', 'The body is not a map in CBOR');
    return { action, input };
  },

  answer(_action, output) {
    // An operation without output has no body, and then no type of one.
    if (Object.keys(output).length === 0) return { status: 200, headers: protocolHeaders };
    return {
      status: 200,
      headers: [...protocolHeaders, ...contentType],
      body: Buffer.from(codec.serialize(tagged(output))),
    };
  },

  failure: (error) => ({
    status: error.status,
    headers: [...protocolHeaders, ...contentType, ...queryError(error)],
    body: Buffer.from(codec.serialize({ __type: `${SHAPES}#${error.shape}`, message: error.message })),
  }),
};

/** Tagged values become what is tagged: a time its epoch seconds. Whole numbers beyond 2^53 become numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isFields(value)) return value;
  if (tagSymbol in value) return plain(value['value']);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function tagged(value: unknown): unknown {
  if (value instanceof Date) return tag({ tag: TIME_TAG, value: value.getTime() / 1_000 });
  if (Array.isArray(value)) return value.map(tagged);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, tagged(member)])) satisfies Fields;
}
