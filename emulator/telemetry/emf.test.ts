import { describe, expect, it } from 'vitest';
import { extractMetrics } from './emf.js';

const NOW = 1_700_000_000_000;

interface Parts {
  directive?: Record<string, unknown>;
  metric?: Record<string, unknown>;
  meta?: Record<string, unknown>;
  root?: Record<string, unknown>;
}

function document({ directive, metric, meta, root }: Parts = {}): Record<string, unknown> {
  return {
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [
        {
          Namespace: 'Shop',
          Dimensions: [['service']],
          Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 60, ...metric }],
          ...directive,
        },
      ],
      ...meta,
    },
    service: 'orders',
    time: 100,
    requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee',
    ...root,
  };
}

const line = (parts?: Parts): string => JSON.stringify(document(parts));
const time = {
  namespace: 'Shop',
  name: 'time',
  unit: 'Milliseconds',
  dimensions: { service: 'orders' },
  values: [100],
  at: NOW,
};

describe('embedded metric format', () => {
  it('is read from a message that is one JSON object', () => {
    expect(extractMetrics(line(), NOW)).toEqual({ metrics: [time], problems: [] });
    expect(extractMetrics(`${JSON.stringify(document(), null, 2)}\n`, NOW)?.metrics).toEqual([time]);
  });

  it('is read after what Node’s console writes before a message, after nothing else', () => {
    const console = '2023-10-25T17:38:05.273Z\t274cced9-0439-4a76-befe-eeef0ec34460\tINFO\t';
    expect(extractMetrics(console + line(), NOW)?.metrics).toEqual([time]);
    const python = '[INFO]\t2023-10-25T17:38:05.273Z\t274cced9-0439-4a76-befe-eeef0ec34460\t';
    for (const text of [python + line(), `metrics: ${line()}`, `${line()} done`])
      expect(extractMetrics(text, NOW)).toEqual({
        metrics: [],
        problems: ['it is not one JSON object with nothing before or after it'],
      });
  });

  it.each([
    'hello',
    '{"a":1}',
    'about "_aws" in general',
    '"_aws"',
    '{"_aws":1}',
    '{"_aws":{"Timestamp":1}}',
    '[{"_aws":{}}]',
  ])('%s is an ordinary message', (text) => expect(extractMetrics(text, NOW)).toBeUndefined());

  it('has one metric for every directive, dimension set and definition', () => {
    const text = JSON.stringify({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          { Namespace: 'A', Dimensions: [[], ['x', 'y']], Metrics: [{ Name: 'm' }, { Name: 'n', Unit: 'Count' }] },
          { Namespace: 'B', Dimensions: [['y']], Metrics: [{ Name: 'm', StorageResolution: 1 }] },
        ],
      },
      x: '1',
      y: '2',
      m: [1, 2.5, -3],
      n: 0,
    });
    const found = extractMetrics(text, NOW)?.metrics.map(({ namespace, name, unit, dimensions, values }) => [
      ...[namespace, name, unit, dimensions, values],
    ]);
    expect(found).toEqual([
      ['A', 'm', 'None', {}, [1, 2.5, -3]],
      ['A', 'n', 'Count', {}, [0]],
      ['A', 'm', 'None', { x: '1', y: '2' }, [1, 2.5, -3]],
      ['A', 'n', 'Count', { x: '1', y: '2' }, [0]],
      ['B', 'm', 'None', { y: '2' }, [1, 2.5, -3]],
    ]);
  });

  it.each<[string, Parts]>([
    ['CloudWatchMetrics is not an array', { meta: { CloudWatchMetrics: {} } }],
    ['Timestamp is not a whole number', { meta: { Timestamp: undefined } }],
    ['Timestamp is not a whole number', { meta: { Timestamp: '2023-11-14' } }],
    ['Timestamp is more than two weeks ago', { meta: { Timestamp: NOW - 14 * 86_400_000 - 1 } }],
    ['two hours ahead', { meta: { Timestamp: NOW + 7_200_001 } }],
    // Seconds in place of milliseconds.
    ['Timestamp is more than two weeks ago', { meta: { Timestamp: NOW / 1_000 } }],
    ['entry of CloudWatchMetrics is not an object', { meta: { CloudWatchMetrics: [null] } }],
    ['Namespace', { directive: { Namespace: '' } }],
    ['Namespace', { directive: { Namespace: 7 } }],
    ['Dimensions is not an array', { directive: { Dimensions: undefined } }],
    ['[[]] stands for no dimensions', { directive: { Dimensions: [] } }],
    ['entry of Dimensions is not an array', { directive: { Dimensions: ['service'] } }],
    ['at most 30 names', { directive: { Dimensions: [Array.from({ length: 31 }, () => 'service')] } }],
    ['dimension nobody', { directive: { Dimensions: [['nobody']] } }],
    ['dimension toString', { directive: { Dimensions: [['toString']] } }],
    ['dimension service is not a string', { root: { service: 7 } }],
    ['dimension service is not a string', { root: { service: 'x'.repeat(1_025) } }],
    ['Metrics is not an array of at most 100', { directive: { Metrics: { Name: 'time' } } }],
    ['at most 100', { directive: { Metrics: Array.from({ length: 101 }, () => ({ Name: 'time' })) } }],
    ['more than 3000 metrics', { directive: { Dimensions: Array.from({ length: 3_001 }, () => []) } }],
    ['entry of Metrics', { directive: { Metrics: ['time'] } }],
    ['Name is not a string', { metric: { Name: 1 } }],
    ['Unit of time', { metric: { Unit: 'milliseconds' } }],
    ['StorageResolution of time', { metric: { StorageResolution: '1' } }],
    ['time is not a number', { root: { time: '100' } }],
    ['time is not a number', { root: { time: { nested: 1 } } }],
    ['time is not a number', { root: { time: [1, null] } }],
    ['time is not a number', { root: { time: 2 ** 361 } }],
    ['time has more than 100 values', { root: { time: Array.from({ length: 101 }, () => 1) } }],
    ['other is not a number', { metric: { Name: 'other' } }],
  ])('is not taken, and why is told: %s', (problem, parts) => {
    const found = extractMetrics(line(parts), NOW);
    expect(found?.metrics).toEqual([]);
    expect(found?.problems).toHaveLength(1);
    expect(found?.problems[0]).toContain(problem);
  });

  it('takes what is right beside what is wrong', () => {
    const parts = { directive: { Metrics: [{ Name: 'nobody' }, { Name: 'time', Unit: 'Milliseconds' }] } };
    const nobody = expect.stringContaining('nobody') as string;
    expect(extractMetrics(line(parts), NOW)).toEqual({ metrics: [time], problems: [nobody] });
  });

  it('has nothing to say about an empty array of values', () => {
    expect(extractMetrics(line({ root: { time: [] } }), NOW)).toEqual({ metrics: [], problems: [] });
  });
});
