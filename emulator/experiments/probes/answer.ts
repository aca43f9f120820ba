import type { Probe } from '../../contract/experiment.js';
import { conditionOf, conditionText, stepsOf, valueAt, type Condition } from '../../value-match.js';
import type { ProbeOutcome } from './types.js';

/** What an answer must be, for the types of probe that get one. */

export interface ProbeAnswer {
  readonly status?: number;
  readonly headers?: Headers;
  readonly text: string;
  readonly exitCode?: number;
  readonly ms: number;
}

interface Demand {
  readonly words: string;
  readonly holds: (answer: ProbeAnswer) => boolean;
  /** What the answer has there, in words. */
  readonly saw: (answer: ProbeAnswer) => string;
}

export interface Demands {
  readonly words: string;
  check(answer: ProbeAnswer): ProbeOutcome;
}

const SHOWN = 80;

/** @param fallback what must hold when nothing is expected @throws FaultlineError EXPERIMENT_INVALID */
export function demandsOf(expect: Probe['expect'], fallback: NonNullable<Probe['expect']>): Demands {
  const given = expect && Object.keys(expect).length > 0 ? expect : fallback;
  const demands = [...plain(given), ...matched(given)];
  return {
    words: demands.map(({ words }) => words).join(', '),
    check(answer) {
      const failed = demands.filter(({ holds }) => !holds(answer));
      const told = failed.length > 0 ? failed : demands;
      return { passed: failed.length === 0, measured: told.map(({ saw }) => saw(answer)).join(', ') };
    },
  };
}

function plain({ status, exitCode, maxMs }: NonNullable<Probe['expect']>): Demand[] {
  const allowed = status === undefined ? [] : [status].flat();
  return [
    ...(allowed.length > 0
      ? [
          demand(
            `status ${allowed.join(' or ')}`,
            (a) => allowed.includes(a.status ?? 0),
            (a) => String(a.status),
          ),
        ]
      : []),
    ...(exitCode === undefined
      ? []
      : [
          demand(
            `exit code ${exitCode}`,
            (a) => a.exitCode === exitCode,
            (a) => `exit code ${a.exitCode}`,
          ),
        ]),
    ...(maxMs === undefined
      ? []
      : [
          demand(
            `within ${maxMs} ms`,
            (a) => a.ms <= maxMs,
            (a) => `${Math.round(a.ms)} ms`,
          ),
        ]),
  ];
}

function matched({ headers = {}, body = {}, text, stdout }: NonNullable<Probe['expect']>): Demand[] {
  const value = (
    at: string,
    match: Parameters<typeof conditionOf>[0],
    read: (answer: ProbeAnswer) => unknown,
    key: string,
  ) => {
    const condition: Condition = conditionOf(match, key, 'EXPERIMENT_INVALID');
    return demand(
      `${at} ${conditionText(match)}`,
      (a) => condition(read(a)),
      (a) => `${at} ${shown(read(a))}`,
    );
  };
  return [
    ...Object.entries(headers).map(([name, match]) =>
      value(`header ${name}`, match, (a) => a.headers?.get(name) ?? undefined, `expect.headers.${name}`),
    ),
    ...Object.entries(body).map(([path, match]) => {
      const steps = stepsOf(path, 'expect.body', 'EXPERIMENT_INVALID');
      return value(path, match, (a) => valueAt(parsed(a.text), steps), `expect.body.${path}`);
    }),
    ...(text === undefined ? [] : [value('text', text, (a) => a.text, 'expect.text')]),
    ...(stdout === undefined ? [] : [value('stdout', stdout, (a) => a.text.trim(), 'expect.stdout')]),
  ];
}

const demand = (words: string, holds: Demand['holds'], saw: Demand['saw']): Demand => ({ words, holds, saw });

function shown(value: unknown): string {
  if (value === undefined) return 'is not there';
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
