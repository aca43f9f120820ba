import { z } from 'zod';

/** ISO 8601 durations, as AWS writes them: `PT1M`, `PT90S`, `PT1H30M`, `P1D`. Years and months have no fixed length. */

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** @returns ms, or undefined when the text is no such duration */
export function parseIsoDuration(text: string): number | undefined {
  const parts = PATTERN.exec(text)?.slice(1);
  if (!parts || parts.every((part) => part === undefined) || text.endsWith('T')) return undefined;
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (UNITS_MS[i] ?? 0), 0);
}

/** `PT1H30M` of 5 400 000 ms; parts of a second are kept. */
export function isoDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  const text = [
    hours > 0 ? `${String(hours)}H` : '',
    minutes > 0 ? `${String(minutes)}M` : '',
    seconds > 0 ? `${String(seconds)}S` : '',
  ].join('');
  return `PT${text === '' ? '0S' : text}`;
}

/** In a document that is read: parsed to ms. */
export const isoDurationSchema = z.string().transform((text, context) => {
  const ms = parseIsoDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: 'not an ISO 8601 duration, for example PT1M' });
  return z.NEVER;
});

/** A duration as our files have it: `90s`, `5m`, `250ms`. */
export function durationText(ms: number): string {
  if (ms > 0 && ms % 3_600_000 === 0) return `${String(ms / 3_600_000)}h`;
  if (ms > 0 && ms % 60_000 === 0) return `${String(ms / 60_000)}m`;
  return ms % 1_000 === 0 ? `${String(ms / 1_000)}s` : `${String(ms)}ms`;
}
