import { createHash } from 'node:crypto';
import { invalidValue } from './errors.js';
import { isMessageText } from './contents.js';
import { asObject, type JsonObject } from './input.js';

/** One message attribute. `value` is base64 where the type begins with Binary. */
export interface MessageAttribute {
  /** `String`, `Number`, `Binary`, each with a label of one's own: `Number.float`. */
  readonly type: string;
  readonly value: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** [D] */
const MAX_ATTRIBUTES = 10;
const MAX_NAME = 256;
const NAME = /^[A-Za-z0-9_.-]+$/;
const RESERVED = /^(aws|amazon)\./i;
const TYPE = /^(String|Number|Binary)(\.[\s\S]+)?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const isBinary = ({ type }: MessageAttribute): boolean => type.startsWith('Binary');

const bytesOf = (attribute: MessageAttribute): Buffer =>
  Buffer.from(attribute.value, isBinary(attribute) ? 'base64' : 'utf8');

/**
 * The attributes of a message to send, checked as SQS checks them [D: message attribute components].
 * @throws SqsError InvalidParameterValue
 */
export function readMessageAttributes(given: unknown): MessageAttributes {
  const entries = Object.entries(asObject(given ?? {}, 'MessageAttributes'));
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidValue(
      `Number of message attributes [${String(entries.length)}] exceeds the allowed maximum [${String(MAX_ATTRIBUTES)}].`,
    );
  }
  return Object.fromEntries(
    entries.map(([name, value]) => {
      checkName(name);
      return [name, readAttribute(name, asObject(value, 'MessageAttributes'))];
    }),
  );
}

function checkName(name: string): void {
  if (name.length > MAX_NAME) throw invalidValue('Message (user) attribute names must be shorter than 256 Bytes');
  if (!NAME.test(name)) {
    throw invalidValue(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    );
  }
  if (RESERVED.test(name) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    throw invalidValue(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    );
  }
}

function readAttribute(name: string, given: JsonObject): MessageAttribute {
  const type = given['DataType'];
  if (typeof type !== 'string' || type === '')
    throw invalidValue(`The message attribute '${name}' must contain a non-empty message attribute type.`);
  const base = TYPE.exec(type)?.[1];
  if (base === undefined || type.length > MAX_NAME) {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = given[base === 'Binary' ? 'BinaryValue' : 'StringValue'];
  if (typeof value !== 'string' || value === '')
    throw invalidValue(`Message (user) attribute '${name}' must contain a non-empty value of type '${base}'.`);
  if (base === 'Number' && !NUMBER.test(value))
    throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  if (base === 'String' && !isMessageText(value))
    throw invalidValue(`Message (user) attribute '${name}' contains characters that are not allowed.`);
  return { type, value };
}

/** Bytes that they count for in the size of the message: name, type and value [D]. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.type) + bytesOf(attribute).length,
    0,
  );
}

/** Those that a receiver asks for: `All` or `.*`, names, prefixes as `Trace.*`. [D, R] */
export function selectAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );
}

/** As the API tells them. */
export function describeAttributes(attributes: MessageAttributes): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      { [isBinary(attribute) ? 'BinaryValue' : 'StringValue']: attribute.value, DataType: attribute.type },
    ]),
  );
}

export function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

/**
 * MD5OfMessageAttributes, which SDKs check: by ascending name, each as length and bytes of name and type, one byte for the
 * transport type (1 text, 2 binary), length and bytes of the value; lengths have four bytes, big endian. [D: calculating the
 * MD5 message digest for message attributes]
 * @returns undefined without attributes
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const attribute = attributes[name] as MessageAttribute;
    const transport = Buffer.of(isBinary(attribute) ? 2 : 1);
    return [
      ...sized(Buffer.from(name)),
      ...sized(Buffer.from(attribute.type)),
      transport,
      ...sized(bytesOf(attribute)),
    ];
  });
  return md5(Buffer.concat(parts));
}

function sized(bytes: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
