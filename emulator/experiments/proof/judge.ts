import type { ProofAttempt, ProofResult } from '../../contract/proof.js';
import type { InvocationDetail } from '../../contract/records.js';
import { outcomesOf, parsed, statusOf } from './outcomes.js';

/** Whether the invocations of an attempt confirm its finding, and the sentence that says why. */

type Judged = Pick<ProofResult, 'verdict' | 'text' | 'record'>;

/** @param own ids of the faults of the attempt */
export function judge(
  attempt: ProofAttempt,
  records: readonly InvocationDetail[],
  own: ReadonlySet<string>,
  timeoutMs: number,
): Judged {
  const [first] = records;
  if (first === undefined) return { verdict: 'inconclusive', text: 'the function was not reached' };
  const other = records.flatMap(({ faults }) => faults).find(({ fault }) => !own.has(fault));
  const unusable = records.find((record) => outcomesOf(record, attempt).size === 0);
  if (unusable) return inconclusive(unusable, `${happened(unusable, timeoutMs)}, so its code did not run`);
  if (other) return inconclusive(first, `was also hit by ${other.fault}, which is on in this emulator: clear it first`);
  // What was let go of in one invocation may be hit, and show, in the next.
  const hit = !attempt.needsHit || records.some(({ faults }) => faults.length > 0);
  if (!hit) {
    const text = `${happened(first, timeoutMs)}, and called nothing that could be broken`;
    return inconclusive(first, text);
  }
  const telling = records.find((record) => shows(record, attempt) && hitOr(record, records, attempt));
  if (telling) return { verdict: 'confirmed', text: told(attempt, telling, timeoutMs), record: telling };
  const seen = records.find(({ faults }) => faults.length > 0) ?? first;
  const text = told(attempt, seen, timeoutMs);
  if (attempt.onlyConfirms !== undefined)
    return { verdict: 'inconclusive', text: `${text}; but ${attempt.onlyConfirms}`, record: seen };
  return { verdict: 'refuted', text, record: seen };
}

function inconclusive(record: InvocationDetail, why: string): Judged {
  return { verdict: 'inconclusive', text: `function ${record.function} ${why}`, record };
}

const shows = (record: InvocationDetail, attempt: ProofAttempt): boolean => {
  const outcomes = outcomesOf(record, attempt);
  return attempt.confirmedBy.some((each) => outcomes.has(each));
};

/** It was hit itself, or what it left behind was. */
function hitOr(record: InvocationDetail, all: readonly InvocationDetail[], { needsHit }: ProofAttempt): boolean {
  return !needsHit || record.faults.length > 0 || all.length > 1;
}

function told(attempt: ProofAttempt, record: InvocationDetail, timeoutMs: number): string {
  return `while ${attempt.breaks}, ${record.function} ${happened(record, timeoutMs, attempt.caller)}`;
}

/** `answered 200 after 12 ms`, `was stopped at its timeout of 3 s`. */
function happened(record: InvocationDetail, timeoutMs: number, caller: ProofAttempt['caller'] = 'http'): string {
  const { error, durationMs } = record;
  const took = `after ${durationMs < 10_000 ? `${String(Math.round(durationMs))} ms` : `${String(Math.round(durationMs / 1_000))} s`}`;
  if (error === undefined && caller === 'event')
    return `ended without an error ${took} (it returned ${excerpt(record.payload)}), so it counts as done`;
  if (error === undefined) {
    const result = parsed(record.payload);
    const status = statusOf(result);
    return status === undefined ? `returned ${excerpt(record.payload)} ${took}` : `answered ${String(status)} ${took}`;
  }
  switch (error.kind) {
    case 'timeout':
      return `was stopped at its timeout of ${String(timeoutMs / 1_000)} s`;
    case 'exit':
      return `lost its process ${took}: ${oneLine(withoutId(error.message))}`;
    case 'init':
      return `did not load: ${oneLine(error.message)}`;
    case 'throttled':
      return `was not let in: ${oneLine(error.message)}`;
    case 'response':
      return `returned what cannot be sent: ${oneLine(error.message)}`;
    case 'function':
      return `failed ${took} with ${error.type}: ${oneLine(error.message)}`;
  }
}

/** Messages of the platform name the request; the record does. */
const withoutId = (text: string): string => text.replace(/^RequestId: \S+ (Error: )?/, '');

const EXCERPT = 100;

function excerpt(payload: string): string {
  if (payload === 'null' || payload === '') return 'nothing';
  return oneLine(payload);
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}
