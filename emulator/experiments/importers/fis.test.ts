import { describe, expect, it } from 'vitest';
import { imported, importedValue } from '../foreign/fixture.js';

const TARGET = {
  resourceType: 'aws:lambda:function',
  resourceArns: ['arn:aws:lambda:eu-west-1:123456789012:function:stock'],
  selectionMode: 'ALL',
};

const template = (actionId: string, parameters: object, target: object = TARGET) => ({
  description: 'x',
  actions: { a: { actionId, parameters, targets: { Functions: 't' } } },
  targets: { t: target },
  stopConditions: [{ source: 'none' }],
  roleArn: 'arn:aws:iam::123456789012:role/fis',
});

const on = { function: 'orders' };

const DELAY = 'aws:lambda:invocation-add-delay';

describe('fis', () => {
  it('puts the Lambda actions on a timeline, each after those it waits for', () => {
    const { experiment, format } = imported('orders.fis.json');
    expect(format).toBe('fis');
    expect(experiment).toEqual({
      title: 'Orders: slow stock, then failing stock',
      target: { invoke: 'stock' },
      load: { rate: 10, for: '210s' },
      steadyState: { errorShare: { max: 0 } },
      faults: [
        { kind: 'latency', function: 'stock', match: { alias: 'live' }, params: { ms: 1500 }, rate: 40, for: '2m' },
        {
          kind: 'status',
          function: 'stock',
          match: { alias: 'live' },
          params: { code: 503, body: '', contentType: 'text/plain', preventExecution: true },
          at: '150s',
          for: '1m',
        },
        {
          kind: 'exception',
          params: { message: 'Injected as AWS FIS does', when: 'after' },
          rate: 10,
          at: '150s',
          for: '1m',
        },
      ],
      during: { errorShare: { max: 1 } },
      after: { errorShare: { max: 0 } },
    });
  });

  it('tells what it could not carry over, with the line, and what it assumed', () => {
    const { told, assumed } = imported('orders.fis.json');
    expect(told).toEqual(
      [
        '13 experimentTemplate.targets.tagged.resourceTags: functions have no tags here (chaos=ready); the fault hits all of them',
        '14 experimentTemplate.targets.tagged.selectionMode: COUNT(1) picks functions at random; the fault hits each of them',
        '58 experimentTemplate.actions.failover: aws:rds:failover-db-cluster breaks something that the emulator does not have',
        '65 experimentTemplate.stopConditions[0]: the alarm arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders-5xx is in the account',
        '72 experimentTemplate.logConfiguration: is a matter of the account',
      ].map((line) => expect.stringContaining(line.replace(/^\d+ /, ''))),
    );
    expect(assumed).toEqual([
      expect.stringContaining('does not say what must hold'),
      expect.stringContaining('Each phase takes 210s'),
    ]);
  });

  it('has the defaults of the actions reference', () => {
    const { experiment, told } = importedValue(template(DELAY, { duration: 'PT1M' }));
    expect(experiment.faults).toEqual([{ kind: 'latency', function: 'stock', params: { ms: 1000 }, for: '1m' }]);
    expect(told).toEqual([]);
  });

  it('hits the function that is asked for, wherever the template points', () => {
    const { experiment, told } = importedValue(
      template(DELAY, { duration: 'PT1M' }, { ...TARGET, resourceArns: [], resourceTags: { a: 'b' } }),
      { function: 'orders', target: 'POST /orders' },
    );
    expect(experiment).toMatchObject({ target: { request: 'POST /orders' }, faults: [{ function: 'orders' }] });
    expect(told).toEqual([]);
  });

  it.each([
    [{ duration: 'PT1M', startupDelayMilliseconds: '900001' }, 'startupDelayMilliseconds: 900001 is no number of ms'],
    [{ duration: 'PT1M', invocationPercentage: '0' }, 'invocationPercentage: 0 is no share from 1 to 100'],
  ])('leaves out %j and says so; nothing else being left, it stops', (parameters, why) => {
    expect(() => importedValue(template(DELAY, parameters))).toThrow(
      expect.objectContaining({
        code: 'EXPERIMENT_INVALID',
        message: expect.stringContaining('no fault of this AWS FIS experiment template'),
        all: expect.arrayContaining([
          { message: expect.stringContaining(why.split(': ')[1] ?? ''), place: expect.anything() },
        ]),
      }),
    );
  });

  it.each([
    ['aws:fis:inject-api-internal-error', { service: 'dynamodb' }, [{ service: 'dynamodb', status: 500 }]],
    [
      'aws:fis:inject-api-throttle-error',
      { service: 'kinesis', operations: 'PutRecord, PutRecords', percentage: '50' },
      [
        { service: 'kinesis', operation: 'PutRecord', errorCode: 'ThrottlingException' },
        { service: 'kinesis', operation: 'PutRecords', errorCode: 'ThrottlingException' },
      ],
    ],
    ['aws:fis:inject-api-unavailable-error', { service: 's3', operations: 'ALL' }, [{ service: 's3', status: 503 }]],
    ['aws:network:disrupt-connectivity', { scope: 'all' }, [{ mode: 'timeout', hosts: [] }]],
    [
      'aws:network:disrupt-connectivity',
      { scope: 'dynamodb' },
      [{ mode: 'timeout', hosts: ['dynamodb.*.amazonaws.com'] }],
    ],
  ])('%s %j fails what the functions call', (actionId, parameters, wanted) => {
    const { experiment, told } = importedValue(template(actionId, { duration: 'PT1M', ...parameters }), on);
    expect(experiment.faults.map(({ params }) => params)).toEqual(wanted);
    expect(experiment.faults.every(({ rate = 100 }) => rate === Number('percentage' in parameters ? 50 : 100))).toBe(
      true,
    );
    expect(told).toEqual([]);
  });

  it('tells of parameters that an action does not have', () => {
    const { told } = importedValue(template(DELAY, { duration: 'PT1M', delay: '5' }));
    expect(told).toEqual([expect.stringContaining('has no parameter delay')]);
  });

  it('stands actions that wait for each other, or for none that is there', () => {
    const value = template(DELAY, { duration: 'PT1M' });
    const { told, experiment } = importedValue({
      ...value,
      actions: {
        a: { ...value.actions.a, startAfter: ['b'] },
        b: { ...value.actions.a, startAfter: ['a', 'c'] },
      },
    });
    expect(experiment.faults).toHaveLength(2);
    expect(told.join('\n')).toContain('the actions wait for each other');
    expect(told.join('\n')).toContain('there is no action "c"');
  });

  it('refuses what is not as a template has it, with the line', () => {
    const value = template(DELAY, { duration: 5 });
    expect(() => importedValue(value)).toThrow(
      expect.objectContaining({ code: 'EXPERIMENT_INVALID', place: expect.objectContaining({ line: 7 }) }),
    );
  });
});
