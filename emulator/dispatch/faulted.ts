import type { Clock } from '../clock.js';
import type { FaultPlan } from '../faults/types.js';
import type { Instance, RunResult, Work } from '../instances/types.js';

/** Thrown into a fault's delay when the function's timeout passes first. */
class DeadlinePassed extends Error {}

/** Lambda's own words for a timeout [FACTS section 3]: the function's whole timeout, two decimals. */
export function timedOut(requestId: string, timeoutMs: number): RunResult {
  const message = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
  const type = 'Sandbox.Timedout';
  const payload = Buffer.from(JSON.stringify({ errorType: type, errorMessage: message }));
  return { ok: false, kind: 'timeout', type, message, payload };
}

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
    const result = await instance.run(work, Math.max(1, deadline - clock.monotonic()));
    // The instance only knows what was left of the timeout; the caller is told the whole.
    inner = !result.ok && result.kind === 'timeout' ? timedOut(work.requestId, timeoutMs) : result;
    return inner;
  };
  try {
    return await plan.run((ms, signal) => waitUntil(clock, ms, deadline, signal), next);
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    // The process is gone already: that is how the invocation ended, the delay behind it changes nothing.
    if (inner && !inner.ok && (inner.kind === 'timeout' || inner.kind === 'exit')) return inner;
    return instance.expire(work.requestId, timeoutMs);
  }
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
