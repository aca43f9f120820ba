import type { Check, Phase, Probe } from '../../contract/experiment.js';
import { compileProbe } from './index.js';
import type { ProbeContext } from './types.js';

/**
 * Makes one probe. Never rejects, and never takes longer than its timeout: one that hangs is a check that failed.
 * @param signal of the run
 */
export async function runProbe(
  probe: Probe,
  phase: Phase,
  context: Omit<ProbeContext, 'signal'>,
  signal: AbortSignal,
): Promise<Check> {
  const { expectation, run } = compileProbe(probe);
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  let timer: { cancel(): void } | undefined;
  const late = new Promise<{ passed: boolean; measured: string }>((resolve) => {
    timer = context.clock.after(probe.timeout, () => {
      resolve({ passed: false, measured: `no answer within ${probe.timeout} ms` });
      end();
    });
    over.signal.addEventListener('abort', () => resolve({ passed: false, measured: 'the run ended first' }), {
      once: true,
    });
  });
  if (signal.aborted) end();
  const outcome = run({ ...context, signal: over.signal }).catch((error: unknown) => ({
    passed: false,
    measured: messageOf(error),
  }));
  const { passed, measured } = await Promise.race([late, outcome]);
  timer?.cancel();
  signal.removeEventListener('abort', end);
  // What still runs of it ends: a request that nobody waits for, a process.
  end();
  const name = probe.name === undefined ? expectation : `${probe.name} (${expectation})`;
  return { phase, type: 'probe', expectation: `probe ${name}`, measured, passed };
}

/** fetch says only that it failed; why is in its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
