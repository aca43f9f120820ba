import type { Clock } from '../clock.js';
import type { FaultPlan, Wait } from '../faults/types.js';
import type { Instance, RunResult, Work } from '../instances/types.js';

/** Thrown into a fault's delay when the function's timeout passes first. */
class DeadlinePassed extends Error {}

/**
 * Runs an invocation under its faults. What they hold it back with counts against the function's timeout; when that
 * passes outside of the process, the instance is ended as in any timeout.
 */
export async function runFaulted(
  clock: Clock,
  plan: FaultPlan,
  instance: Instance,
  work: Work,
  timeoutMs: number,
): Promise<RunResult> {
  const deadline = clock.monotonic() + timeoutMs;
  let inner: RunResult | undefined;
  const next = async (): Promise<RunResult> => {
    inner = await runUntil(clock, deadline, instance, work, timeoutMs);
    return inner;
  };
  try {
    const wait: Wait = (ms, signal) => waitUntil(clock, ms, instance.held ? Infinity : deadline, signal);
    return await plan.run(wait, instance, next);
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    // The process is gone already: that is how the invocation ended, the delay behind it changes nothing.
    if (inner && !inner.ok && (inner.kind === 'timeout' || inner.kind === 'exit')) return inner;
    return instance.expire(work.requestId, timeoutMs);
  }
}

/**
 * The instance keeps the function's whole timeout, since that is what it tells the caller; where a fault has used up some of
 * it, the deadline comes first.
 */
function runUntil(
  clock: Clock,
  deadline: number,
  instance: Instance,
  work: Work,
  timeoutMs: number,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const left = Math.max(0, deadline - clock.monotonic());
    const timer = clock.after(left, () => {
      // Under a debugger nothing times out; when it leaves, the instance counts anew.
      if (!instance.held) resolve(instance.expire(work.requestId, timeoutMs));
    });
    void instance.run(work, timeoutMs).then((result) => {
      timer.cancel();
      resolve(result);
    });
  });
}

/** True after `ms`, false once `signal` is aborted. @throws DeadlinePassed when `deadline` (monotonic ms) comes first */
function waitUntil(clock: Clock, ms: number, deadline: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(false);
    const left = deadline - clock.monotonic();
    const aborted = (): void => {
      timer.cancel();
      resolve(false);
    };
    const timer = clock.after(Math.min(ms, Math.max(0, left)), () => {
      signal.removeEventListener('abort', aborted);
      if (ms < left) resolve(true);
      else reject(new DeadlinePassed());
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}
