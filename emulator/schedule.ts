import { Cron } from 'croner';
import { cronPattern, type CronDialect } from './cron.js';
import { nearest } from './contract/nearest.js';
import { WallTime } from './wall-time.js';

/** When a schedule is due. */
export interface Schedule {
  /**
   * @param after epoch ms
   * @param start epoch ms that a rate counts from; a cron does not depend on it
   * @returns epoch ms of the first time after `after`; undefined when there is none
   */
  next(after: number, start: number): number | undefined;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
type Unit = keyof typeof UNIT_MS;

/**
 * `rate(5 minutes)` and `cron(minute hour day-of-month month day-of-week year)` as EventBridge has them [D, R], or a cron of
 * five fields.
 * @param timezone IANA name that a cron is read in
 * @throws Error that says what is wrong with it
 */
export function parseSchedule(expression: string, timezone: string): Schedule {
  const wall = wallTime(timezone);
  const rate = /^rate\((.*)\)$/.exec(expression)?.[1];
  if (rate !== undefined) return parseRate(rate);
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (fields === undefined && !/^[\w*?,/#-]+(\s+[\w*?,/#-]+){4,}$/.test(expression.trim()))
    throw new Error(
      `"${expression}" is not a schedule; write rate(5 minutes), cron(0 8 ? * MON-FRI *) or five fields: 0 8 * * 1-5`,
    );
  return fields === undefined ? parseCron(expression, 'unix', wall) : parseCron(fields, 'aws', wall);
}

function wallTime(timezone: string): WallTime {
  try {
    return new WallTime(timezone);
  } catch {
    const meant = nearest(timezone, Intl.supportedValuesOf('timeZone'));
    const hint = meant === undefined ? 'write an IANA name, for example Europe/Berlin' : `did you mean ${meant}?`;
    throw new Error(`there is no time zone "${timezone}"; ${hint}`);
  }
}

/** A value of 1 takes the singular, any other the plural; blanks and other units are refused [D, R]. */
function parseRate(text: string): Schedule {
  const [, value = '', unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const wrong = (why: string): Error => new Error(`rate(${text}): ${why}`);
  if (unit === '') throw wrong('write a whole number, a blank, and minutes, hours or days');
  const every = Number(value) * UNIT_MS[unit as Unit];
  if (every === 0) throw wrong('the value is 1 or more');
  if (!Number.isSafeInteger(every)) throw wrong('the value is too large');
  if ((Number(value) === 1) !== (plural === ''))
    throw wrong(`write rate(${value} ${unit}${Number(value) === 1 ? '' : 's'})`);
  return { next: (after, start) => start + (Math.max(0, Math.floor((after - start) / every)) + 1) * every };
}

/**
 * In a time zone with daylight saving time a cron does what EventBridge Scheduler does: a time that clocks skip is left out, a
 * time that they show twice comes once, at the first [D: schedule-types].
 */
function parseCron(text: string, dialect: CronDialect, wall: WallTime): Schedule {
  let pattern: string;
  try {
    pattern = cronPattern(text, dialect);
  } catch (error) {
    throw new Error(`${dialect === 'aws' ? `cron(${text})` : text}: ${(error as Error).message}`, { cause: error });
  }
  // The search runs over what clocks show; which moment that is, and whether there is one, is ours.
  const cron = new Cron(pattern, {
    timezone: 'UTC',
    paused: true,
    mode: '7-part',
    alternativeWeekdays: dialect === 'aws',
  });
  return {
    next(after) {
      let reading = cron.nextRun(new Date(wall.reading(after)));
      for (; reading; reading = cron.nextRun(reading)) {
        const at = wall.instant(reading.getTime());
        if (at !== undefined && at > after) return at;
      }
      return undefined;
    },
  };
}
