import type { CustomMetric } from '../../contract/records.js';
import { isTakenTime, isUnit, isValue, MAX_DIMENSIONS, MAX_DIMENSION_VALUE, NO_UNIT, UNITS } from '../metric-rules.js';
import { fields, invalid, list, missing, optionalNumber, optionalText, optionalTime, text } from './fields.js';
import { CloudWatchError, type Fields } from './types.js';

/**
 * PutMetricData: what CloudWatch refuses is refused, in its words where they were recorded [R: aws-validated tests and logs
 * of users; D: PutMetricData, MetricDatum]. One wrong datum refuses them all.
 */

const MAX_DATA = 1_000;
const MAX_VALUES = 150;
/** Characters. */
const MAX_NAME = 255;
const RESERVED = 'AWS/';
/** Printable ASCII. */
const PLAIN = /^[\x20-\x7e]*$/;

type Amount = Pick<CustomMetric, 'values' | 'counts' | 'statistics'>;

/** @param now epoch ms @throws CloudWatchError */
export function metricsOf(input: Fields, now: number): CustomMetric[] {
  const namespace = text(input['Namespace'], 'Namespace', MAX_NAME);
  if (namespace.startsWith(RESERVED)) throw invalid(`The value ${RESERVED} for parameter Namespace is invalid.`);
  if (namespace.startsWith(':') || !PLAIN.test(namespace))
    throw invalid(`The value ${namespace} for parameter Namespace is invalid.`);
  const data = gathered(input);
  if (data.length === 0) throw missing('The parameter MetricData is required.');
  if (data.length > MAX_DATA)
    throw invalid(`The collection MetricData must not have a size greater than ${String(MAX_DATA)}.`);
  return data.map(({ datum, path }) => ({ namespace, ...metricOf(fields(datum, path), path, now) }));
}

/** The data of MetricData and those that come with entities, which are not kept. */
function gathered(input: Fields): { readonly datum: unknown; readonly path: string }[] {
  const member = (value: unknown, path: string, max: number) =>
    list(value, path, max).map((datum, i) => ({ datum, path: `${path}.member.${String(i + 1)}` }));
  const ofEntities = member(input['EntityMetricData'], 'EntityMetricData', 2).flatMap(({ datum, path }) =>
    member(fields(datum, path)['MetricData'], `${path}.MetricData`, MAX_DATA),
  );
  return [...member(input['MetricData'], 'MetricData', MAX_DATA), ...ofEntities];
}

function metricOf(datum: Fields, path: string, now: number): Omit<CustomMetric, 'namespace'> {
  const name = text(datum['MetricName'], `${path}.MetricName`, MAX_NAME);
  const unit = optionalText(datum['Unit'], `${path}.Unit`, MAX_NAME) ?? NO_UNIT;
  if (!isUnit(unit)) throw invalid(`The parameter ${path}.Unit must be a value in the set [ ${UNITS.join(', ')} ].`);
  const resolution = optionalNumber(datum['StorageResolution'], `${path}.StorageResolution`) ?? 60;
  if (resolution !== 1 && resolution !== 60)
    throw invalid(`The value ${String(resolution)} for parameter ${path}.StorageResolution is invalid.`);
  const at = optionalTime(datum['Timestamp'], `${path}.Timestamp`);
  if (at !== undefined && !isTakenTime(at, now)) throw outOfTime(at, now, path);
  const dimensions = dimensionsOf(datum['Dimensions'], `${path}.Dimensions`);
  return { name, unit, dimensions, ...(at === undefined ? {} : { at }), ...amountOf(datum, path) };
}

function outOfTime(at: number, now: number, path: string): CloudWatchError {
  const when = at < now ? 'within the past two weeks' : 'no more than two hours in the future';
  return invalid(`The parameter ${path}.Timestamp must specify a time ${when}.`);
}

function dimensionsOf(value: unknown, path: string): Record<string, string> {
  const dimensions = new Map<string, string>();
  list(value, path, MAX_DIMENSIONS).forEach((entry, i) => {
    const at = `${path}.member.${String(i + 1)}`;
    const dimension = fields(entry, at);
    const name = text(dimension['Name'], `${at}.Name`, MAX_NAME);
    const content = text(dimension['Value'], `${at}.Value`, MAX_DIMENSION_VALUE);
    if (name.startsWith(':') || !isDimensionText(name))
      throw invalid(`The value ${name} for parameter ${at}.Name is invalid.`);
    if (!isDimensionText(content)) throw invalid(`The value ${content} for parameter ${at}.Value is invalid.`);
    if (dimensions.has(name)) throw invalid('No metric may specify the same dimension name twice.');
    dimensions.set(name, content);
  });
  return Object.fromEntries(dimensions);
}

/** ASCII without control characters, not only spaces [D: Dimension]. */
function isDimensionText(value: string): boolean {
  return PLAIN.test(value) && value.trim() !== '';
}

/** Value, Values with or without Counts, or StatisticValues: exactly one of them. */
function amountOf(datum: Fields, path: string): Amount {
  const given = ['Value', 'Values', 'StatisticValues'].filter((name) => isGiven(datum[name]));
  const [first, second] = given.map((name) => `${path}.${name}`);
  if (first === undefined)
    throw missing(
      `At least one of the parameters ${path}.Value, ${path}.Values or ${path}.StatisticValues must be specified.`,
    );
  if (second !== undefined)
    throw new CloudWatchError(
      'InvalidParameterCombinationException',
      `The parameters ${first} and ${second} are mutually exclusive and you have specified both.`,
    );
  if (given[0] === 'Value') return { values: [numberAt(datum['Value'], first)] };
  return given[0] === 'Values' ? valuesOf(datum, path) : statisticsOf(fields(datum['StatisticValues'], first), first);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function valuesOf(datum: Fields, path: string): Amount {
  const values = list(datum['Values'], `${path}.Values`, MAX_VALUES).map((value) => numberAt(value, `${path}.Values`));
  const counts = list(datum['Counts'], `${path}.Counts`, MAX_VALUES).map((value) => numberAt(value, `${path}.Counts`));
  if (counts.length === 0) return { values };
  if (counts.length !== values.length)
    throw invalid(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  const negative = counts.find((count) => count < 0);
  if (negative !== undefined) throw invalid(`The value ${String(negative)} for parameter ${path}.Counts is invalid.`);
  return { values, counts };
}

function statisticsOf(set: Fields, path: string): Amount {
  const read = (name: string): number => {
    if (set[name] === undefined || set[name] === null) throw missing(`The parameter ${path}.${name} is required.`);
    return numberAt(set[name], `${path}.${name}`);
  };
  const statistics = { count: read('SampleCount'), sum: read('Sum'), min: read('Minimum'), max: read('Maximum') };
  if (statistics.max < statistics.min)
    throw invalid(`The parameter ${path}.Maximum must be greater than ${path}.Minimum.`);
  if (statistics.count <= 0) throw invalid(`The parameter ${path}.SampleCount must be greater than 0.`);
  return { values: [], statistics };
}

function numberAt(value: unknown, path: string): number {
  const number = optionalNumber(value, path);
  if (!isValue(number)) throw invalid(`The value ${String(number)} for parameter ${path} is invalid.`);
  return number;
}
