import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { FunctionConfig } from '../contract/config.js';
import type { Operation, InvocationRecord } from '../contract/records.js';
import type { FaultEngine, FaultPlan } from '../faults/types.js';
import type { AcquireFailure, Instance, Pool, RunResult, Work } from '../instances/types.js';
import { createDispatcher } from './index.js';
import type { InvocationRequest } from './types.js';

/** For tests: a result. */
export const done: RunResult = { ok: true, payload: Buffer.from('{"done":true}'), maxMemoryMb: 40 };

/** For tests: what an instance does with an invocation. */
export type Behaviour = (work: Work, timeoutMs: number) => Promise<RunResult> | RunResult;

function expired(requestId: string, timeoutMs: number): RunResult {
  const message = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
  return { ok: false, kind: 'timeout', type: 'Sandbox.Timedout', message, payload: Buffer.from('{}') };
}

/** For tests: a pool of one instance that behaves as told, in virtual time, and everything that dispatch told others. */
export function testDispatch(behaviour: Behaviour = () => done, timeoutMs = 3_000) {
  const clock = new VirtualClock();
  const trail: string[] = [];
  const records: { record: InvocationRecord; event: string; payload: string }[] = [];
  const state = { initMs: undefined as number | undefined, acquire: undefined as Acquire | undefined };
  const works: Work[] = [];
  const instance: Instance = {
    id: 'i1',
    pending: 0,
    served: 0,
    version: 1,
    takeInitMs: () => state.initMs,
    usedMs: 0,
    run(work, timeout) {
      works.push(work);
      trail.push(`run ${String(timeout)}`);
      return Promise.resolve(behaviour(work, timeout));
    },
    expire(requestId, timeout) {
      trail.push('expire');
      return expired(requestId, timeout);
    },
    pid: undefined,
    pause: () => void trail.push('pause'),
    resume: () => void trail.push('resume'),
    kill: () => void trail.push('kill'),
  };
  const pool = {
    acquire: () => state.acquire?.(instance) ?? instance,
    release: () => void trail.push('release'),
  } as Partial<Pool> as Pool;
  const config = { name: 'counter', timeoutMs, memoryMb: 128 } as Partial<FunctionConfig> as FunctionConfig;
  const faults = { active: false, planned: undefined as FaultPlan | undefined };
  let ids = 0;
  const dispatcher = createDispatcher({
    clock,
    pools: (name) => (name === 'counter' ? pool : undefined),
    functions: (name) => (name === 'counter' ? config : undefined),
    names: () => ['counter'],
    faults: {
      get active() {
        return faults.active;
      },
      plan(subject) {
        const { payload, ...rest } = subject;
        trail.push(`plan ${JSON.stringify({ ...rest, payload: payload.toString() })}`);
        return faults.planned;
      },
    } as Partial<FaultEngine> as FaultEngine,
    recorder: {
      invocation(record, event, payload) {
        trail.push('record');
        records.push({ record, event: event.toString(), payload: payload.toString() });
      },
    },
    newId: () => `id-${String(++ids)}`,
  });
  const invoke = (more: Partial<InvocationRequest> = {}) =>
    dispatcher.invoke({ function: 'counter', payload: Buffer.from('{"n":1}'), source: 'sdk', ...more });
  return { clock, dispatcher, invoke, instance, trail, records, works, state, faults };
}

type Acquire = (instance: Instance) => Instance | Promise<Instance | AcquireFailure>;

/** For tests: a plan that waits and then runs, or runs and then waits. */
export function waitingPlan(ms: number, when: 'before' | 'after', signal = new AbortController().signal): FaultPlan {
  return {
    hits: [{ fault: 'latency-1', kind: 'latency' }],
    effects: [],
    admit: () => undefined,
    start: () => undefined,
    reached: () => undefined,
    operation: (_operation: Operation) => undefined,
    end: () => undefined,
    async run(wait, _instance, next) {
      if (when === 'before') await wait(ms, signal);
      const result = await next();
      if (when === 'after') await wait(ms, signal);
      return result;
    },
  };
}
