import type { ProofAttempt, ProofOutcome } from '../../contract/proof.js';
import type { InvocationDetail } from '../../contract/records.js';

/** What an invocation showed, in the words of proofs. */

/** What the runtimes write when something ends the process that nobody caught. */
const UNCAUGHT = /\t?Uncaught Exception\b|Unhandled Promise Rejection|Runtime\.UnhandledPromiseRejection/;

/** @returns empty for one that says nothing about the handler: it did not load, or was not let in */
export function outcomesOf(
  record: InvocationDetail,
  { caller, limitMs }: Pick<ProofAttempt, 'caller' | 'limitMs'>,
): ReadonlySet<ProofOutcome> {
  const late: ProofOutcome[] = limitMs !== undefined && record.durationMs > limitMs ? ['too-late'] : [];
  return new Set([...late, ...(record.error ? failures(record) : answers(record, caller))]);
}

function failures({ error, log }: InvocationDetail): ProofOutcome[] {
  switch (error?.kind) {
    case 'timeout':
      return ['timeout'];
    case 'exit':
      return ['exit'];
    case 'response':
      return ['bad-answer'];
    case 'function':
      return UNCAUGHT.test(`${error.type}\n${log.join('\n')}`) ? ['exit'] : ['error'];
    default:
      return [];
  }
}

function answers({ payload }: InvocationDetail, caller: ProofAttempt['caller']): ProofOutcome[] {
  const result = parsed(payload);
  const empty: ProofOutcome[] = result === null || result === undefined ? ['empty'] : [];
  if (caller === 'event') return [...empty, partlyFailed(result) ? 'reported' : 'success'];
  const status = statusOf(result);
  if (status === undefined) return [...empty, 'bad-answer', 'success'];
  return [status < 400 ? 'success' : status < 500 ? 'client-error' : 'server-error'];
}

/** The status that a proxy answer has; undefined for what is none. */
export function statusOf(result: unknown): number | undefined {
  const code = Number((result as { statusCode?: unknown } | null | undefined)?.statusCode);
  return Number.isInteger(code) && code >= 100 && code <= 599 ? code : undefined;
}

/** A batch that names what is to be delivered again. */
function partlyFailed(result: unknown): boolean {
  const failed = (result as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  return Array.isArray(failed) && failed.length > 0;
}

export function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}
