import { describe, expect, it } from 'vitest';
import { ServiceError } from './errors.js';
import { mustExist, parseFunctionName, qualifiedArn, reference } from './names.js';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:counter';

/** Status, name and message of the service error that this throws. */
function refusal(work: () => unknown): unknown[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { status, headers, body } = error.reply;
    const { Message, message } = JSON.parse(String(body)) as { Message?: string; message?: string };
    return [status, headers[3], Message ?? message];
  }
  throw new Error('nothing was thrown');
}

describe('a function’s name in the Lambda API', () => {
  it.each([
    ['counter', 'counter', undefined],
    ['counter:$LATEST', 'counter', '$LATEST'],
    ['function:counter', 'counter', undefined],
    ['000000000000:function:counter', 'counter', undefined],
    ['000000000000:counter', 'counter', undefined],
    ['000000000000:function:counter:7', 'counter', '7'],
    ['us-east-1:000000000000:function:counter', 'counter', undefined],
    [ARN, 'counter', undefined],
    [`${ARN}:live`, 'counter', 'live'],
    // Recorded: what is cut off is taken for the name.
    ['arn:aws:lambda:us-east-1:000000000000:function', 'function', undefined],
  ])('%s', (text, name, qualifier) => {
    expect(reference(text, undefined, 'InvokeFunction')).toEqual({ name, qualifier });
  });

  it.each([
    '',
    'a b',
    '*',
    'my-function!',
    'a/b',
    'a:b:c:d',
    'invalid-account:function:counter',
    'arn:aws:ec2:us-east-1:000000000000:instance:i-1',
    'arn:aws:lambda:invalid-region:000000000000:function:counter',
    'arn:aws:lambda::000000000000:function:counter',
    'arn:aws:lambda:us-east-1::function:counter',
    `${ARN}:1:2`,
    `${ARN}:$LATES`,
    'function:counter:$LATEST:extra',
  ])('is not %s', (text) => {
    expect(parseFunctionName(text)).toBeUndefined();
    const [status, name, message] = refusal(() => reference(text, undefined, 'InvokeFunction'));
    expect([status, name]).toEqual([400, 'ValidationException']);
    expect(message).toMatch(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:`,
    );
  });

  it('agrees with its qualifier', () => {
    expect(reference(`${ARN}:live`, 'live', 'GetFunction')).toEqual({ name: 'counter', qualifier: 'live' });
    expect(reference('counter', '$LATEST', 'GetFunction').qualifier).toBe('$LATEST');
    expect(refusal(() => reference('counter:1', '2', 'GetFunction'))).toEqual([
      400,
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    ]);
  });

  it('has a qualifier of its form and length, told together with the name', () => {
    expect(refusal(() => reference('counter', 'invalid!', 'GetFunction'))).toEqual([
      400,
      'ValidationException',
      "1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
    ]);
    const long = 'a'.repeat(129);
    expect(refusal(() => reference('*', long, 'GetFunction'))[2]).toMatch(
      `2 validation errors detected: Value '${long}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128; Value '*' at 'functionName'`,
    );
  });

  it('is of this region and account', () => {
    expect(refusal(() => reference(ARN.replace('us-east-1', 'eu-west-1'), undefined, 'InvokeFunction'))).toEqual([
      404,
      'ResourceNotFoundException',
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    ]);
    const [status, name, message] = refusal(() => reference('123456789012:function:x', undefined, 'InvokeFunction'));
    expect([status, name]).toEqual([403, 'AccessDeniedException']);
    expect(message).toContain(
      'is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:x',
    );
  });

  it('is an ARN in messages', () => {
    expect(qualifiedArn({ name: 'counter', qualifier: undefined })).toBe(ARN);
    expect(qualifiedArn({ name: 'counter', qualifier: '7' })).toBe(`${ARN}:7`);
  });
});

describe('what a name stands for', () => {
  const known = { has: (name: string) => name === 'counter', aliases: () => ['live'] };
  const check = (name: string, qualifier?: string) => () => mustExist(known, { name, qualifier }, '$LATEST');

  it.each([undefined, '$LATEST', 'live'])('is there as %s', (qualifier) => {
    expect(check('counter', qualifier)).not.toThrow();
  });

  it.each([
    ['counter', '7', `${ARN}:7`],
    ['counter', 'next', `${ARN}:next`],
    ['counter', '$latest', `${ARN}:$latest`],
    ['nope', undefined, `${ARN.replace('counter', 'nope')}:$LATEST`],
    ['nope', 'live', `${ARN.replace('counter', 'nope')}:live`],
  ])('is not there: %s, %s', (name, qualifier, arn) => {
    expect(refusal(check(name, qualifier))).toEqual([404, 'ResourceNotFoundException', `Function not found: ${arn}`]);
  });
});
