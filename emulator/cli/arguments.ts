import { InvalidArgumentError } from 'commander';
import { STORE_PATTERN } from '../contract/library.js';

/** Parsers of option values; commander puts what they say behind the option's name. */

export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 1 to 65535, or 0 for a free one.');
}

/** How many times faster time passes. */
export function timeScale(text: string): number {
  const scale = Number(text);
  if (/^[\d.]+$/.test(text) && scale > 0 && scale <= 100_000) return scale;
  throw new InvalidArgumentError('Give a factor above 0 and up to 100000; 60 makes a minute a second.');
}

/** Where events and messages are kept. */
export function storeName(text: string): string {
  if (STORE_PATTERN.test(text)) return text;
  throw new InvalidArgumentError('Give memory, file or redis://HOST:PORT.');
}

/** `50` or `50%`. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (/^[\d.]+%?$/.test(text) && value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('Give a share above 0 and up to 100, for example 25%.');
}

/** `key=value`, repeatable. */
export function assignment(text: string, earlier: readonly [string, string][] = []): [string, string][] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Give key=value, for example ms=800.');
  return [...earlier, [text.slice(0, equals), text.slice(equals + 1)]];
}

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Give a whole number from 1.');
}
