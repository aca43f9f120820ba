import { Cron } from 'croner';

/** When a schedule is due. */
export interface Schedule {
  /** @returns epoch ms of the first time after `after`; undefined when there is none */
  next(after: number): number | undefined;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * `rate(5 minutes)`, `cron(min hour day month weekday year)` as EventBridge has them, or a five-field cron.
 * @param timezone IANA name, for crons
 * @throws Error that says what is wrong with it
 */
export function parseSchedule(expression: string, timezone: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const every = Number(rate[1]) * UNIT_MS[rate[2] as keyof typeof UNIT_MS];
    return { next: (after) => after + every };
  }
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1];
  const cron = new Cron(fields === undefined ? expression : `0 ${fields}`, { timezone, paused: true });
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}
