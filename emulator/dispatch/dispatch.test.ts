import { describe, expect, it } from 'vitest';
import { delay } from '../clock.js';
import type { RunResult } from '../instances/types.js';
import { parseTraceHeader, segmentOf } from '../trace-header.js';
import { done, testDispatch, waitingPlan } from './fixture.js';

const failure = (kind: 'exit' | 'timeout' | 'function'): RunResult => ({
  ok: false,
  kind,
  type: 'T',
  message: 'm',
  payload: Buffer.from('{"errorType":"T"}'),
});

describe('an invocation', () => {
  it('goes acquire, run, release, record, and its record tells', async () => {
    const { clock, invoke, trail, records, works } = testDispatch();
    const { requestId, result, record } = await invoke({ clientContext: '{}' });
    expect(trail).toEqual(['run 3000', 'release', 'record']);
    expect([requestId, result]).toEqual(['id-1', done]);
    expect(record).toEqual({
      requestId: 'id-1',
      function: 'counter',
      source: 'sdk',
      number: 1,
      attempt: 1,
      instance: 'i1',
      version: 1,
      at: clock.now(),
      queueMs: 0,
      durationMs: 0,
      memoryMb: 128,
      maxMemoryMb: 40,
      traceId: parseTraceHeader(works[0]?.traceId ?? '')?.root,
      faults: [],
      operations: [],
    });
    expect(records).toEqual([{ record, event: '{"n":1}', payload: '{"done":true}' }]);
    expect(works[0]).toMatchObject({
      requestId: 'id-1',
      deadline: clock.now() + 3_000,
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
      clientContext: '{}',
      traceId: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    });
    expect(works[0]).not.toHaveProperty('effects');
  });

  it('is part of the caller’s trace, and its record tells which and whether it is sampled', async () => {
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    const { invoke, works, state } = testDispatch();
    const { record } = await invoke({ requestId: 'mine', traceId: `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1` });
    expect(works[0]?.traceId).toBe(`Root=${root};Parent=${segmentOf('mine')};Sampled=1`);
    expect(record).toMatchObject({ traceId: root, sampled: true });
    state.acquire = () => Promise.resolve({ kind: 'init', type: 'T', message: 'm', payload: Buffer.from('{}') });
    expect((await invoke({ traceId: `Root=${root};Sampled=0` })).record).toMatchObject({ traceId: root });
  });

  it('is numbered at admission, not when an instance is free', async () => {
    const { invoke, instance, state } = testDispatch();
    const waiting: (() => void)[] = [];
    state.acquire = () => new Promise((resolve) => waiting.push(() => resolve(instance)));
    const both = [invoke(), invoke()];
    waiting.reverse().forEach((free) => free());
    expect((await Promise.all(both)).map((outcome) => outcome.record.number)).toEqual([1, 2]);
  });

  it('keeps an id that it was given', async () => {
    expect((await testDispatch().invoke({ requestId: 'mine' })).requestId).toBe('mine');
  });

  it('tells how long it waited, how long it ran and what a cold start took', async () => {
    const { clock, invoke, instance, state } = testDispatch(() => delay(clock, 20).then(() => done));
    state.acquire = () => delay(clock, 130.126).then(() => instance);
    state.initMs = 120;
    const outcome = invoke();
    await clock.advance(500);
    expect((await outcome).record).toMatchObject({ queueMs: 130.13, initMs: 120, durationMs: 20 });
  });

  it('has its operations in the record', async () => {
    const operation = { kind: 'connect', target: 'db:5432', at: 3 } as const;
    const { invoke } = testDispatch((work) => {
      work.onOperation?.(operation);
      return done;
    });
    expect((await invoke()).record.operations).toEqual([operation]);
  });

  it('asks once which status the caller sees', async () => {
    let asked = 0;
    const { record } = await testDispatch().invoke({ statusOf: (result) => (++asked, result.ok ? 201 : 500) });
    expect([record.status, asked]).toEqual([201, 1]);
  });

  it('that fails is an outcome, not an exception', async () => {
    const { invoke, trail } = testDispatch(() => failure('function'));
    const { result, record } = await invoke();
    expect(result.ok).toBe(false);
    expect(record.error).toEqual({ kind: 'function', type: 'T', message: 'm' });
    expect(trail).toContain('release');
  });

  it.each(['init', 'throttled'] as const)('that gets no instance (%s) is an outcome too', async (kind) => {
    const { invoke, state, trail } = testDispatch();
    state.acquire = () => Promise.resolve({ kind, type: 'T', message: 'm', payload: Buffer.from('{}') });
    const { result, record } = await invoke();
    expect(result).toMatchObject({ ok: false, kind, type: 'T' });
    expect(record.error?.kind).toBe(kind);
    expect(record).not.toHaveProperty('instance');
    expect(trail).toEqual(['record']);
  });

  it('whose init had to be tried again has that in its duration, and its id in the message', async () => {
    const { clock, invoke, state, instance } = testDispatch(() => delay(clock, 20).then(() => done));
    state.acquire = () => delay(clock, 300).then(() => ({ ...instance, usedMs: 200 }));
    const served = invoke();
    await clock.advance(320);
    expect((await served).record).toMatchObject({ queueMs: 100, durationMs: 220 });
    const failure = {
      kind: 'init',
      type: 'Runtime.ExitError',
      message: 'exit status 1',
      payload: Buffer.from('{}'),
    } as const;
    const forRequest = (id: string) => ({ ...failure, message: `RequestId: ${id} Error: exit status 1` });
    state.acquire = () => delay(clock, 300).then(() => ({ ...failure, usedMs: 200, forRequest }));
    const failed = invoke();
    await clock.advance(300);
    const { result, record } = await failed;
    expect(record).toMatchObject({ queueMs: 100, durationMs: 200 });
    expect(result).toEqual({ ok: false, ...failure, message: 'RequestId: id-2 Error: exit status 1' });
  });

  it('of an unknown function is refused with those there are', async () => {
    const { invoke, records } = testDispatch();
    await expect(invoke({ function: 'countr' })).rejects.toMatchObject({
      code: 'FUNCTION_NOT_FOUND',
      hint: 'Functions: counter.',
    });
    expect(records).toEqual([]);
  });
});

describe('faults', () => {
  it('are not asked while there are none', async () => {
    const { invoke, trail } = testDispatch();
    await invoke();
    expect(trail.some((step) => step.startsWith('plan'))).toBe(false);
  });

  it('are planned for this invocation, and their effects reach the instance', async () => {
    const { invoke, trail, works, faults } = testDispatch();
    faults.active = true;
    const effect = { type: 'hang', mode: 'idle', when: 'before' } as const;
    faults.planned = { ...waitingPlan(0, 'before'), effects: [effect], run: (_wait, _instance, next) => next() };
    const { record } = await invoke();
    expect(trail[0]).toBe(
      'plan {"function":"counter","requestId":"id-1","number":1,"attempt":1,"payload":"{\\"n\\":1}"}',
    );
    expect(works[0]?.effects).toEqual([effect]);
    expect(record.faults).toEqual([{ fault: 'latency-1', kind: 'latency' }]);
  });

  it('hear of every operation', async () => {
    const operation = { kind: 'connect', target: 'db:5432', at: 3, fault: 'network-1' } as const;
    const { invoke, faults } = testDispatch((work) => {
      work.onOperation?.(operation);
      return done;
    });
    const heard: unknown[] = [];
    faults.active = true;
    faults.planned = {
      ...waitingPlan(0, 'after'),
      operation: (one) => void heard.push(one),
      run: (_wait, _instance, next) => next(),
    };
    await invoke();
    expect(heard).toEqual([operation]);
  });

  it('leave the handler what is left of the timeout', async () => {
    const { clock, invoke, trail, faults } = testDispatch();
    faults.active = true;
    faults.planned = waitingPlan(800, 'before');
    const outcome = invoke();
    await clock.advance(800);
    expect(trail.slice(1)).toEqual(['run 3000', 'release', 'record']);
    expect((await outcome).record.durationMs).toBe(800);
    expect(clock.pending).toBe(0);
  });

  it('leave it no more than that, and tell the whole timeout', async () => {
    const { clock, invoke, trail, faults } = testDispatch((_work, ms) =>
      delay(clock, ms).then(() => failure('timeout')),
    );
    faults.active = true;
    faults.planned = waitingPlan(800, 'before');
    const outcome = invoke();
    await clock.advance(2_999);
    expect(trail).not.toContain('expire');
    await clock.advance(1);
    expect(trail.slice(-3)).toEqual(['expire', 'release', 'record']);
    expect((await outcome).record).toMatchObject({
      durationMs: 3_000,
      error: { kind: 'timeout', message: 'RequestId: id-1 Error: Task timed out after 3.00 seconds' },
    });
  });

  it.each(['before', 'after'] as const)(
    'that hold it back too long (%s) do not end it under a debugger',
    async (when) => {
      const { clock, invoke, instance, trail, faults } = testDispatch((_work, ms) =>
        delay(clock, 2 * ms).then(() => done),
      );
      Object.assign(instance, { held: true });
      faults.active = true;
      faults.planned = waitingPlan(5_000, when);
      const outcome = invoke();
      await clock.advance(11_000);
      expect(trail).not.toContain('expire');
      expect((await outcome).result.ok).toBe(true);
    },
  );

  it.each(['before', 'after'] as const)('that hold it back too long (%s) end it as a timeout does', async (when) => {
    const { clock, invoke, trail, faults } = testDispatch();
    faults.active = true;
    faults.planned = waitingPlan(5_000, when);
    const outcome = invoke();
    await clock.advance(2_999);
    expect(trail).not.toContain('expire');
    await clock.advance(1);
    expect((await outcome).result).toMatchObject({ kind: 'timeout', message: expect.stringContaining('3.00 seconds') });
    expect(trail.slice(-3)).toEqual(['expire', 'release', 'record']);
    expect(trail.filter((step) => step.startsWith('run'))).toHaveLength(when === 'before' ? 0 : 1);
  });

  it('behind a process that is gone do not end it a second time', async () => {
    const { clock, invoke, trail, faults } = testDispatch(() => failure('exit'));
    faults.active = true;
    faults.planned = waitingPlan(5_000, 'after');
    const outcome = invoke();
    await clock.advance(3_000);
    expect((await outcome).result).toMatchObject({ kind: 'exit' });
    expect(trail).not.toContain('expire');
  });

  it('that are cleared let go', async () => {
    const { clock, invoke, faults } = testDispatch();
    const cleared = new AbortController();
    faults.active = true;
    faults.planned = waitingPlan(2_000, 'before', cleared.signal);
    const outcome = invoke();
    await clock.advance(500);
    cleared.abort();
    expect((await outcome).record.durationMs).toBe(500);
    expect(clock.pending).toBe(0);
  });

  it('with a defect of their own still give the instance back', async () => {
    const { invoke, trail, faults } = testDispatch();
    faults.active = true;
    faults.planned = { ...waitingPlan(0, 'before'), run: () => Promise.reject(new Error('a bug')) };
    await expect(invoke()).rejects.toThrow('a bug');
    expect(trail).toContain('release');
  });
});

describe('draining', () => {
  it('admits nothing more and waits for what is in flight', async () => {
    const { clock, dispatcher, invoke, trail } = testDispatch(() => delay(clock, 100).then(() => done));
    const running = invoke();
    const drained = dispatcher.drain().then(() => trail.push('drained'));
    await expect(invoke()).rejects.toMatchObject({ code: 'STOPPING' });
    await clock.advance(99);
    expect(trail).not.toContain('drained');
    await clock.advance(1);
    await Promise.all([running, drained]);
    expect(trail.at(-1)).toBe('drained');
  });

  it('is done at once when nothing is in flight', async () => {
    await testDispatch().dispatcher.drain();
  });
});
