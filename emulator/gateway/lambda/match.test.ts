import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isLambdaCall } from './api.js';
import { matcher } from './match.js';
import { operations } from './operations.js';

const find = matcher(operations);

describe('an operation', () => {
  it.each([
    ['POST', '/2015-03-31/functions/f/invocations', 'Invoke', { FunctionName: 'f' }],
    ['POST', '/2014-11-13/functions/f/invoke-async/', 'InvokeAsync', { FunctionName: 'f' }],
    ['GET', '/2015-03-31/functions/', 'ListFunctions', {}],
    ['GET', '/2015-03-31/functions', 'ListFunctions', {}],
    ['POST', '/2015-03-31/functions', 'CreateFunction', {}],
    [
      'GET',
      '/2015-03-31/functions/arn%3Aaws%3Af/aliases/a%20b',
      'GetAlias',
      { FunctionName: 'arn:aws:f', Name: 'a b' },
    ],
    ['GET', '/2015-03-31/functions/%zz', 'GetFunction', { FunctionName: '%zz' }],
  ])('%s %s is %s', (method, path, name, params) => {
    const match = find(method, path);
    expect([match?.operation.name, match?.params]).toEqual([name, params]);
  });

  it.each([
    ['GET', '/2015-03-31/functions/f/invocations'],
    ['GET', '/2015-03-30/functions'],
    ['GET', '/2015-03-31/functions//configuration/x'],
    ['PATCH', '/2015-03-31/functions/f'],
  ])('is not %s %s', (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });

  it('has a method and a path of its own, under the paths of the API', () => {
    const all = operations.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(all).size).toBe(all.length);
    for (const { path } of operations) expect(isLambdaCall(path), path).toBe(true);
  });

  it('is in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/lambda-api.md', import.meta.url), 'utf8');
    for (const { name } of operations) expect(page, name).toContain(`\`${name}\``);
  });

  it.each(['/', '/2', '/hello', '/2024-05-01/report', '/2015-03-31/functionality', '/x/2015-03-31/functions'])(
    'is not looked for under %s',
    (url) => {
      expect(isLambdaCall(url)).toBe(false);
    },
  );
});
