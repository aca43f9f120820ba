import { METRIC_EXPRESSION } from '../../contract/probes.js';
import type { ProbeKind } from './types.js';

/** A metric of the emulator compared with a number: Prometheus text exposition format 0.0.4. */

const COMPARE = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
};

export const metric: ProbeKind = ({ metric: expression = '' }) => {
  const [, name = '', labels = '', operator = '<', limit = '0'] = METRIC_EXPRESSION.exec(expression) ?? [];
  const wanted = matchersOf(labels);
  const holds = COMPARE[operator as keyof typeof COMPARE];
  return {
    expectation: expression.trim(),
    async run({ emulator }) {
      const value = sumOf(await emulator.metrics(), name, wanted);
      if (value === undefined) return { passed: false, measured: `there is no metric ${name}` };
      return { passed: holds(value, Number(limit)), measured: String(Math.round(value * 1_000) / 1_000) };
    },
  };
};

type Matcher = readonly [label: string, holds: (value: string) => boolean];

function matchersOf(text: string): Matcher[] {
  return [...text.matchAll(/([a-zA-Z_]\w*)\s*(=~?)\s*"((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', operator, raw = '']) => {
      const value = unescaped(raw);
      const pattern = operator === '=~' ? new RegExp(`^(?:${value})$`, 'u') : undefined;
      return [label, (there: string) => pattern?.test(there) ?? there === value];
    },
  );
}

/**
 * All series of the metric that have these labels, added up. A metric that is known and has no such series yet is 0.
 * @returns undefined when there is no such metric
 */
export function sumOf(text: string, name: string, wanted: readonly Matcher[]): number | undefined {
  let sum: number | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith(`# TYPE ${name} `)) sum ??= 0;
    if (!line.startsWith(name)) continue;
    const match = /^([\w:]+)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (match?.[1] !== name) continue;
    const labels = new Map(
      [...(match[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [
        key,
        unescaped(value),
      ]),
    );
    sum ??= 0;
    if (wanted.every(([label, holds]) => holds(labels.get(label) ?? ''))) sum += Number(match[3]);
  }
  return sum;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
