import { describe, expect, test } from 'vitest';
import { WallTime } from './wall-time.js';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('the reading of a moment', () => {
  test.each([
    ['UTC', '2025-01-01T00:00:00', '2025-01-01T00:00:00'],
    ['Europe/Berlin', '2025-01-01T00:00:00', '2025-01-01T01:00:00'],
    ['Europe/Berlin', '2025-07-01T22:30:15', '2025-07-02T00:30:15'],
    ['Asia/Kolkata', '2025-01-01T00:00:00', '2025-01-01T05:30:00'],
    ['America/New_York', '2025-01-01T04:59:59', '2024-12-31T23:59:59'],
  ])('%s at %sZ is %s', (zone, at, reading) => {
    expect(new WallTime(zone).reading(utc(at))).toBe(utc(reading));
  });

  test('fractions of a second are cut', () => {
    expect(new WallTime('UTC').reading(utc('2025-01-01T00:00:00') + 999)).toBe(utc('2025-01-01T00:00:00'));
  });
});

describe('the moment of a reading', () => {
  test.each([
    ['Europe/Berlin', '2025-03-30T01:59:00', '2025-03-30T00:59:00'],
    ['Europe/Berlin', '2025-03-30T03:00:00', '2025-03-30T01:00:00'],
    ['America/New_York', '2025-03-09T03:00:00', '2025-03-09T07:00:00'],
    ['Pacific/Kiritimati', '2025-05-05T00:00:00', '2025-05-04T10:00:00'],
    ['Pacific/Pago_Pago', '2025-05-05T00:00:00', '2025-05-05T11:00:00'],
  ])('%s shows %s at %sZ', (zone, reading, at) => {
    expect(new WallTime(zone).instant(utc(reading))).toBe(utc(at));
  });

  test('a reading that is skipped has none', () => {
    expect(new WallTime('Europe/Berlin').instant(utc('2025-03-30T02:30:00'))).toBeUndefined();
    expect(new WallTime('America/New_York').instant(utc('2025-03-09T02:00:00'))).toBeUndefined();
  });

  test('of a reading that comes twice it is the first', () => {
    expect(new WallTime('Europe/Berlin').instant(utc('2025-10-26T02:30:00'))).toBe(utc('2025-10-26T00:30:00'));
    expect(new WallTime('America/New_York').instant(utc('2025-11-02T01:30:00'))).toBe(utc('2025-11-02T05:30:00'));
  });
});

test('no such zone', () => {
  expect(() => new WallTime('Mars/Base')).toThrow(RangeError);
});
