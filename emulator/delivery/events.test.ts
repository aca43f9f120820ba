import { describe, expect, test } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { FaultlineError } from '../contract/errors.js';
import { failure, memoryStore, mortal, settled, success, testEvents } from './fixture.js';
import { queueOf } from './event.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const retries = { attempts: 2, maxAgeMs: 6 * HOUR };

describe('accepting', () => {
  test('an event reaches its handler as it was accepted', async () => {
    const { accept, deliveries } = await testEvents();
    await accept({
      requestId: 'id-7',
      payload: Buffer.from('{"n":7}'),
      clientContext: '{"c":1}',
      traceId: 'Root=1',
      qualifier: 'live',
      source: 'editor',
    });
    await settled();
    expect(deliveries).toMatchObject([
      {
        queue: 'async/counter',
        messages: ['id-7'],
        request: {
          function: 'counter',
          requestId: 'id-7',
          payload: Buffer.from('{"n":7}'),
          clientContext: '{"c":1}',
          traceId: 'Root=1',
          qualifier: 'live',
          source: 'editor',
          attempt: 1,
        },
      },
    ]);
  });

  test('is only told once the event is kept', async () => {
    const { store, accept } = await testEvents();
    let keep = (): void => undefined;
    const add = store.add.bind(store);
    store.add = async (...given) => {
      await new Promise<void>((resolve) => (keep = resolve));
      return add(...given);
    };
    let told = false;
    const accepted = accept().then(() => (told = true));
    await settled();
    expect(told).toBe(false);
    keep();
    await accepted;
  });

  test('what could not be kept is refused with the reason', async () => {
    const { store, accept, deliveries, events } = await testEvents();
    store.add = () => Promise.reject(new FaultlineError('STORE_UNAVAILABLE', 'the disk is full'));
    await expect(accept()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await settled();
    expect(deliveries).toEqual([]);
    expect(events.snapshot('counter').pending).toBe(0);
  });

  test('an unknown function', async () => {
    const { accept } = await testEvents();
    await expect(accept({ function: 'nobody' })).rejects.toMatchObject({
      code: 'FUNCTION_NOT_FOUND',
      hint: 'Functions: counter.',
    });
  });
});

describe('retries', () => {
  test('after one minute, then two, under the same request id', async () => {
    const { accept, pass, times, deliveries, events } = await testEvents({ behave: () => failure() });
    await accept({ requestId: 'id-1' });
    await pass(HOUR);
    expect(times()).toEqual([0, 60, 180]);
    expect(deliveries.map(({ request }) => [request.requestId, request.attempt])).toEqual([
      ['id-1', 1],
      ['id-1', 2],
      ['id-1', 3],
    ]);
    expect(events.snapshot('counter')).toEqual({ pending: 0, succeeded: 0, failed: 1, expired: 0 });
  });

  test('end with the first success', async () => {
    const { accept, pass, times, events } = await testEvents({
      behave: ({ attempt }) => (attempt === 2 ? success : failure('timeout')),
    });
    await accept();
    await pass(HOUR);
    expect(times()).toEqual([0, 60]);
    expect(events.snapshot('counter')).toEqual({ pending: 0, succeeded: 1, failed: 0, expired: 0 });
  });

  test('at a time scale of 60, a minute is a second', async () => {
    const { accept, pass, times } = await testEvents({ behave: () => failure(), scale: 60 });
    await accept();
    await pass(MINUTE);
    expect(times()).toEqual([0, 1, 3]);
  });

  test('an event that nothing takes is told of in the log', async () => {
    const { accept, pass, logs } = await testEvents({ behave: () => failure() });
    await accept({ requestId: 'id-1' });
    await pass(HOUR);
    expect(logs).toEqual([
      'delivery: counter: event id-1 is dropped after 3 attempts (RetriesExhausted); neither deadLetter nor retries.onFailure takes it',
    ]);
  });
});

describe('throttles', () => {
  test('back off from a second to five minutes, for six hours', async () => {
    const { accept, pass, times, events, deliveries } = await testEvents({ behave: () => failure('throttled') });
    await accept();
    await pass(6 * HOUR - 1_000, 1_000);
    expect(times().slice(0, 12)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1_111]);
    expect(deliveries.every(({ request }) => request.attempt === 1)).toBe(true);
    expect(events.snapshot('counter').pending).toBe(1);
    await pass(2_000);
    expect(events.snapshot('counter')).toEqual({ pending: 0, succeeded: 0, failed: 0, expired: 1 });
  });

  test('use up no retries', async () => {
    let calls = 0;
    const { accept, pass, times } = await testEvents({
      behave: () => (++calls <= 3 ? failure('throttled') : failure()),
    });
    await accept();
    await pass(HOUR);
    expect(times()).toEqual([0, 1, 3, 7, 67, 187]);
  });

  test('a backlog is read slowly while nothing gets through, and at full width again when it does', async () => {
    const state = { open: false };
    const { accept, pass, deliveries, events } = await testEvents({
      functions: [{ scaling: { min: 0, max: 20, idleMs: 0 } }],
      behave: () => (state.open ? success : failure('throttled')),
    });
    for (let i = 0; i < 500; i++) await accept();
    await pass(10_000);
    expect(deliveries.length).toBeGreaterThan(5);
    expect(deliveries.length).toBeLessThan(60);
    state.open = true;
    await pass(MINUTE);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 500 });
  });
});

describe('ages', () => {
  const aged = (maxAgeMs: number) => [{ retries: { attempts: 2, maxAgeMs } }];

  test('a retry that would be too late is not waited for', async () => {
    const { accept, pass, times, events } = await testEvents({ behave: () => failure(), functions: aged(90_000) });
    await accept();
    await pass(61_000);
    expect(times()).toEqual([0, 60]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, expired: 1 });
  });

  test('count from acceptance, also while waiting for others', async () => {
    const ended: (() => void)[] = [];
    const { accept, pass, deliveries, events } = await testEvents({
      functions: [{ scaling: { min: 0, max: 1, idleMs: 0 }, retries: { attempts: 2, maxAgeMs: MINUTE } }],
      behave: () => new Promise((resolve) => ended.push(() => resolve(success))),
    });
    await accept({ requestId: 'first' });
    await accept({ requestId: 'second' });
    await pass(2 * MINUTE);
    ended[0]?.();
    await settled();
    expect(deliveries.map(({ request }) => request.requestId)).toEqual(['first']);
    expect(events.snapshot('counter')).toEqual({ pending: 0, succeeded: 1, failed: 0, expired: 1 });
  });

  test('a time scale makes them grow faster', async () => {
    const { accept, pass, events } = await testEvents({ behave: () => failure('throttled'), scale: 3_600 });
    await accept();
    await pass(5_900, 10);
    expect(events.snapshot('counter').pending).toBe(1);
    await pass(200, 10);
    expect(events.snapshot('counter').expired).toBe(1);
  });
});

describe('functions', () => {
  test('reserved concurrency of 0: nothing is attempted, nothing is tried again', async () => {
    const { accept, deliveries, events, sent } = await testEvents({
      functions: [{ reserved: 0, retries: { ...retries, onFailure: { type: 'queue', name: 'dead' } } }],
    });
    await accept();
    await settled();
    expect(deliveries).toEqual([]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 1 });
    expect(sent.map(({ body }) => (JSON.parse(body) as { requestContext: object }).requestContext)).toMatchObject([
      { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    ]);
  });

  test('10 000 events: never more at once than the function has instances, and all of them', async () => {
    const state = { running: 0, most: 0 };
    const { accept, events } = await testEvents({
      functions: [{ scaling: { min: 0, max: 7, idleMs: 0 } }],
      behave: async () => {
        state.most = Math.max(state.most, ++state.running);
        await settled();
        state.running--;
        return success;
      },
    });
    for (let i = 0; i < 10_000; i++) await accept();
    expect(events.snapshot('counter').pending).toBeGreaterThan(9_000);
    while (events.snapshot('counter').pending > 0) await settled();
    expect(state).toEqual({ running: 0, most: 7 });
    expect(events.snapshot('counter').succeeded).toBe(10_000);
  });

  test('one that hangs does not hold up another', async () => {
    const { accept, deliveries } = await testEvents({
      functions: [{}, { name: 'other' }],
      behave: (request) => (request.function === 'counter' ? new Promise(() => undefined) : success),
    });
    for (let i = 0; i < 100; i++) await accept();
    for (let i = 0; i < 100; i++) await accept({ function: 'other' });
    await settled();
    await settled();
    expect(deliveries.filter(({ request }) => request.function === 'other')).toHaveLength(100);
  });

  test('events of one that is gone wait for it', async () => {
    const { accept, events, pass, deliveries, logs } = await testEvents({
      behave: ({ attempt }) => (attempt === 1 ? failure() : success),
    });
    await accept({ requestId: 'id-1' });
    await settled();
    events.configure([functionConfig({ name: 'other' })]);
    expect(logs).toEqual(['delivery: events wait for functions that are not configured: counter (1)']);
    await pass(HOUR);
    expect(deliveries).toHaveLength(1);
    await expect(accept()).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    events.configure([functionConfig()]);
    await settled();
    expect(deliveries.map(({ request }) => request.attempt)).toEqual([1, 2]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 1 });
  });

  test('one that goes while its event runs: the news of it are sent when it is back', async () => {
    let end = (): void => undefined;
    const { accept, events, sent } = await testEvents({
      behave: () => new Promise((resolve) => (end = () => resolve(success))),
    });
    await accept();
    await settled();
    events.configure([]);
    end();
    await settled();
    expect(events.snapshot('counter')).toMatchObject({ pending: 1, succeeded: 0 });
    events.configure([functionConfig({ retries: { ...retries, onSuccess: { type: 'queue', name: 'done' } } })]);
    await settled();
    expect(sent.map(({ queue }) => queue)).toEqual(['done']);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 1 });
  });
});

describe('an earlier run', () => {
  test('what was killed in the middle comes again when its lease is over', async () => {
    const clock = new VirtualClock();
    const store = memoryStore(clock);
    const victim = mortal(store);
    const killed = await testEvents({ clock, store: victim, behave: () => new Promise(() => undefined) });
    await killed.accept({ requestId: 'id-1' });
    await settled();
    victim.kill();
    const next = await testEvents({ clock, store });
    expect(next.events.snapshot('counter')).toMatchObject({ pending: 1, oldestAt: clock.now() });
    await next.pass(14_500);
    expect(next.deliveries).toEqual([]);
    await next.pass(1_500);
    expect(next.deliveries.map(({ request }) => [request.requestId, request.attempt])).toEqual([['id-1', 1]]);
    expect(next.events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 1 });
  });

  test('what waited for its retry goes on with its attempts', async () => {
    const { clock, store, ...first } = await testEvents({ behave: () => failure() });
    await first.accept();
    await settled();
    await first.events.drain();
    const next = await testEvents({ clock, store });
    await next.pass(MINUTE);
    expect(next.deliveries.map(({ request }) => request.attempt)).toEqual([2]);
  });

  test('what it left for functions that are gone is counted', async () => {
    const { clock, store, ...first } = await testEvents({ behave: () => new Promise(() => undefined) });
    await first.accept();
    await first.accept();
    const next = await testEvents({ clock, store, functions: [{ name: 'other' }] });
    expect(next.logs).toEqual(['delivery: events wait for functions that are not configured: counter (2)']);
  });
});

describe('running long', () => {
  test('an event is not handed out again while its handler runs', async () => {
    const { accept, pass, deliveries } = await testEvents({ behave: () => new Promise(() => undefined) });
    await accept();
    await pass(2 * HOUR, 5_000);
    expect(deliveries).toHaveLength(1);
  });

  test('a retry waits as long as it should, though its lease was extended', async () => {
    const { clock, accept, pass, times } = await testEvents({
      behave: ({ attempt }) =>
        attempt === 1 ? new Promise((resolve) => clock.after(50_000, () => resolve(failure()))) : success,
    });
    await accept();
    await pass(HOUR);
    expect(times()).toEqual([0, 110]);
  });
});

describe('the dispatcher', () => {
  test('failing is no attempt', async () => {
    let calls = 0;
    const { accept, pass, times, logs, deliveries } = await testEvents({
      behave: () => {
        if (++calls < 3) throw new Error('our defect');
        return success;
      },
    });
    await accept({ requestId: 'id-1' });
    await pass(MINUTE);
    expect(times()).toEqual([0, 1, 3]);
    expect(deliveries.at(-1)?.request.attempt).toBe(1);
    expect(logs[0]).toBe('delivery: counter: id-1 was not delivered: our defect');
  });

  test('stopping first, an event is put back without a count, and not tried over and over', async () => {
    const { accept, pass, deliveries, events } = await testEvents({
      behave() {
        if (deliveries.length > 100) return new Promise(() => undefined);
        throw new FaultlineError('STOPPING', 'The emulator is stopping');
      },
    });
    await accept();
    await pass(3_000, 100);
    expect(deliveries.length).toBeLessThanOrEqual(4);
    expect(deliveries.every(({ request }) => request.attempt === 1)).toBe(true);
    expect(events.snapshot('counter').pending).toBe(1);
  });
});

describe('draining', () => {
  test('takes nothing new, lets what runs end, leaves what waits', async () => {
    const ended: (() => void)[] = [];
    const { accept, events, store, deliveries } = await testEvents({
      functions: [{ scaling: { min: 0, max: 1, idleMs: 0 } }],
      behave: () => new Promise((resolve) => ended.push(() => resolve(success))),
    });
    await accept();
    await accept();
    await settled();
    let drained = false;
    const draining = events.drain().then(() => (drained = true));
    await expect(accept()).rejects.toMatchObject({ code: 'STOPPING' });
    await settled();
    expect(drained).toBe(false);
    ended[0]?.();
    await draining;
    expect(deliveries).toHaveLength(1);
    expect(await store.counts(queueOf('counter'))).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test('a handler that the emulator killed has its attempt in the next run', async () => {
    let kill = (): void => undefined;
    const { clock, store, ...first } = await testEvents({
      behave: () => new Promise((resolve) => (kill = () => resolve(failure('exit')))),
    });
    await first.accept();
    await settled();
    const draining = first.events.drain();
    kill();
    await draining;
    const next = await testEvents({ clock, store });
    await next.pass(1_000);
    expect(next.deliveries.map(({ request }) => request.attempt)).toEqual([1]);
  });

  test('ends also when the store does not work', async () => {
    const { accept, events, store } = await testEvents();
    store.remove = () => Promise.reject(new Error('gone'));
    await accept();
    await settled();
    await events.drain();
  });
});

describe('counts', () => {
  test('the oldest that waits', async () => {
    const { clock, accept, pass, events } = await testEvents({ behave: () => new Promise(() => undefined) });
    const at = clock.now();
    await accept();
    await pass(10_000);
    await accept();
    expect(events.snapshot('counter')).toEqual({ pending: 2, succeeded: 0, failed: 0, expired: 0, oldestAt: at });
  });

  test('of a queue that another emulator works on as well', async () => {
    const one = await testEvents({
      behave: () => new Promise(() => undefined),
      functions: [{ scaling: { min: 0, max: 1, idleMs: 0 } }],
    });
    await one.accept();
    await one.accept();
    await one.accept();
    await settled();
    const { clock, store } = one;
    const two = await testEvents({ clock, store });
    await two.pass(6_000);
    expect(two.events.snapshot('counter')).toMatchObject({ succeeded: 2 });
    expect(one.events.snapshot('counter')).toMatchObject({ pending: 1, succeeded: 0 });
  });

  test('of a function that never had an event', async () => {
    const { events } = await testEvents();
    expect(events.snapshot('nobody')).toEqual({ pending: 0, succeeded: 0, failed: 0, expired: 0 });
  });
});
