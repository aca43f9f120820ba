import { expect, it } from 'vitest';
import type { FaultSpec } from '../contract/faults.js';
import { fine, stillInstance, subject, testEngine } from './fixture.js';

const under = (spec: Partial<FaultSpec>) => {
  const made = testEngine();
  made.engine.add({ kind: 'status', ...spec });
  return made;
};

it('a ramp takes nobody at its begin, its part on the way, and the whole share after it', async () => {
  const { clock, engine } = under({ rate: 80, ramp: '100s', for: '1h' });
  const share = (): number => {
    let hits = 0;
    for (let number = 1; number <= 1_000; number++) if (engine.plan(subject({ number }))) hits++;
    return hits / 1_000;
  };
  expect(share()).toBe(0);
  await clock.advance(50_000);
  expect(share()).toBeCloseTo(0.4, 1);
  await clock.advance(50_000);
  expect(share()).toBeCloseTo(0.8, 1);
  await clock.advance(1_000_000);
  expect(share()).toBeCloseTo(0.8, 1);
});

it('whom a ramp has taken once it takes again, when it has grown', async () => {
  const { clock, engine } = under({ rate: 100, ramp: '100s', for: '1h' });
  const taken = () => Array.from({ length: 200 }, (_, i) => i + 1).filter((number) => engine.plan(subject({ number })));
  await clock.advance(30_000);
  const early = taken();
  await clock.advance(30_000);
  expect(taken()).toEqual(expect.arrayContaining(early));
});

it('at once lets pass what would be too many, until one has ended', () => {
  const { plan, engine } = under({ atOnce: 2 });
  const [first, second, third] = [plan(), plan(), plan()];
  expect([first, second, third].map((planned) => planned !== undefined)).toEqual([true, true, false]);
  expect(engine.decisions().map(({ by }) => by)).toEqual(['share', 'share', 'at once']);
  first?.end();
  first?.end();
  expect([plan(), plan()].map((planned) => planned !== undefined)).toEqual([true, false]);
});

it('a dry run decides, counts and tells as the fault would, and does nothing', async () => {
  const decided = async (dryRun: boolean) => {
    const { plan, engine } = under({ rate: 50, dryRun });
    const results: string[] = [];
    for (let i = 0; i < 50; i++) {
      const planned = plan();
      planned?.reached(stillInstance, 1);
      const result = await planned?.run(
        () => Promise.resolve(true),
        stillInstance,
        () => Promise.resolve(fine),
      );
      if (result) results.push(result.payload.toString());
      if (dryRun && planned) expect(planned.hits).toEqual([{ fault: 'status-1', kind: 'status', dryRun: true }]);
      planned?.end();
    }
    return { hits: engine.decisions().map(({ hit }) => hit), injected: engine.list()[0]?.injected, results };
  };
  const [wet, dry] = [await decided(false), await decided(true)];
  expect([dry.hits, dry.injected]).toEqual([wet.hits, wet.injected]);
  expect(new Set(dry.results)).toEqual(new Set([fine.payload.toString()]));
  expect(wet.results.some((result) => result.includes('503'))).toBe(true);
});

it('says in words which ones it takes', () => {
  const { engine } = under({ match: { route: 'POST /orders' }, first: 3, atOnce: 2, ramp: '5s' });
  expect(engine.list()[0]?.scope).toBe('POST /orders, first 3, at most 2 at once, growing over 5 s');
});
