import type { ExperimentResult } from '../../contract/experiment.js';
import type { Reporter, ReportTarget } from '../types.js';
import { checkTitle, notFired, replayCommand, shownPath } from './words.js';

/** JUnit XML as CI servers read it: a test suite an experiment, a test case a check, and one a fault: did it fire. */
export const junit: Reporter = {
  summary: 'JUnit XML, for CI servers',
  open: (target) => ({ end: (results) => target.write(document(results, target)) }),
};

interface Case {
  readonly name: string;
  /** Present when it did not pass. */
  readonly problem?: { readonly tag: 'failure' | 'error'; readonly message: string };
}

function casesOf(result: ExperimentResult): Case[] {
  const checks = result.checks.map((check): Case => {
    const name = checkTitle(check);
    if (check.passed) return { name };
    return { name, problem: { tag: 'failure', message: `expected ${check.expectation}, measured ${check.measured}` } };
  });
  // Whether a fault fired is known once the faults were on.
  const broken = result.phases.some(({ phase }) => phase === 'during') ? result.faults : [];
  const faults = broken.map((fault): Case => {
    const name = `fault ${fault.id} fires (${fault.summary})`;
    const message = notFired(fault, result.faults);
    return message === undefined ? { name } : { name, problem: { tag: 'failure', message } };
  });
  const { error } = result;
  if (!error) return [...checks, ...faults];
  const message = [error.message, error.hint].filter(Boolean).join(' ');
  return [...checks, ...faults, { name: 'the experiment runs', problem: { tag: 'error', message } }];
}

function suite(result: ExperimentResult, target: ReportTarget): string {
  const cases = casesOf(result);
  const time = (result.durationMs / 1_000).toFixed(3);
  const file = shownPath(result.file, target.cwd);
  return [
    `  <testsuite ${attributes({ name: result.title, file, time, ...totals(cases) })}>`,
    '    <properties>',
    `      <property ${attributes({ name: 'seed', value: result.seed })}/>`,
    `      <property ${attributes({ name: 'replay', value: replayCommand(result, target.cwd) })}/>`,
    `      <property ${attributes({ name: 'verdict', value: result.verdict })}/>`,
    ...(result.flaky ? [`      <property ${attributes({ name: 'flaky', value: 'true' })}/>`] : []),
    '    </properties>',
    ...cases.map((one) => testCase(one, result.title, file)),
    '  </testsuite>',
  ].join('\n');
}

function testCase({ name, problem }: Case, classname: string, file: string): string {
  const head = `    <testcase ${attributes({ name, classname, file })}`;
  if (!problem) return `${head}/>`;
  return `${head}>\n      <${problem.tag} ${attributes({ message: problem.message })}/>\n    </testcase>`;
}

function totals(cases: readonly Case[]): { tests: number; failures: number; errors: number } {
  const count = (tag: string): number => cases.filter(({ problem }) => problem?.tag === tag).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error') };
}

function document(results: readonly ExperimentResult[], target: ReportTarget): string {
  const all = totals(results.flatMap(casesOf));
  const time = (results.reduce((sum, result) => sum + result.durationMs, 0) / 1_000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'faultline', time, ...all })}>`,
    ...results.map((result) => suite(result, target)),
    '</testsuites>',
    '',
  ].join('\n');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}="${escapeXml(String(value))}"`)
    .join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Unescaped, a parser turns these into spaces (XML 1.0, 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as an attribute's value. Characters that XML 1.0 has no way to write (2.2) become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are the characters that must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? character)
  );
}
