import { describe, expect, it } from 'vitest';
import { DAYS, isTime, isZone, openingHours, type Hours } from './hours.js';

const open = (given: Partial<Hours>, at: string): boolean =>
  openingHours({ days: [...DAYS], from: '00:00', to: '24:00', timezone: 'UTC', ...given })(Date.parse(at));

describe('hours', () => {
  it('are all of them unless they are limited', () => {
    expect(['2025-01-01T00:00:00Z', '2025-01-05T23:59:59Z'].map((at) => open({}, at))).toEqual([true, true]);
  });

  it('begin with from and end before to, on the days that are named', () => {
    const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '15:00' } as const;
    // A Friday and a Saturday.
    const times = ['2025-01-03T08:59:59Z', '2025-01-03T09:00:00Z', '2025-01-03T14:59:59Z', '2025-01-03T15:00:00Z'];
    expect(times.map((at) => open(office, at))).toEqual([false, true, true, false]);
    expect(open(office, '2025-01-04T10:00:00Z')).toBe(false);
  });

  it('over midnight belong to the day on which they begin', () => {
    const night = { days: ['fri'], from: '22:00', to: '06:00' } as const;
    const times = ['2025-01-03T05:00:00Z', '2025-01-03T22:00:00Z', '2025-01-04T05:59:59Z', '2025-01-04T06:00:00Z'];
    expect(times.map((at) => open(night, at))).toEqual([false, true, true, false]);
    expect(open(night, '2025-01-04T23:00:00Z')).toBe(false);
  });

  it('are those of the time zone, with its summer time', () => {
    const berlin = { from: '09:00', to: '10:00', timezone: 'Europe/Berlin' };
    expect(['2025-01-03T08:30:00Z', '2025-07-03T08:30:00Z'].map((at) => open(berlin, at))).toEqual([true, false]);
    expect(open(berlin, '2025-07-03T07:30:00Z')).toBe(true);
  });

  it('are written as HH:MM, in a zone that there is', () => {
    expect(['00:00', '09:30', '24:00', '9:30', '24:01', '12:60', 'noon'].map(isTime)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['UTC', 'Europe/Berlin', 'Mars/Base'].map(isZone)).toEqual([true, true, false]);
  });
});
