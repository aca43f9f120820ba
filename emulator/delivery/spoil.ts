import { seededRng } from '../rng.js';

/** How a poison message is spoilt. */
export interface Poison {
  readonly how: 'truncated' | 'garbage' | 'empty';
  /** In [0, 1): where it is cut, or what garbage it becomes. */
  readonly draw: number;
}

/** Characters of garbage at most. */
const MAX_GARBAGE = 1_024;
/** Nothing that SQS would not take, and nothing that parses: what a wrong decoding leaves comes first. */
const START = '\ufffd';
const [FIRST, LAST] = [0x21, 0x7e];

/**
 * The text as it arrives. A JSON object or list that is cut is JSON no more.
 * @returns truncated: its first part, never all of it; garbage: as long as it was, 1 to 1 024 characters
 */
export function spoiltText(text: string, { how, draw }: Poison): string {
  if (how === 'empty') return '';
  if (how === 'truncated') return text.slice(0, Math.floor(text.length * draw)).replace(/[\ud800-\udbff]$/, '');
  const rng = seededRng(String(draw));
  const more = Math.min(text.length, MAX_GARBAGE) - 1;
  const code = (): number => FIRST + Math.floor(rng.next() * (LAST - FIRST + 1));
  return START + String.fromCharCode(...Array.from({ length: Math.max(0, more) }, code));
}

/**
 * The JSON text of an event as it arrives. Lambda takes no event that is not JSON, so this stays JSON: what is left of its
 * text as one string, or an object with nothing in it.
 */
export function spoiltEvent(payload: Buffer, poison: Poison): Buffer {
  return Buffer.from(poison.how === 'empty' ? '{}' : JSON.stringify(spoiltText(payload.toString(), poison)));
}
