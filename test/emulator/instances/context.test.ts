import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../emulator/clock.js';
import { bench, closeAll } from './harness.js';

afterEach(closeAll);

/** Deadlines of the year 2128, to the millisecond. */
const NOW = 5_000_000_000_000;
const clock: Clock = {
  now: () => NOW,
  monotonic: () => systemClock.monotonic(),
  after: (ms, callback) => systemClock.after(ms, callback),
};

interface Told {
  readonly keys: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  /** The deadline by the time before and after it was asked for. */
  readonly deadline: readonly [number, number];
}

function isAt({ deadline: [before, after] }: Told, deadline: number): void {
  expect(before).toBeLessThanOrEqual(deadline);
  expect(after).toBeGreaterThanOrEqual(deadline);
}

const traceId = 'Root=1-5e1b4151-5ac6c58f40a0a1c7b0b5a4d3;Parent=53995c3f42cd8ad8;Sampled=1';
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:subject';

describe('the context of a Node handler', () => {
  it('is that of the vendor’s client, anew for every invocation', async () => {
    const subject = bench('context.cjs', { clock, timeoutMs: 7_000 });
    const first = await subject.invoke({}, undefined, { traceId, clientContext: '{"custom":{"a":1}}' });
    const told = first.value as Told;
    expect(told).toMatchObject({
      keys: [
        'callbackWaitsForEmptyEventLoop',
        'succeed',
        'fail',
        'done',
        'functionVersion',
        'functionName',
        'memoryLimitInMB',
        'logGroupName',
        'logStreamName',
        'clientContext',
        'identity',
        'invokedFunctionArn',
        'awsRequestId',
        'tenantId',
        'getRemainingTimeInMillis',
      ],
      accessor: true,
      waits: true,
      values: {
        functionVersion: '$LATEST',
        functionName: 'subject',
        memoryLimitInMB: '512',
        logGroupName: '/aws/lambda/subject',
        logStreamName: expect.stringMatching(/^2128\/06\/11\/\[\$LATEST\]i\d+$/),
        clientContext: { custom: { a: 1 } },
        invokedFunctionArn: arn,
        awsRequestId: expect.stringMatching(/^request-/),
      },
      trace: traceId,
      runtime: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    });
    isAt(told, NOW + 7_000);
    const second = await subject.invoke();
    expect(second.value).toMatchObject({ trace: null });
    expect((second.value as Told).values).not.toHaveProperty('clientContext');
    expect(second.value).toMatchObject({ current: (second.value as Told).values['awsRequestId'] });
  });

  it('cannot be made of a client context that is no JSON', async () => {
    const { value } = await bench('context.cjs').invoke({}, undefined, { clientContext: 'no' });
    expect(value).toMatchObject({
      errorMessage: expect.stringMatching(/^Cannot parse ClientContext as json: SyntaxError: /),
    });
  });
});

describe('the context of a Python handler', () => {
  it('is that of the vendor’s client, anew for every invocation', async () => {
    const subject = bench('context.py', { clock, timeoutMs: 7_000 });
    const { value } = await subject.invoke({}, undefined, { traceId });
    expect(value).toMatchObject({
      keys: [
        'aws_request_id',
        'log_group_name',
        'log_stream_name',
        'function_name',
        'memory_limit_in_mb',
        'function_version',
        'invoked_function_arn',
        'client_context',
        'identity',
        'tenant_id',
      ],
      values: { memory_limit_in_mb: '512', function_version: '$LATEST', invoked_function_arn: arn },
      repr: expect.stringMatching(/^LambdaContext\(\[aws_request_id=request-\d+,.*client_context=None,identity=/),
      identity: 'CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])',
      trace: traceId,
      runtime: expect.stringMatching(/^AWS_Lambda_python3\.\d+$/),
    });
    isAt(value as Told, NOW + 7_000);
    expect((await subject.invoke()).value).toMatchObject({ trace: null });
  });
});
