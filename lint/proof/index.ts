import type { Finding } from '../../emulator/contract/findings.js';
import type { Proof } from '../../emulator/contract/proof.js';
import type { DeployedFunction } from '../deployment.js';
import { attemptOf } from './experiment.js';
import { shapes } from './shapes.js';

/** So many functions of a file are tried where nothing shows which of them a finding is about. */
const MAX_FUNCTIONS = 4;

/**
 * The experiment that would prove a finding: who is invoked, what is broken, and what would confirm it.
 * @param functions those whose handlers are in the finding's file
 * @param lines the file's, up to the one that the finding is on
 * @returns undefined for a rule that has no experiment
 */
export function proofOf(
  finding: Pick<Finding, 'rule' | 'dependency' | 'handler'>,
  functions: readonly DeployedFunction[],
  lines: readonly string[] = [],
): Proof | undefined {
  const shape = Object.hasOwn(shapes, finding.rule) ? shapes[finding.rule] : undefined;
  if (shape === undefined) return undefined;
  const handler = finding.handler ?? definedAround(lines, functions);
  const mine = functions.filter((each) => handler === undefined || each.export === handler).slice(0, MAX_FUNCTIONS);
  const [first] = mine;
  if (first === undefined) return { unprovable: whyNone(handler, functions), attempts: [] };
  const code = errorIn(lines.at(-1) ?? '');
  return {
    function: first.name,
    attempts: mine.flatMap((deployed) => shape.steps.map((step) => attemptOf(finding, deployed, shape, step, code))),
  };
}

/** Python: the handler whose body the last line is in. */
function definedAround(lines: readonly string[], functions: readonly DeployedFunction[]): string | undefined {
  const definition = lines.findLast((line) => /^(async\s+def|def|class)\s/.test(line));
  const name = /^(?:async\s+)?def\s+(\w+)/.exec(definition ?? '')?.[1];
  return functions.find((each) => each.export === name)?.export;
}

/** The error that a line looks for: `error.code === 'NoSuchKey'`, `error.statusCode === 404`. */
function errorIn(line: string): string | undefined {
  return /['"`]([A-Z][\w.]*)['"`]/.exec(line)?.[1] ?? /[=(]\s*([45]\d\d)\b/.exec(line)?.[1];
}

function whyNone(handler: string | undefined, functions: readonly DeployedFunction[]): string {
  return functions.length === 0
    ? 'no function of the configuration has its handler in this file'
    : `no function of the configuration calls ${handler ?? 'it'}`;
}
