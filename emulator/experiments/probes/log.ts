import type { LogEvent } from '../../contract/control.js';
import { compiled } from '../../value-match.js';
import type { ProbeKind } from './types.js';

/** Lines of the functions' logs since the phase began. */
export const log: ProbeKind = ({ log: spec }) => {
  const { function: name, contains, regex, present = true } = spec ?? {};
  const expression = regex === undefined ? undefined : compiled(regex, 'log.regex', 'EXPERIMENT_INVALID');
  const what = contains === undefined ? `/${regex ?? ''}/` : `"${contains}"`;
  const of = name === undefined ? 'the log' : `the log of ${name}`;
  const found = ({ function: by, text }: LogEvent): boolean =>
    (name === undefined || glob(name).test(by)) && (expression?.test(text) ?? text.includes(contains ?? ''));
  return {
    expectation: present ? `${what} in ${of}` : `no ${what} in ${of}`,
    run: async ({ logs }) => {
      const lines = logs().filter(found).length;
      return { passed: present === lines > 0, measured: `${lines} ${lines === 1 ? 'line' : 'lines'}` };
    },
  };
};

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/\*+/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
