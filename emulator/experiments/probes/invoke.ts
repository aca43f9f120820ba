import { statusOf } from '../target.js';
import { demandsOf } from './answer.js';
import type { ProbeKind } from './types.js';

/** One invocation; a function error is never well. */
export const invoke: ProbeKind = ({ invoke: name = '', event, expect }) => {
  const demands = demandsOf(expect, {});
  return {
    expectation: `invoke ${name}: ${demands.words || 'no error'}`,
    async run({ emulator, clock }) {
      const from = clock.monotonic();
      const { ok, payload } = await emulator.invoke(name, event ?? {});
      if (!ok) return { passed: false, measured: `function error ${errorOf(payload)}` };
      const text = JSON.stringify(payload) ?? 'null';
      const outcome = demands.check({ status: statusOf(payload), text, ms: clock.monotonic() - from });
      return { ...outcome, measured: outcome.measured || 'no error' };
    },
  };
};

function errorOf(payload: unknown): string {
  const { errorType, errorMessage } = (payload ?? {}) as {
    readonly errorType?: string;
    readonly errorMessage?: string;
  };
  return [errorType, errorMessage].filter(Boolean).join(': ');
}
