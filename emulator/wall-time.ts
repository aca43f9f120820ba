/** What clocks on the wall show in a time zone, and when: daylight saving time skips some times and shows others twice. */

const DAY_MS = 86_400_000;

/** Times on the wall are epoch ms of the same reading in UTC: 02:30 in Berlin is what 02:30Z is. */
export class WallTime {
  readonly #format: Intl.DateTimeFormat;

  /** @param zone IANA name @throws RangeError when there is no such zone */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** @param at epoch ms @returns the reading at that moment, whole seconds */
  reading(at: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** @returns epoch ms when clocks show this reading, the first time of two; undefined when they skip it */
  instant(reading: number): number | undefined {
    // The offset of a day before comes first: where clocks are turned back, it leads to the earlier moment.
    for (const near of [reading - DAY_MS, reading + DAY_MS]) {
      const at = reading - (this.reading(near) - near);
      if (this.reading(at) === reading) return at;
    }
    return undefined;
  }
}
