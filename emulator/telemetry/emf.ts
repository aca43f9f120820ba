import type { CustomMetric } from '../contract/records.js';
import { isTakenTime, isUnit, isValue, MAX_DIMENSIONS, MAX_DIMENSION_VALUE, NO_UNIT } from './metric-rules.js';

/**
 * CloudWatch's embedded metric format: metrics that a handler writes into its log, one JSON object a message
 * [D: "Specification: Embedded metric format" and the JSON schema in it]. What breaks a MUST of the specification is not
 * taken, as there; why is told, which CloudWatch only counts.
 */

/** What a message of the log holds. `problems` are for people: what was not taken, and why. */
export interface Extraction {
  readonly metrics: readonly CustomMetric[];
  readonly problems: readonly string[];
}

const MARK = '"_aws"';
/**
 * Node's console writes `time\trequestId\tLEVEL\t` before what it prints. CloudWatch takes the object after it all the same:
 * Powertools for TypeScript relied on it until 1.17 [R: its issue 1766]. After any other text it is no EMF.
 */
const CONSOLE_PREFIX = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t[A-Z]+\t/;

const MAX_METRICS = 100;
const MAX_VALUES = 100;
/** Characters [D: the schema]. */
const MAX_NAME = 1_024;
const MAX_REFERENCE = 250;
/** Not CloudWatch's: dimension sets times metrics of one message, so that a small message cannot make a flood. */
const MAX_DATA = 3_000;

type Json = Readonly<Record<string, unknown>>;

/**
 * @param text one message of the log, which may have several lines
 * @param now epoch ms
 * @returns undefined when it is an ordinary message: one substring test
 */
export function extractMetrics(text: string, now: number): Extraction | undefined {
  if (!text.includes(MARK)) return undefined;
  const root = parsed(text);
  if (root === undefined) {
    if (!text.includes('"CloudWatchMetrics"')) return undefined;
    return { metrics: [], problems: ['it is not one JSON object with nothing before or after it'] };
  }
  const meta = root['_aws'];
  if (!isObject(meta) || !('CloudWatchMetrics' in meta)) return undefined;
  return new Reader(root, now).read(meta);
}

function parsed(text: string): Json | undefined {
  const prefix = CONSOLE_PREFIX.exec(text)?.[0].length ?? 0;
  try {
    const value: unknown = JSON.parse(prefix === 0 ? text : text.slice(prefix));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= max;
}

/** One document; every reason why a part of it is not taken goes to `#problems`. */
class Reader {
  readonly #root: Json;
  readonly #now: number;
  readonly #metrics: CustomMetric[] = [];
  readonly #problems: string[] = [];

  constructor(root: Json, now: number) {
    this.#root = root;
    this.#now = now;
  }

  read(meta: Json): Extraction {
    const { Timestamp: at, CloudWatchMetrics: directives } = meta;
    if (!Array.isArray(directives)) this.#problem('_aws.CloudWatchMetrics is not an array');
    else if (!Number.isInteger(at)) this.#problem('_aws.Timestamp is not a whole number of milliseconds');
    else if (!isTakenTime(at as number, this.#now))
      this.#problem('_aws.Timestamp is more than two weeks ago or two hours ahead');
    else for (const directive of directives as unknown[]) this.#directive(directive, at as number);
    return { metrics: this.#metrics, problems: this.#problems };
  }

  #directive(directive: unknown, at: number): void {
    if (!isObject(directive)) return this.#problem('an entry of CloudWatchMetrics is not an object');
    const { Namespace: namespace, Dimensions: sets, Metrics: definitions } = directive;
    if (!isText(namespace, MAX_NAME)) return this.#problem('Namespace is not a string of 1 to 1024 characters');
    if (!Array.isArray(sets) || sets.length === 0)
      return this.#problem('Dimensions is not an array of arrays: [[]] stands for no dimensions');
    if (!Array.isArray(definitions) || definitions.length > MAX_METRICS)
      return this.#problem(`Metrics is not an array of at most ${String(MAX_METRICS)}`);
    if (sets.length * definitions.length > MAX_DATA)
      return this.#problem(`there are more than ${String(MAX_DATA)} metrics in one message`);
    const metrics = definitions.flatMap((definition) => this.#metric(definition) ?? []);
    for (const set of sets as unknown[]) {
      const dimensions = this.#dimensions(set);
      if (dimensions) this.#metrics.push(...metrics.map((metric) => ({ namespace, dimensions, at, ...metric })));
    }
  }

  #metric(definition: unknown): Pick<CustomMetric, 'name' | 'unit' | 'values'> | undefined {
    if (!isObject(definition)) return this.#problem('an entry of Metrics is not an object');
    const { Name: name, Unit: unit = NO_UNIT, StorageResolution: resolution = 60 } = definition;
    if (!isText(name, MAX_NAME)) return this.#problem('a metric’s Name is not a string of 1 to 1024 characters');
    if (!isUnit(unit)) return this.#problem(`Unit of ${name} is none of CloudWatch’s`);
    if (!Number.isInteger(resolution)) return this.#problem(`StorageResolution of ${name} is not 1 or 60`);
    const target = this.#member(name);
    const values: unknown[] = Array.isArray(target) ? target : [target];
    if (values.length > MAX_VALUES) return this.#problem(`${name} has more than ${String(MAX_VALUES)} values`);
    if (!values.every(isValue)) return this.#problem(`${name} is not a number, or an array of them, beside _aws`);
    return values.length === 0 ? undefined : { name, unit, values };
  }

  #dimensions(set: unknown): Record<string, string> | undefined {
    if (!Array.isArray(set) || set.length > MAX_DIMENSIONS)
      return this.#problem(`an entry of Dimensions is not an array of at most ${String(MAX_DIMENSIONS)} names`);
    const dimensions: [string, string][] = [];
    for (const name of set as unknown[]) {
      if (!isText(name, MAX_REFERENCE))
        return this.#problem('a dimension’s name is not a string of 1 to 250 characters');
      const value = this.#member(name);
      if (!isText(value, MAX_DIMENSION_VALUE))
        return this.#problem(`dimension ${name} is not a string of 1 to 1024 characters beside _aws`);
      dimensions.push([name, value]);
    }
    return Object.fromEntries(dimensions);
  }

  #member(name: string): unknown {
    return Object.hasOwn(this.#root, name) ? this.#root[name] : undefined;
  }

  #problem(reason: string): undefined {
    this.#problems.push(reason);
    return undefined;
  }
}
