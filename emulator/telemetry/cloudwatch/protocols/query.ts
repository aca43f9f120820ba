import { headerOf } from '../../../http-body.js';
import { isFields } from '../fields.js';
import { CloudWatchError, type Fields, type Protocol } from '../types.js';
import { SIGNING_NAME, XML_NAMESPACE } from './names.js';

/**
 * AWS Query: a form with the action in it, XML back. What SDKs spoke until 2024, and many installed ones still do
 * [R: answers recorded by a user's test; D: making API requests].
 */

const FORM = 'application/x-www-form-urlencoded';
/** In a signature's scope: other services at the same address speak Query too. */
const SCOPE = new RegExp(`Credential=[^,\\s]*/${SIGNING_NAME}/aws4_request`);
/** Everything in a form is text; these members are numbers. */
const NUMBERS = new Set([
  'Value',
  'Values',
  'Counts',
  'SampleCount',
  'Sum',
  'Minimum',
  'Maximum',
  'StorageResolution',
  'Period',
]);
/** A dimension's value is text, whatever it looks like. */
const TEXTS = /(?:^|\.)Dimensions\.member\.\d+\.Value$/;
/** `MetricData.member.1.Values.member.2` has five levels; more is no request of ours. */
const MAX_LEVELS = 12;
/** Entries of a list: an index is where it is put. */
const MAX_INDEX = 1_000;

const contentType = ['content-type', 'text/xml'] as const;

export const query: Protocol = {
  serves: (request) =>
    request.method === 'POST' &&
    headerOf(request, 'content-type')?.startsWith(FORM) === true &&
    SCOPE.test(headerOf(request, 'authorization') ?? ''),

  decode(_request, body) {
    const form = new URLSearchParams(body.toString());
    const action = form.get('Action') ?? '';
    const input = own();
    // An empty list is written as a member without a value.
    for (const [path, value] of form)
      if (value !== '' && path !== 'Action' && path !== 'Version') put(input, path, value);
    return { action, input: unlisted(input) as Fields };
  },

  answer: (action, output, requestId) => ({
    status: 200,
    headers: contentType,
    body:
      `<${action}Response xmlns="${XML_NAMESPACE}">` +
      (Object.keys(output).length === 0 ? '' : `<${action}Result>${members(output)}</${action}Result>`) +
      `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`,
  }),

  failure: (error, requestId) => ({
    status: error.status,
    headers: contentType,
    body:
      `<ErrorResponse xmlns="${XML_NAMESPACE}">` +
      `<Error>${members({ Type: error.type, Code: error.code, Message: error.message })}</Error>` +
      `${element('RequestId', requestId)}</ErrorResponse>`,
  }),
};

/** A structure, or a list under `member`: told apart when all of it is there. */
interface Node {
  [name: string]: Node | string | number;
}

function put(root: Node, path: string, value: string): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  if (names.length > MAX_LEVELS) throw malformed(path);
  let node = root;
  for (const name of names) {
    const known = Object.hasOwn(node, name) ? node[name] : undefined;
    if (typeof known === 'string' || typeof known === 'number') throw malformed(path);
    node = known ?? (node[name] = own());
  }
  node[last] = isNumber(names, last) && !TEXTS.test(path) ? numberOf(value, path) : value;
}

/** Without a prototype, so that no name in a form means anything else. */
function own(): Node {
  return Object.create(null) as Node;
}

/** `Value`, or `Values.member.3`. */
function isNumber(names: readonly string[], last: string): boolean {
  return NUMBERS.has(names.at(-1) === 'member' ? (names.at(-2) ?? '') : last);
}

function numberOf(value: string, path: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (Number.isNaN(number) && value !== 'NaN') throw malformed(path);
  return number;
}

/** `{ member: { 1: a, 2: b } }` becomes `[a, b]`. */
function unlisted(node: Node | string | number): unknown {
  if (typeof node !== 'object') return node;
  const { member } = node;
  if (typeof member === 'object' && Object.keys(node).length === 1) {
    const indexes = Object.keys(member)
      .map(Number)
      .sort((a, b) => a - b);
    if (indexes.length > MAX_INDEX + 1 || indexes.some((index) => !Number.isInteger(index))) throw malformed('member');
    return indexes.map((index) => unlisted(member[String(index)] ?? ''));
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, unlisted(value)]));
}

function malformed(path: string): CloudWatchError {
  return new CloudWatchError('SerializationException', `The parameter ${path.slice(0, 200)} is malformed.`);
}

function members(value: Fields): string {
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return `<${name}>${value.map((entry) => element('member', entry)).join('')}</${name}>`;
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  return `<${name}>${isFields(value) ? members(value) : escaped(String(value))}</${name}>`;
}

function escaped(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      // XML 1.0 has no other control characters, escaped or not.
      // eslint-disable-next-line no-control-regex
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '�')
  );
}
