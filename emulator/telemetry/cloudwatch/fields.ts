import { CloudWatchError, type Fields } from './types.js';

/** Reads members of a request by their paths, `MetricData.member.1.Value`, which the service's own messages name. */

export function invalid(message: string): CloudWatchError {
  return new CloudWatchError('InvalidParameterValueException', message);
}

export function missing(message: string): CloudWatchError {
  return new CloudWatchError('MissingRequiredParameterException', message);
}

function wrongType(path: string, type: string): CloudWatchError {
  return new CloudWatchError('SerializationException', `${path} is not ${type}`);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param max characters */
export function optionalText(value: unknown, path: string, max: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(path, 'a string');
  if (value.length > max) throw invalid(`The parameter ${path} must be shorter than ${String(max + 1)} characters.`);
  return value;
}

export function text(value: unknown, path: string, max: number): string {
  const found = optionalText(value, path, max);
  if (found === undefined || found === '') throw missing(`The parameter ${path} is required.`);
  return found;
}

export function optionalNumber(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  // What JSON has no number for.
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw wrongType(path, 'a number');
}

/** @param max entries */
export function list(value: unknown, path: string, max: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(path, 'a list');
  if (value.length > max) throw invalid(`The collection ${path} must not have a size greater than ${String(max)}.`);
  return value;
}

export function fields(value: unknown, path: string): Fields {
  if (!isFields(value)) throw wrongType(path, 'a structure');
  return value;
}

/** @returns epoch ms */
export function optionalTime(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.getTime();
  const ms = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw wrongType(path, 'a time');
  return ms;
}

export function time(value: unknown, path: string): number {
  const found = optionalTime(value, path);
  if (found === undefined) throw missing(`The parameter ${path} is required.`);
  return found;
}
