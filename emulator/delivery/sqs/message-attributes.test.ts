import { expect, it } from 'vitest';
import { SqsError } from './errors.js';
import {
  describeAttributes,
  md5OfAttributes,
  readMessageAttributes,
  selectAttributes,
  sizeOfAttributes,
} from './message-attributes.js';

const text = (value: string) => ({ DataType: 'String', StringValue: value });
const number = (value: string) => ({ DataType: 'Number', StringValue: value });
const binary = (value: string) => ({ DataType: 'Binary', BinaryValue: Buffer.from(value).toString('base64') });

const kenobi = { Help: text('x'), General: text('Kenobi'), Hello: text('There'), 'Help.Me': text('Me') };
const { Help: _, ...recorded } = kenobi;
const traceparent = 'traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01';

it.each([
  ['one text', { Hello: text('There') }, 'a311262e065454b75da111d535b8dacd'],
  ['texts in any order', { Hello: text('There'), General: text('Kenobi') }, 'fca026605781cb4126a1e9044df24232'],
  ['a name with a period', recorded, '4c360f3fdafd970e05fae2f149d997f5'],
  ['a number', { timestamp: number('1493147359900') }, '235c5c510d26fb653d073faed50ae77c'],
  ['bytes', { attr1: binary(traceparent) }, '8cbe4db156db8a94db8b801b7addb984'],
  [
    'a number among texts',
    { WeeksOn: number('6'), Author: text('John Grisham'), Title: text('The Whistler') },
    'd25a6aea97eb8f585bfa92d314504a92',
  ],
])('has the digest that SQS answered with: %s', (_what, attributes, digest) => {
  expect(md5OfAttributes(readMessageAttributes(attributes))).toBe(digest);
});

it('has no digest without attributes', () => {
  expect(md5OfAttributes({})).toBeUndefined();
  expect(readMessageAttributes(undefined)).toEqual({});
});

const refusal = (attributes: object): string => {
  try {
    readMessageAttributes(attributes);
    return 'taken';
  } catch (error) {
    return (error as SqsError).message;
  }
};

it.each([
  ['an empty text', { a: text('') }, "Message (user) attribute 'a' must contain a non-empty value of type 'String'."],
  [
    'no bytes',
    { a: { DataType: 'Binary' } },
    "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
  ],
  ['no number', { a: number('seven') }, "Can't cast the value of message (user) attribute 'a' to a number."],
  [
    'no type',
    { a: { StringValue: 'x' } },
    "The message attribute 'a' must contain a non-empty message attribute type.",
  ],
  ['an unknown type', { a: { DataType: 'Text', StringValue: 'x' } }, /has an invalid message attribute type/],
  ['a reserved name', { 'AWS.x': text('x') }, /beginning with 'AWS\.' or 'Amazon\.'/],
  ['a reserved name in other letters', { 'amazon.x': text('x') }, /reserved for internal use/],
  ['two periods', { 'a..b': text('x') }, /cannot start or end/],
  ['a name with a space', { 'a b': text('x') }, /can only contain/],
  ['a long name', { ['a'.repeat(257)]: text('x') }, /shorter than 256 Bytes/],
  ['characters that SQS refuses', { a: text('\u0001') }, /not allowed/],
  [
    'eleven of them',
    Object.fromEntries(Array.from({ length: 11 }, (_each, i) => [`a${String(i)}`, text('x')])),
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
])('refuses %s', (_what, attributes, message) => {
  expect(refusal(attributes)).toMatch(message);
});

it("takes labels of one's own, and numbers as they are written", () => {
  const read = readMessageAttributes({ a: { DataType: 'Number.float', StringValue: '-1.5e3' } });
  expect(describeAttributes(read)).toEqual({ a: { DataType: 'Number.float', StringValue: '-1.5e3' } });
});

it('counts name, type and value in bytes', () => {
  expect(sizeOfAttributes(readMessageAttributes({ k: text('ä') }))).toBe(1 + 6 + 2);
  expect(sizeOfAttributes(readMessageAttributes({ k: binary('1234') }))).toBe(1 + 6 + 4);
});

it.each([
  [['All'], ['Help', 'General', 'Hello', 'Help.Me']],
  [['.*'], ['Help', 'General', 'Hello', 'Help.Me']],
  [['Hello', 'Nobody'], ['Hello']],
  [['Hel.*'], ['Help', 'Hello', 'Help.Me']],
  [['Help'], ['Help']],
  [[], []],
])('selects %j', (wanted, names) => {
  expect(Object.keys(selectAttributes(readMessageAttributes(kenobi), wanted))).toEqual(names);
});
