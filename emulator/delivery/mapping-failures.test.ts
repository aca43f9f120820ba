import { expect, it } from 'vitest';
import { failedMessages } from './mapping-failures.js';

const ids = ['a', 'b', 'c'];
const failures = (...items: readonly unknown[]): object => ({ batchItemFailures: items });
const failed = (answer: unknown): string[] => [...failedMessages(Buffer.from(JSON.stringify(answer)), ids)];

it.each([
  ['null', null],
  ['an empty answer', {}],
  ['an empty text', ''],
  ['an empty list', failures()],
  ['no list', { batchItemFailures: null }],
  ['something else', { statusCode: 200 }],
])('has no failure: %s', (_what, answer) => {
  expect(failed(answer)).toEqual([]);
});

it('has the failures that are listed, each once', () => {
  expect(failed(failures({ itemIdentifier: 'c' }, { itemIdentifier: 'a' }, { itemIdentifier: 'c' }))).toEqual([
    'c',
    'a',
  ]);
});

it.each([
  ['an identifier that is not of the batch', failures({ itemIdentifier: 'a' }, { itemIdentifier: 'x' })],
  ['an empty identifier', failures({ itemIdentifier: '' })],
  ['a null identifier', failures({ itemIdentifier: null })],
  ['a number', failures({ itemIdentifier: 7 })],
  ['another key', failures({ foo: 'notvalid' })],
  ['a bare identifier', failures('a')],
  ['no entry', failures(null)],
  ['no list', { batchItemFailures: 'a' }],
  ['a text', 'done'],
  ['a list', ['a']],
  ['a number', 7],
])('fails the whole batch: %s', (_what, answer) => {
  expect(failed(answer)).toEqual(ids);
});

it('fails the whole batch when the answer is no JSON', () => {
  expect([...failedMessages(Buffer.from('{'), ids)]).toEqual(ids);
});
