import type { z } from 'zod';

/** Tables of keys for the documentation, made from a JSON Schema, so that a page cannot drift from the code. */

type Schema = z.core.JSONSchema.JSONSchema;

interface Row {
  readonly key: string;
  readonly allowed: string;
  readonly byDefault: string;
  readonly description: string;
}

/**
 * A Markdown table with a row for each key.
 * @param defaults what the schema makes of the least input: durations have their defaults there only, in ms
 * @param leaveOut keys that another table tells of
 */
export function keyTable(schema: Schema, defaults: unknown, leaveOut: readonly string[] = []): string {
  const rows = rowsOf(schema, '', defaults).filter(({ key }) => !leaveOut.some((other) => key.startsWith(`${other}.`)));
  const line = ({ key, allowed, byDefault, description }: Row): string =>
    `| ${[`\`${key}\``, allowed, byDefault, description].join(' | ').replaceAll('\n', ' ')} |`;
  return ['| key | allowed | default | what it is |', '| --- | --- | --- | --- |', ...rows.map(line)].join('\n');
}

function rowsOf(schema: Schema, prefix: string, defaults: unknown): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const property = given as Schema;
    const key = prefix + name;
    const value = (defaults as Record<string, unknown> | undefined)?.[name];
    const row: Row = {
      key,
      allowed: allowedOf(property),
      byDefault: schema.required?.includes(name) ? 'required' : defaultOf(property, value),
      description: (property.description ?? '').replaceAll('|', '\\|'),
    };
    return [row, ...below(property, key, value)];
  });
}

/** Keys of what a key holds: of an object, of the items of a list, of the entries of a map. */
function below(schema: Schema, key: string, value: unknown): Row[] {
  if (isRange(schema)) return [];
  const longForm = (schema.anyOf as readonly Schema[] | undefined)?.find(({ properties }) => properties);
  if (longForm) return below(longForm, key, value);
  if (schema.properties) return rowsOf(schema, `${key}.`, value);
  const items = schema.items as Schema | undefined;
  if (items?.properties) return rowsOf(items, `${key}[].`, (value as unknown[] | undefined)?.[0]);
  const entry = schema.additionalProperties as Schema | undefined;
  const first = Object.values((value ?? {}) as object)[0] as unknown;
  return entry?.properties ? rowsOf(entry, `${key}.NAME.`, first) : [];
}

function isRange({ properties = {} }: Schema): boolean {
  return Object.keys(properties).join() === 'min,max' && Object.values(properties).every((one) => !hasDefault(one));
}

function hasDefault(schema: unknown): boolean {
  return (schema as Schema).default !== undefined;
}

function isDuration(schema: Schema): boolean {
  return Array.isArray(schema.type) && schema.type.length === 2;
}

function defaultOf(schema: Schema, value: unknown): string {
  if (isDuration(schema) && typeof value === 'number') return `\`${duration(value)}\``;
  const { default: given } = schema;
  if (given === undefined || typeof given === 'object') return '';
  return `\`${String(given)}\``;
}

function duration(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const)
    if (ms % size === 0 && ms > size) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

function allowedOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (isDuration(schema)) return 'duration';
  if (schema.anyOf) return schema.anyOf.map((one) => allowedOf(one as Schema)).join(' or ');
  if (isRange(schema)) return '`{ min, max }`, one or both';
  if (schema.type === 'array') return `list of ${allowedOf(schema.items as Schema)}`;
  if (schema.type === 'object') return schema.properties ? 'map' : 'map of your own names';
  if (schema.type === 'number' || schema.type === 'integer') return `${schema.type}${bounds(schema)}`;
  return typeof schema.type === 'string' ? (TYPES[schema.type] ?? schema.type) : 'anything';
}

const TYPES: Readonly<Record<string, string>> = { string: 'text', boolean: '`true`, `false`' };

function bounds({ minimum, maximum, exclusiveMinimum }: Schema): string {
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : `, to ${maximum}`}`;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  return '';
}

/** The page with what stands between its `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
export function withSection(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}
