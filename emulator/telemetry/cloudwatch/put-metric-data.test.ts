import { describe, expect, it } from 'vitest';
import { metricsOf } from './put-metric-data.js';
import { CloudWatchError } from './types.js';

const NOW = 1_700_000_000_000;
const DAY = 86_400;
const AT = NOW / 1_000;

const one = (datum: Record<string, unknown>) => ({
  Namespace: 'Shop',
  MetricData: [{ MetricName: 'time', Value: 1, ...datum }],
});
const dimension = (Name: unknown, Value: unknown) => ({ Dimensions: [{ Name, Value }] });

function refusal(input: Record<string, unknown>): string {
  try {
    metricsOf(input, NOW);
  } catch (error) {
    if (error instanceof CloudWatchError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('PutMetricData', () => {
  it('becomes metrics', () => {
    expect(metricsOf(one({ Unit: 'Count', Timestamp: AT, ...dimension('a', 'b') }), NOW)).toEqual([
      { namespace: 'Shop', name: 'time', unit: 'Count', dimensions: { a: 'b' }, at: NOW, values: [1] },
    ]);
    expect(metricsOf(one({ Value: undefined, Values: [1, 2] }), NOW)).toEqual([
      { namespace: 'Shop', name: 'time', unit: 'None', dimensions: {}, values: [1, 2] },
    ]);
  });

  it.each([AT - 14 * DAY, AT + 7_200, new Date(NOW), '2023-11-14T22:13:20Z', null])('takes a time of %s', (Timestamp) =>
    expect(refusal(one({ Timestamp }))).toBe('taken'),
  );

  const path = 'MetricData.member.1';
  it.each<[string, Record<string, unknown>]>([
    ['MissingParameter: The parameter Namespace is required.', { MetricData: [] }],
    ['MissingParameter: The parameter Namespace is required.', { Namespace: '' }],
    ['InvalidParameterValue: The value AWS/ for parameter Namespace is invalid.', { Namespace: 'AWS/Lambda' }],
    ['InvalidParameterValue: The value :x for parameter Namespace is invalid.', { Namespace: ':x' }],
    ['InvalidParameterValue: The value ü for parameter Namespace is invalid.', { Namespace: 'ü' }],
    ['InvalidParameterValue: The parameter Namespace must be shorter than 256', { Namespace: 'x'.repeat(256) }],
    ['MissingParameter: The parameter MetricData is required.', { Namespace: 'Shop' }],
    [
      'InvalidParameterValue: The collection MetricData must not have a size greater than 1000.',
      { Namespace: 'Shop', MetricData: Array.from({ length: 1_001 }, () => ({})) },
    ],
    [
      'InvalidParameterValue: The collection MetricData must not have a size greater than 1000.',
      {
        Namespace: 'Shop',
        MetricData: Array.from({ length: 1_000 }, () => ({})),
        EntityMetricData: [{ MetricData: [{}] }],
      },
    ],
    [`MissingParameter: The parameter ${path}.MetricName is required.`, one({ MetricName: undefined })],
    [
      `InvalidParameterValue: The parameter ${path}.Unit must be a value in the set [ Seconds, Microseconds,`,
      one({ Unit: 'ms' }),
    ],
    [
      `InvalidParameterValue: The value 5 for parameter ${path}.StorageResolution is invalid.`,
      one({ StorageResolution: 5 }),
    ],
    [
      `InvalidParameterValue: The parameter ${path}.Timestamp must specify a time within the past two weeks.`,
      one({ Timestamp: AT - 14 * DAY - 1 }),
    ],
    [
      `InvalidParameterValue: The parameter ${path}.Timestamp must specify a time no more than two hours`,
      one({ Timestamp: AT + 7_201 }),
    ],
    // Milliseconds in place of seconds.
    [`InvalidParameterValue: The parameter ${path}.Timestamp must`, one({ Timestamp: NOW })],
    [`MalformedInput: ${path}.Timestamp is not a time`, one({ Timestamp: 'yesterday' })],
    [
      `InvalidParameterValue: The collection ${path}.Dimensions must not have a size greater than 30.`,
      one({ Dimensions: Array.from({ length: 31 }, (_, i) => ({ Name: String(i), Value: 'x' })) }),
    ],
    [`MissingParameter: The parameter ${path}.Dimensions.member.1.Name is required.`, one(dimension('', 'x'))],
    [`MissingParameter: The parameter ${path}.Dimensions.member.1.Value is required.`, one(dimension('x', ''))],
    [
      `InvalidParameterValue: The value   for parameter ${path}.Dimensions.member.1.Value is invalid.`,
      one(dimension('x', ' ')),
    ],
    [
      `InvalidParameterValue: The value ü for parameter ${path}.Dimensions.member.1.Value is invalid.`,
      one(dimension('x', 'ü')),
    ],
    [
      `InvalidParameterValue: The value :x for parameter ${path}.Dimensions.member.1.Name is invalid.`,
      one(dimension(':x', 'x')),
    ],
    [
      `InvalidParameterValue: The parameter ${path}.Dimensions.member.1.Value must be shorter than 1025`,
      one(dimension('x', 'x'.repeat(1_025))),
    ],
    [
      'InvalidParameterValue: No metric may specify the same dimension name twice.',
      one({
        Dimensions: [
          { Name: 'a', Value: '1' },
          { Name: 'a', Value: '2' },
        ],
      }),
    ],
    [`MissingParameter: At least one of the parameters ${path}.Value, `, one({ Value: undefined, Values: [] })],
    [
      `InvalidParameterCombination: The parameters ${path}.Value and ${path}.Values are mutually exclusive`,
      one({ Values: [1] }),
    ],
    [
      `InvalidParameterCombination: The parameters ${path}.Value and ${path}.StatisticValues are mutually exclusive`,
      one({ StatisticValues: {} }),
    ],
    [`InvalidParameterValue: The value NaN for parameter ${path}.Value is invalid.`, one({ Value: 'NaN' })],
    [`InvalidParameterValue: The value Infinity for parameter ${path}.Value is invalid.`, one({ Value: Infinity })],
    [`InvalidParameterValue: The value ${String(2 ** 361)} for parameter`, one({ Value: 2 ** 361 })],
    [
      `InvalidParameterValue: The value NaN for parameter ${path}.Values is invalid.`,
      one({ Value: undefined, Values: [1, NaN] }),
    ],
    [
      `InvalidParameterValue: The collection ${path}.Values must not have a size greater than 150.`,
      one({ Value: undefined, Values: Array.from({ length: 151 }, (_, i) => i) }),
    ],
    [
      `InvalidParameterValue: The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
      one({ Value: undefined, Values: [1, 10], Counts: [2, 4, 1] }),
    ],
    [
      `InvalidParameterValue: The value -1 for parameter ${path}.Counts is invalid.`,
      one({ Value: undefined, Values: [1], Counts: [-1] }),
    ],
    [
      `MissingParameter: The parameter ${path}.StatisticValues.Sum is required.`,
      one({ Value: undefined, StatisticValues: { SampleCount: 1 } }),
    ],
    [
      `InvalidParameterValue: The parameter ${path}.StatisticValues.Maximum must be greater than ${path}.StatisticValues.Minimum.`,
      one({ Value: undefined, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } }),
    ],
    [
      `InvalidParameterValue: The parameter ${path}.StatisticValues.SampleCount must be greater than 0.`,
      one({ Value: undefined, StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } }),
    ],
  ])('is refused: %s', (reason, input) => expect(refusal(input)).toContain(reason));
});
