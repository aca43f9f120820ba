import type { Checked } from './options.js';
import { inMs, statusHolds, type Caller } from './calls.js';
import type { Answered, Fired, Recovery, Survival } from './types.js';

/** What a matcher says: what was expected, what the caller saw, which fault fired how often, and how to repeat it. */

/** Different answers that a message lists. */
const LISTED = 5;

export const callInWords = ({ target }: Checked): string => target.request ?? `invocations of ${target.invoke ?? ''}`;

const faultsInWords = (faults: readonly Fired[]): string => faults.map(({ id }) => id).join(' and ');

export function survivalMessage(options: Checked, caller: Caller, { answers, faults, seed }: Survival): string {
  const bad = answers.filter(({ held }) => !held);
  const verdict =
    bad.length === 0
      ? `all ${String(answers.length)} answers held (${caller.expectation})`
      : `${String(bad.length)} of ${String(answers.length)} answers did not hold (${caller.expectation})`;
  const not = bad.length === 0 ? ' not' : '';
  return [
    `expected ${callInWords(options)}${not} to survive ${faultsInWords(faults)}: ${verdict}`,
    '',
    'the caller saw',
    ...grouped(answers, options, caller),
    '',
    ...faultLines(faults),
    seedLine(seed),
  ].join('\n');
}

export function recoveryMessage(options: Checked, caller: Caller, allowedMs: number, recovery: Recovery): string {
  const { recoveredMs, faults, after, seed } = recovery;
  const call = callInWords(options);
  const verdict =
    recoveredMs === undefined
      ? `expected ${call} to recover from ${faultsInWords(faults)} within ${inMs(allowedMs)}: the answers did not hold (${caller.expectation})`
      : `expected ${call} not to recover from ${faultsInWords(faults)} within ${inMs(allowedMs)}: the answers held after ${inMs(recoveredMs)}`;
  return [
    verdict,
    '',
    'after the fault the caller saw',
    ...grouped(after, options, caller),
    '',
    ...faultLines(faults),
    seedLine(seed),
  ].join('\n');
}

export function unwellMessage(options: Checked, { status, detail }: Answered): string {
  const saw = [String(status), detail].filter(Boolean).join(': ');
  return `${callInWords(options)} was not well before anything was broken, so nothing was: the caller saw ${saw}`;
}

/** Whatever the answers were: without the fault they prove nothing. */
export function vacuousMessage(options: Checked, faults: readonly Fired[], seed: string): string {
  const idle = faults.filter(({ injected }) => injected === 0);
  return [
    `${faultsInWords(idle)} never fired while ${callInWords(options)} was called: what passed without it proves nothing`,
    '',
    ...faultLines(faults),
    ...idle.map(({ id, matched }) =>
      matched === 0
        ? `${id} matched no invocation: look at its function and match`
        : `${id} hit none of them: its share or pick left them alone, or the code never did what it breaks`,
    ),
    seedLine(seed),
  ].join('\n');
}

const invocations = (count: number): string => `${String(count)} ${count === 1 ? 'invocation' : 'invocations'}`;
const times = (count: number): string => (count === 1 ? 'once' : `${String(count)} times`);

function faultLines(faults: readonly Fired[]): string[] {
  return faults.flatMap(({ id, summary, matched, injected, seen, ...fault }) => {
    const on = fault.function === undefined ? '' : ` on ${fault.function}`;
    const fired = injected === 0 ? 'never fired' : `fired ${times(injected)}`;
    return [
      `${id}${on} (${summary}) ${fired}, of ${invocations(matched)} that matched`,
      ...seen.map((words) => `  ${words}`),
    ];
  });
}

const seedLine = (seed: string): string =>
  `seed ${seed}: startEmulator({ seed: ${JSON.stringify(seed)} }) and the same calls draw the same faults`;

/** `  500 × 4  {"message":"Internal Server Error"}`: equal sights on one line, those that did not hold first. */
function grouped(answers: readonly Answered[], { status: allowed }: Checked, { withinMs }: Caller): string[] {
  const groups = new Map<string, { bad: boolean; late: boolean; all: Answered[] }>();
  for (const answer of answers) {
    const late = answer.latencyMs > withinMs;
    const bad = !answer.held;
    const key = `${String(answer.status)} ${String(late)}`;
    const group = groups.get(key) ?? { bad, late, all: [] };
    group.all.push(answer);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => Number(b.bad) - Number(a.bad) || b.all.length - a.all.length);
  const lines = sorted.slice(0, LISTED).map(({ bad, late, all }) => {
    const [first] = all;
    if (!first) return '';
    const slowest = inMs(Math.max(...all.map(({ latencyMs }) => latencyMs)));
    const when = late ? ` after up to ${slowest}` : '';
    const detail = bad && !statusHolds(first, allowed) && first.detail !== '' ? `  ${first.detail}` : '';
    return `  ${bad ? '✗' : '✓'} ${String(first.status)} × ${String(all.length)}${when}${detail}`;
  });
  return sorted.length > LISTED ? [...lines, `  and ${String(sorted.length - LISTED)} more kinds`] : lines;
}
