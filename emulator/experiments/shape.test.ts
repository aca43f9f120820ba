import { describe, expect, it } from 'vitest';
import { loadSchema } from '../contract/load.js';
import { dueTime, durationOf, levelAt, peakFor, plannedRequests, shapeOf } from './shape.js';

const shape = (load: unknown) => shapeOf(loadSchema.parse(load));
const dues = (load: unknown): number[] => {
  const of = shape(load);
  return Array.from({ length: plannedRequests(of) ?? 0 }, (_, n) => Math.round(dueTime(of, n)));
};

describe('a load', () => {
  it('at a constant rate is due at even distances', () => {
    expect(dues({ rate: 4, for: '1s' })).toEqual([0, 250, 500, 750]);
  });

  it('that grows sends more and more, that shrinks less and less', () => {
    // 0 to 10 a second in 2 s: 10 requests, the nth after √(n·2/5) s.
    const up = dues({ stages: [{ rate: 10, for: '2s' }] });
    expect(up).toHaveLength(10);
    expect(up.slice(0, 4)).toEqual([0, 632, 894, 1_095]);
    const down = dues({ rate: 10, stages: [{ rate: 0, for: '2s' }] });
    expect(down).toHaveLength(10);
    expect(down.slice(0, 2)).toEqual([0, 103]);
    expect(down.at(-1)).toBeLessThan(2_000);
  });

  it('goes on from one stage to the next', () => {
    const load = {
      rate: 2,
      stages: [
        { rate: 2, for: '2s' },
        { rate: 6, for: '2s' },
        { rate: 6, for: '1s' },
      ],
    };
    expect(plannedRequests(shape(load))).toBe(4 + 8 + 6);
    expect(durationOf(shape(load))).toBe(5_000);
    const at = dues(load);
    expect(at.slice(0, 5)).toEqual([0, 500, 1_000, 1_500, 2_000]);
    expect(at.filter((ms) => ms >= 4_000)).toHaveLength(6);
  });

  it('of users has levels, and no number of requests', () => {
    const users = shape({ users: 2, think: '100ms', stages: [{ users: 6, for: '4s' }] });
    expect(users).toMatchObject({ kind: 'closed', thinkMs: 100 });
    expect([0, 1_000, 3_999, 9_000].map((at) => Math.round(levelAt(users, at)))).toEqual([2, 3, 6, 6]);
    expect(plannedRequests(users)).toBeUndefined();
  });

  it('warms up at its highest level', () => {
    const ramp = shape({
      stages: [
        { rate: 30, for: '5s' },
        { rate: 1, for: '5s' },
      ],
    });
    expect(peakFor(ramp, 1_000).segments).toEqual([{ from: 30, to: 30, ms: 1_000 }]);
  });
});

const problems = (load: unknown): string[] =>
  loadSchema.safeParse(load).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('a load that is refused', () => {
  it.each([
    [{ rate: 5 }, ': the load has no end; write for example for: 10s'],
    [{ users: 5 }, ': the load has no end; write for example for: 10s'],
    [{ rate: 5, for: '2h' }, 'for: an experiment has to end: a phase lasts at most 1h'],
    [{ rate: 5, for: 'ever' }, 'for: not a duration; write for example 250ms, 30s, 5m or 6h'],
    [
      { rate: 5, users: 5, for: '1s' },
      'users: contradicts itself: give either rate (open loop) or users (closed loop)',
    ],
    [{ rate: 5, think: '1s', for: '1s' }, 'think: only users think; give users instead of rate'],
    [{ for: '1s', stages: [{ rate: 5, for: '1s' }] }, 'for: the stages say how long; leave for out'],
    [
      {
        stages: [
          { rate: 5, for: '1s' },
          { users: 5, for: '1s' },
        ],
      },
      'stages.1: contradicts itself: all stages have rate',
    ],
    [{ users: 1, stages: [{ rate: 5, for: '1s' }] }, 'stages.0: contradicts itself: all stages have users'],
    [{ stages: [{ rate: 0, for: '1s' }] }, 'stages: no stage sends anything'],
    [
      {
        stages: [
          { rate: 1, for: '40m' },
          { rate: 2, for: '40m' },
        ],
      },
      'stages: an experiment has to end: a phase lasts at most 1h',
    ],
    [{ rate: 1, for: '1s', warmUp: '2h' }, 'warmUp: an experiment has to end: a phase lasts at most 1h'],
  ])('%j', (load, message) => {
    expect(problems(load)).toEqual([message]);
  });
});
