import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { drive, fakeEmulator, type Fake, type FakeReply } from './fixture.js';
import type { SurviveOptions } from './options.js';
import { NothingProved, recover, survive } from './survive.js';

const fault = { kind: 'status', function: 'api' };
const request = 'POST /api';

let clock: VirtualClock;
beforeEach(() => {
  clock = new VirtualClock();
});

function run(fake: Fake, options: Partial<SurviveOptions> = {}, faults: Parameters<typeof survive>[1] = fault) {
  return drive(clock, survive(fake.emulator, faults, { request, requests: 4, ...options }, clock));
}

const broken: FakeReply = { status: 500, body: '{"message":"Internal Server Error"}' };

describe('survive', () => {
  it('passes when every answer holds, and takes the fault away', async () => {
    const fake = fakeEmulator(clock, () => ({ status: 201 }));
    const { pass, message, result } = await run(fake);
    expect(pass).toBe(true);
    expect(fake.on()).toEqual([]);
    expect(fake.calls).toEqual(['POST /api []', ...Array.from({ length: 4 }, () => 'POST /api [status-1]')]);
    expect(result.answers.map(({ status, latencyMs }) => [status, latencyMs])).toEqual(Array(4).fill([201, 5]));
    expect(result.faults).toMatchObject([{ id: 'status-1', matched: 4, injected: 4 }]);
    expect(message).toMatchInlineSnapshot(`
      "expected POST /api not to survive status-1: all 4 answers held (status below 500 within 3000 ms)

      the caller saw
        ✓ 201 × 4

      status-1 on api (answers 503) fired 4 times, of 4 invocations that matched
        api, before the handler: 503
      seed 7: startEmulator({ seed: "7" }) and the same calls draw the same faults"
    `);
  });

  it('tells what the caller saw, what fired and the seed', async () => {
    const fake = fakeEmulator(clock, ({ call, faultOn }) => {
      if (!faultOn) return { status: 201 };
      return call === 3 ? { status: 201, ms: 3_100 } : call === 4 ? { breaks: 'ECONNRESET' } : broken;
    });
    const { pass, message } = await run(fake);
    expect(pass).toBe(false);
    expect(fake.on()).toEqual([]);
    expect(message).toMatchInlineSnapshot(`
      "expected POST /api to survive status-1: 4 of 4 answers did not hold (status below 500 within 3000 ms)

      the caller saw
        ✗ 500 × 2  {"message":"Internal Server Error"}
        ✗ 201 × 1 after up to 3100 ms
        ✗ no answer × 1  ECONNRESET

      status-1 on api (answers 503) fired 4 times, of 4 invocations that matched
        api, before the handler: 503
      seed 7: startEmulator({ seed: "7" }) and the same calls draw the same faults"
    `);
  });

  it.each<[string, Partial<SurviveOptions>, FakeReply, boolean]>([
    ['a 404 is an answer', {}, { status: 404 }, true],
    ['another status than asked for', { status: 201 }, { status: 200 }, false],
    ['one of those asked for', { status: [201, 202] }, { status: 202 }, true],
    ['a 503 where it is asked for', { status: 503 }, { status: 503 }, true],
    ['later than asked for', { within: '100ms' }, { ms: 105 }, false],
    ['just in time', { within: '100ms' }, { ms: 100 }, true],
    ['later than the timeout of the function', {}, { ms: 3_005 }, false],
    ['an answer that never comes', {}, { ms: 1e9 }, false],
  ])('%s', async (_what, options, reply, holds) => {
    const fake = fakeEmulator(clock, ({ faultOn }) => (faultOn ? reply : {}));
    expect((await run(fake, options)).pass).toBe(holds);
    expect(fake.on()).toEqual([]);
  });

  it('the first call may be a cold start: its time does not count', async () => {
    const fake = fakeEmulator(clock, ({ faultOn }) => ({ ms: faultOn ? 50 : 900 }));
    expect((await run(fake, { within: '100ms' })).pass).toBe(true);
  });

  it('breaks nothing when all was not well to begin with', async () => {
    const fake = fakeEmulator(clock, () => broken);
    const failing = run(fake);
    await expect(failing).rejects.toThrow(NothingProved);
    await expect(failing).rejects.toThrowErrorMatchingInlineSnapshot(
      `[NothingProved: POST /api was not well before anything was broken, so nothing was: the caller saw 500: {"message":"Internal Server Error"}]`,
    );
    expect(fake.calls).toEqual(['POST /api []']);
  });

  it('a fault that never fired proves nothing, whatever the answers were', async () => {
    const fake = fakeEmulator(clock, ({ faultOn }) => ({ spared: true, status: faultOn ? 202 : 201 }));
    const failing = run(fake);
    await expect(failing).rejects.toThrow(NothingProved);
    await expect(failing).rejects.toThrowErrorMatchingInlineSnapshot(`
      [NothingProved: status-1 never fired while POST /api was called: what passed without it proves nothing

      status-1 on api (answers 503) never fired, of 4 invocations that matched
      status-1 hit none of them: its share or pick left them alone, or the code never did what it breaks
      seed 7: startEmulator({ seed: "7" }) and the same calls draw the same faults]
    `);
    expect(fake.on()).toEqual([]);
  });

  it('several faults at once; what was added is taken away when the next is refused', async () => {
    const fake = fakeEmulator(clock, () => ({}));
    const two = await run(fake, {}, [fault, { kind: 'latency' }]);
    expect(two.result.faults.map(({ id }) => id)).toEqual(['status-1', 'latency-2']);
    const { add } = fake.emulator.faults;
    let left = 1;
    fake.emulator.faults.add = (spec) => (left-- > 0 ? add(spec) : Promise.reject(new Error('refused')));
    await expect(run(fake, {}, [fault, fault])).rejects.toThrow('refused');
    expect(fake.on()).toEqual([]);
  });

  it('invocations: a function error is told with its type', async () => {
    const fake = fakeEmulator(clock, ({ faultOn }) => (faultOn ? { status: 500, body: 'stock is gone' } : {}));
    const { request: _, ...invoke } = { request: undefined, invoke: 'api', requests: 2 };
    const { pass, message } = await drive(clock, survive(fake.emulator, fault, invoke, clock));
    expect(pass).toBe(false);
    expect(message).toContain('✗ function error × 2  Error: stock is gone');
  });

  it('makes as many calls at a time as asked for', async () => {
    const begun: number[] = [];
    const fake = fakeEmulator(clock, () => {
      begun.push(clock.monotonic());
      return { ms: 10 };
    });
    await run(fake, { concurrency: 2 });
    expect(begun).toEqual([0, 10, 10, 20, 20]);
  });

  it('two on one emulator take turns, also after one that failed', async () => {
    const fake = fakeEmulator(clock, ({ call }) => (call === 1 ? broken : {}));
    const first = survive(fake.emulator, fault, { request, requests: 1 }, clock);
    const second = survive(fake.emulator, { kind: 'hang' }, { request, requests: 1 }, clock);
    await expect(drive(clock, first)).rejects.toThrow(NothingProved);
    expect((await drive(clock, second)).pass).toBe(true);
    expect(fake.calls).toEqual(['POST /api []', 'POST /api []', 'POST /api [hang-1]']);
  });
});

describe('recover', () => {
  const recovering = (fake: Fake, within?: string) =>
    drive(clock, recover(fake.emulator, fault, { request, requests: 2, ...(within ? { within } : {}) }, clock));

  it('passes once three answers in a row hold, however bad those under the fault were', async () => {
    const fake = fakeEmulator(clock, ({ call }) => ([2, 3, 4, 6].includes(call) ? broken : {}));
    const { pass, result, message } = await recovering(fake);
    expect(pass).toBe(true);
    expect(result.after.map(({ status }) => status)).toEqual([500, 200, 500, 200, 200, 200]);
    expect(result.recoveredMs).toBe(120);
    expect(message).toContain('the answers held after 120 ms');
  });

  it('fails when the answers do not hold in time', async () => {
    const fake = fakeEmulator(clock, ({ call }) => (call > 1 ? broken : {}));
    const { pass, message } = await recovering(fake, '200ms');
    expect(pass).toBe(false);
    expect(message).toMatchInlineSnapshot(`
      "expected POST /api to recover from status-1 within 200 ms: the answers did not hold (status below 500 within 3000 ms)

      after the fault the caller saw
        ✗ 500 × 5  {"message":"Internal Server Error"}

      status-1 on api (answers 503) fired 2 times, of 2 invocations that matched
        api, before the handler: 503
      seed 7: startEmulator({ seed: "7" }) and the same calls draw the same faults"
    `);
  });
});
