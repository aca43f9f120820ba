import { WallTime } from '../wall-time.js';

/** Hours in which something is allowed, by days of the week and times of day. */

/** In the order of JavaScript's days. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface Hours {
  readonly days: readonly (typeof DAYS)[number][];
  /** `HH:MM`, up to `24:00`. */
  readonly from: string;
  /** Not after `from`: until then on the next day. */
  readonly to: string;
  /** IANA name. */
  readonly timezone: string;
}

export const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text);

export function isZone(name: string): boolean {
  try {
    return new WallTime(name).reading(0) !== undefined;
  } catch {
    return false;
  }
}

/** @returns whether a moment (epoch ms) is in these hours; those over midnight belong to the day on which they begin */
export function openingHours({ days, from, to, timezone }: Hours): (at: number) => boolean {
  const wall = new WallTime(timezone);
  const [begin, end] = [msOf(from), msOf(to)];
  const wanted = (reading: number): boolean => days.includes(DAYS[new Date(reading).getUTCDay()] ?? 'sun');
  return (at) => {
    const reading = wall.reading(at);
    const time = reading % DAY_MS;
    if (begin < end) return wanted(reading) && time >= begin && time < end;
    return time >= begin ? wanted(reading) : time < end && wanted(reading - DAY_MS);
  };
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
