import type { FaultSpec } from '../contract/faults.js';
import type { InstanceControl, RunResult } from '../instances/types.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { createFaultEngine } from './engine.js';
import type { FaultPlan, FaultSubject } from './types.js';

/** For tests: the result of a handler that is well. */
export const fine: RunResult = { ok: true, payload: Buffer.from('{"statusCode":200,"body":"fine"}') };

/** For tests: a process that takes no notice. */
export const stillInstance: InstanceControl = {
  id: 'i1',
  pid: undefined,
  pause: () => undefined,
  resume: () => undefined,
  kill: () => undefined,
};

/** For tests: an invocation. */
export function subject(given: Partial<FaultSubject> = {}): FaultSubject {
  return { function: 'counter', requestId: 'r', number: 1, attempt: 1, payload: Buffer.from('{}'), ...given };
}

/** For tests: an engine in virtual time, with the functions `counter`, `orders` and `orders-audit`. */
export function testEngine(seed = 'seed', platform: NodeJS.Platform = 'linux') {
  const clock = new VirtualClock();
  const changes = { count: 0 };
  const engine = createFaultEngine({
    clock,
    seed,
    functions: () =>
      ['counter', 'orders', 'orders-audit'].map((name) => ({ name, runtime: 'node', routes: [`POST /${name}`] })),
    platform,
    onChange: () => void changes.count++,
  });
  let number = 0;
  const plan = (name = 'counter'): FaultPlan | undefined => engine.plan(subject({ function: name, number: ++number }));
  return { clock, engine, changes, plan };
}

/** For tests: one invocation under the given faults; `trail` says in which order what happened, and when. */
export function underFaults(...specs: FaultSpec[]) {
  return underFaultsOn(stillInstance, ...specs);
}

/** For tests: as `underFaults`, on this process. */
export function underFaultsOn(instance: InstanceControl, ...specs: FaultSpec[]) {
  const { clock, engine, plan } = testEngine();
  const ids = specs.map((spec) => engine.add(spec).id);
  const planned = plan();
  if (!planned) throw new Error('no fault hit');
  planned.reached(instance, 1);
  const trail: string[] = [];
  const note = (what: string): void => void trail.push(`${String(clock.monotonic())} ${what}`);
  const wait = (ms: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      clock.after(ms, () => resolve(true));
      signal.addEventListener('abort', () => resolve(false));
    });
  const run = (result: RunResult | Promise<RunResult> = fine): Promise<RunResult> => {
    const ended = planned.run(wait, instance, () => {
      note('handler');
      return Promise.resolve(result);
    });
    void ended.then(
      () => note('end'),
      () => note('failed'),
    );
    return ended;
  };
  return { clock, engine, ids, plan: planned, run, trail };
}

/** For tests: what one fault does to the deliveries of a queue. @param numbers of the messages, one delivery each */
export function onDeliveries(spec: FaultSpec, given: Partial<FaultSubject> = {}, numbers: readonly number[] = [1]) {
  const { engine } = testEngine();
  const { id } = engine.add(spec);
  const at = (number: number) => subject({ queue: 'sqs/jobs', number, ...given });
  const faults = numbers.flatMap((number) => engine.planDelivery(at(number)));
  return { engine, id, faults, effects: faults.map(({ effect }) => effect) };
}
