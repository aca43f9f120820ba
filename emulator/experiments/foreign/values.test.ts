import { describe, expect, it } from 'vitest';
import { functionOfArn, patternOfRegex } from './values.js';

describe('functionOfArn', () => {
  it.each([
    ['arn:aws:lambda:eu-west-1:123456789012:function:orders', { name: 'orders' }],
    ['arn:aws-cn:lambda:cn-north-1:123456789012:function:orders:live', { name: 'orders', qualifier: 'live' }],
    ['orders', { name: 'orders' }],
    ['orders:live', { name: 'orders', qualifier: 'live' }],
  ])('%s', (arn, found) => {
    expect(functionOfArn(arn)).toEqual(found);
  });
});

describe('patternOfRegex', () => {
  it.each([
    ['s3.*.amazonaws.com', '*s3*.amazonaws.com*'],
    ['^dynamodb\\.eu-west-1\\.amazonaws\\.com$', 'dynamodb.eu-west-1.amazonaws.com'],
    ['example', '*example*'],
    ['^api\\..+', 'api.*'],
  ])('%s is %s', (regex, pattern) => {
    expect(patternOfRegex(regex)).toBe(pattern);
  });

  it.each(['(a|b).com', 'a?', '[ab].com', 'a{2}', '', '^$', 'x\\d'])('%j is more than a pattern can say', (regex) => {
    expect(patternOfRegex(regex)).toBeUndefined();
  });
});
