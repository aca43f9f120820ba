import type { Check, Expectation, PhaseFigures } from '../contract/experiment.js';

/** Expectations held against figures, in words. */

interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** One check for every expectation that the phase states. */
export function checksOf(expectation: Expectation, figures: PhaseFigures): Check[] {
  const { phase } = figures;
  const checks: Check[] = [];
  if (expectation.status !== undefined) checks.push(statusCheck([expectation.status].flat(), figures));
  if (expectation.errorShare) {
    const share = figures.requests === 0 ? 0 : figures.failed / figures.requests;
    checks.push({
      phase,
      expectation: inWords('error share', expectation.errorShare, percent),
      measured: `${percent(share)} (${figures.failed} of ${figures.requests})`,
      passed: within(expectation.errorShare, share),
    });
  }
  for (const name of ['p50', 'p95', 'p99'] as const) {
    const range = expectation[name];
    if (!range) continue;
    checks.push({
      phase,
      expectation: inWords(name, range, milliseconds),
      measured: milliseconds(figures[name]),
      passed: within(range, figures[name]),
    });
  }
  return checks;
}

function statusCheck(allowed: readonly number[], { phase, requests, statuses }: PhaseFigures): Check {
  const good = allowed.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  return {
    phase,
    expectation: `status ${allowed.join(' or ')}`,
    measured: statusesInWords(statuses),
    passed: requests > 0 && good === requests,
  };
}

/** `201 × 18, 500 × 2`, the most frequent first. */
export function statusesInWords(statuses: PhaseFigures['statuses']): string {
  const entries = Object.entries(statuses).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return entries.length === 0 ? 'no requests' : entries.map(([status, count]) => `${status} × ${count}`).join(', ');
}

function within({ min = -Infinity, max = Infinity }: Range, value: number): boolean {
  return value >= min && value <= max;
}

function inWords(name: string, { min, max }: Range, unit: (value: number) => string): string {
  if (min === undefined) return `${name} ≤ ${unit(max ?? 0)}`;
  if (max === undefined) return `${name} ≥ ${unit(min)}`;
  return `${unit(min)} ≤ ${name} ≤ ${unit(max)}`;
}

/** At most one decimal; the check itself is made on the exact value. */
const round = (value: number): string => String(Math.round(value * 10) / 10);
const milliseconds = (value: number): string => `${value < 10 ? round(value) : Math.round(value)} ms`;
const percent = (value: number): string => `${round(value * 100)} %`;
