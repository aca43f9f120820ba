import { describe, expect, it } from 'vitest';
import { imported, importedValue } from '../foreign/fixture.js';

const on = { target: 'orders' };

describe('failure-lambda', () => {
  it('1.x: each mode is a fault, in the order in which the library lets them act', () => {
    const { experiment } = imported('failure-lambda.1.json', { function: 'orders' });
    expect(experiment.target).toEqual({ invoke: 'orders' });
    expect(experiment.faults).toEqual([
      {
        kind: 'latency',
        function: 'orders',
        match: {
          event: {
            '$.requestContext.http.method': { eq: 'POST' },
            '$.requestContext.http.path': { startsWith: '/orders' },
            '$.headers.x-debug': { exists: true },
          },
        },
        params: { ms: 125, jitter: 75 },
        rate: 25,
      },
      { kind: 'hang', function: 'orders', params: { mode: 'idle' }, rate: 5 },
      { kind: 'disk', function: 'orders', params: { freeMb: 12, paths: ['/tmp'] } },
      { kind: 'network', function: 'orders', params: { mode: 'dns', hosts: ['*s3*.amazonaws.com*'] }, rate: 50 },
      { kind: 'status', function: 'orders', params: { code: 404, body: '' }, rate: 10 },
      {
        kind: 'status',
        function: 'orders',
        params: { code: 200, body: '{"error": "corrupted"}', preventExecution: false },
        rate: 30,
      },
    ]);
  });

  it('1.x: tells what it could not carry over', () => {
    expect(imported('failure-lambda.1.json', on).told).toEqual([
      expect.stringContaining('timeout.timeout_buffer_ms: the handler would still have run'),
      expect.stringContaining('denylist.deny_list[1]: the regular expression (dynamodb|sqs).* says more'),
      expect.stringContaining('exception: exception is switched off'),
      expect.stringContaining('corruption.body: with the body, the status becomes 200'),
    ]);
  });

  it('0.x: one mode, with the rate as a share', () => {
    const { experiment, told } = imported('failure-lambda.0.json', on);
    expect(experiment.faults).toEqual([
      {
        kind: 'network',
        params: { mode: 'reset', hosts: ['*s3*.amazonaws.com*', '*dynamodb*.amazonaws.com*'] },
        rate: 10,
      },
    ]);
    expect(told).toEqual([]);
  });

  it.each([
    ['latency', { minLatency: 100, maxLatency: 400 }, { kind: 'latency', params: { ms: 250, jitter: 150 } }],
    ['exception', { exceptionMsg: 'no' }, { kind: 'exception', params: { errorType: 'Error', message: 'no' } }],
    ['statuscode', { statusCode: 503 }, { kind: 'status', params: { code: 503, body: '' } }],
    ['diskspace', { diskSpace: 100 }, { kind: 'disk', params: { freeMb: 412, paths: ['/tmp'] } }],
    ['blacklist', { blacklist: ['^db$'] }, { kind: 'network', params: { mode: 'reset', hosts: ['db'] } }],
  ])('0.x: %s', (failureMode, more, fault) => {
    const { experiment } = importedValue({ isEnabled: true, failureMode, rate: 1, ...more }, on);
    expect(experiment.faults).toEqual([fault]);
  });

  it('1.x: a mode with nothing but enabled has the library’s defaults', () => {
    const flags = { statuscode: { enabled: true }, exception: { enabled: true }, corruption: { enabled: true } };
    const { experiment } = importedValue(flags, on);
    expect(experiment.faults).toEqual([
      { kind: 'status', params: { code: 500, body: '' } },
      { kind: 'exception', params: { errorType: 'Error', message: 'Injected exception' } },
      { kind: 'body', params: { mode: 'truncated', how: 'short' } },
    ]);
  });

  it('1.x: two conditions of one kind on one place are told, not dropped', () => {
    const match = [
      { path: 'a', operator: 'regex', value: 'x' },
      { path: 'a', operator: 'regex', value: 'y' },
    ];
    const { told, experiment } = importedValue(
      { latency: { enabled: true, match }, statuscode: { enabled: true } },
      on,
    );
    expect(experiment.faults).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('two conditions regex on a')]);
  });

  it.each([
    [{ latency: { enabled: true, percentage: 150 } }, 'latency.percentage'],
    [{ latency: { enabled: true, min_latency: 5, max_latency: 1 } }, 'latency.max_latency: is below min_latency'],
    [{ statuscode: { enabled: true, status_code: 600 } }, 'statuscode.status_code'],
    [{ latency: { enabled: true, match: [{ path: 'a' }] } }, 'latency.match[0].value: is missing'],
    [{ isEnabled: true, failureMode: 'latency', rate: 5 }, 'rate'],
    [{ isEnabled: false, failureMode: 'latency', rate: 1 }, 'no fault of this failure-lambda'],
    [{ latency: { enabled: false } }, 'no fault of this failure-lambda'],
    [{ isEnabled: true, failureMode: 'meteor' }, 'no fault of this failure-lambda'],
  ])('refuses %j', (value, why) => {
    expect(() => importedValue(value, on)).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
  });

  it('wants to be told what is called', () => {
    expect(() => imported('failure-lambda.0.json')).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--target "POST /orders"') }),
    );
  });
});
