import { describe, expect, it } from 'vitest';
import { parseFunctionName, qualifiedArn } from './lambda-names.js';

describe('a function’s name in the Lambda API', () => {
  it.each([
    ['counter', 'counter', undefined],
    ['counter:$LATEST', 'counter', '$LATEST'],
    ['function:counter', 'counter', undefined],
    ['000000000000:function:counter', 'counter', undefined],
    ['000000000000:function:counter:7', 'counter', '7'],
    ['arn:aws:lambda:us-east-1:000000000000:function:counter', 'counter', undefined],
    ['arn:aws-cn:lambda:cn-north-1:123456789012:function:a_b-c:live', 'a_b-c', 'live'],
  ])('%s', (text, name, qualifier) => {
    expect(parseFunctionName(text)).toEqual({ name, qualifier });
  });

  it.each(['', 'a b', 'a/b', 'arn:aws:s3:::bucket', 'a:b:c:d'])('is not %s', (text) => {
    expect(parseFunctionName(text)).toBeUndefined();
  });

  it('is an ARN in messages', () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:counter';
    expect(qualifiedArn({ name: 'counter', qualifier: undefined })).toBe(arn);
    expect(qualifiedArn({ name: 'counter', qualifier: '7' })).toBe(`${arn}:7`);
  });
});
