import type { CustomSeries } from '../types.js';
import { fields, invalid, list, optionalText, text } from './fields.js';
import type { Fields } from './types.js';

const PAGE = 500;
const MAX_NAME = 255;
const MAX_VALUE = 1_024;
const MAX_FILTERS = 10;

/** ListMetrics: what was put in this run, by any way. @throws CloudWatchError */
export function listMetrics(input: Fields, series: readonly CustomSeries[]): Fields {
  const namespace = optionalText(input['Namespace'], 'Namespace', MAX_NAME);
  const name = optionalText(input['MetricName'], 'MetricName', MAX_NAME);
  const filters = list(input['Dimensions'], 'Dimensions', MAX_FILTERS).map((entry, i) => {
    const path = `Dimensions.member.${String(i + 1)}`;
    const filter = fields(entry, path);
    const value = optionalText(filter['Value'], `${path}.Value`, MAX_VALUE);
    return { name: text(filter['Name'], `${path}.Name`, MAX_NAME), value };
  });
  const start = startOf(optionalText(input['NextToken'], 'NextToken', MAX_NAME));
  const fits = (one: CustomSeries): boolean =>
    (namespace === undefined || one.namespace === namespace) &&
    (name === undefined || one.name === name) &&
    filters.every(({ name: of, value }) => {
      const own = one.dimensions[of];
      return own !== undefined && (value === undefined || own === value);
    });
  // Units do not make a metric of their own there.
  const found = new Map(series.filter(fits).map((one) => [keyOf(one), one]));
  const page = [...found.values()].slice(start, start + PAGE);
  return {
    Metrics: page.map((one) => ({
      Namespace: one.namespace,
      MetricName: one.name,
      Dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(found.size > start + PAGE ? { NextToken: String(start + PAGE) } : {}),
  };
}

function keyOf({ namespace, name, dimensions }: CustomSeries): string {
  return JSON.stringify([namespace, name, dimensions]);
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  if (!/^\d{1,6}$/.test(token)) throw invalid(`The value ${token} for parameter NextToken is invalid.`);
  return Number(token);
}
