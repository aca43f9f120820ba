import { describe, expect, it } from 'vitest';
import { parameterFields, parseField } from '../emulator/contract/webview.js';
import type { CatalogFault } from '../emulator/contract/catalog.js';
import { draftFields, draftProblem, draftSpec, fieldProblem, newDraft } from './fault-draft.js';

const kind: CatalogFault = {
  kind: 'sample',
  group: 'answer',
  title: 'Sample',
  summary: 'One of each',
  doc: 'faults/sample.md',
  params: {
    type: 'object',
    properties: {
      ms: { type: 'number', minimum: 0, maximum: 100, default: 80, description: 'Delay' },
      count: { type: 'integer', exclusiveMinimum: 0, default: 1 },
      when: { type: 'string', enum: ['before', 'after'], default: 'before' },
      code: { enum: [500, 503], default: 503 },
      hosts: { type: 'array', items: { type: 'string' }, default: [] },
      quiet: { type: 'boolean', default: false },
      message: { type: 'string' },
      headers: { type: 'object', default: {} },
    },
    required: ['message'],
  },
};
const field = (name: string) => {
  const found = draftFields(kind).find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};
const filled = { ...newDraft(kind, 'orders'), values: { ...newDraft(kind, 'orders').values, message: 'no' } };

describe('fields of a kind', () => {
  it('come from its schema, with defaults as they are typed', () => {
    expect(parameterFields(kind.params).map((one) => [one.name, one.kind, one.initial])).toEqual([
      ['ms', 'number', '80'],
      ['count', 'integer', '1'],
      ['when', 'choice', 'before'],
      ['code', 'choice', '503'],
      ['hosts', 'list', ''],
      ['quiet', 'boolean', 'false'],
      ['message', 'text', ''],
      ['headers', 'json', '{}'],
    ]);
  });

  it.each([
    ['ms', '80', 80],
    ['code', '500', 500],
    ['hosts', 'a.test, b.test:80', ['a.test', 'b.test:80']],
    ['quiet', 'true', true],
    ['headers', '{"a":1}', { a: 1 }],
    ['ms', '  ', undefined],
  ])('read %s from %j', (name, typed, value) => {
    expect(parseField(field(name), typed)).toEqual({ value });
  });

  it.each([
    ['ms', 'soon', 'Enter a number.'],
    ['ms', '-1', 'Enter 0 or more.'],
    ['ms', '101', 'Enter 100 or less.'],
    ['count', '1.5', 'Enter a whole number.'],
    ['count', '0', 'Enter more than 0.'],
    ['when', 'never', 'Choose one of before, after.'],
    ['message', '', 'This is needed.'],
    ['headers', '{', 'Enter JSON.'],
    ['(for)', 'soon', 'Enter a duration such as 250ms, 30s, 5m or 1h.'],
    ['(rate)', '0', 'Enter more than 0.'],
  ])('refuse %s as %j: %s', (name, typed, problem) => {
    expect(fieldProblem(field(name), typed)).toBe(problem);
  });
});

describe('a draft', () => {
  it('names what is still missing', () => {
    expect(draftProblem(newDraft(kind, undefined))?.field.name).toBe('message');
    expect(draftProblem(filled)).toBeUndefined();
  });

  it('becomes a fault with everything typed', () => {
    expect(draftSpec(filled)).toEqual({
      kind: 'sample',
      function: 'orders',
      params: { ms: 80, count: 1, when: 'before', code: 503, quiet: false, message: 'no', headers: {} },
      rate: 100,
      for: '10m',
    });
  });
});
