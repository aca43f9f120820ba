import { describe, expect, it } from 'vitest';
import { imported, importedValue } from '../foreign/fixture.js';

const on = { target: 'POST /orders' };

describe('localstack', () => {
  it('makes each rule a fault on the calls to the service', () => {
    const { experiment, told } = imported('localstack.json', on);
    expect(experiment.faults).toEqual([
      {
        kind: 'http',
        params: {
          service: 'kinesis',
          operation: 'PutRecord',
          status: 400,
          errorCode: 'ProvisionedThroughputExceededException',
        },
        rate: 30,
      },
      {
        kind: 'http',
        params: { service: 's3', hosts: ['*.us-east-1.*'], status: 503, errorCode: 'ServiceUnavailable' },
      },
    ]);
    expect(told).toEqual([
      expect.stringContaining('[1].region: the region is told from the host'),
      expect.stringContaining('[2].probability: hits 0 % of the calls'),
    ]);
  });

  it('a rule of nothing is for every call', () => {
    expect(importedValue([{}], on).experiment.faults).toEqual([
      { kind: 'http', params: { service: '*', status: 503, errorCode: 'ServiceUnavailable' } },
    ]);
  });

  it('reads the effects, alone and beside rules', () => {
    const latency = { kind: 'http', params: { mode: 'latency', service: '*', latencyMs: 5000 } };
    expect(importedValue({ latency: 5000 }, on).experiment.faults).toEqual([latency]);
    const both = importedValue({ faults: [{ service: 'sqs' }], effects: { latency: 5000 } }, on);
    expect(both.experiment.faults).toEqual([
      { kind: 'http', params: { service: 'sqs', status: 503, errorCode: 'ServiceUnavailable' } },
      latency,
    ]);
  });

  it.each([
    [[{ service: 's3', probability: 30 }], '[0].probability'],
    [[{ service: 's3', error: { statusCode: 'no' } }], '[0].error.statusCode'],
    [{ latency: 0 }, 'no fault'],
  ])('refuses %j', (value, why) => {
    expect(() => importedValue(value, on)).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
  });
});
