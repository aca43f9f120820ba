import type { Finding } from '../../emulator/contract/findings.js';
import type { Proof } from '../../emulator/contract/proof.js';
import type { DeployedFunction } from '../deployment.js';
import { attemptOf } from './experiment.js';
import { shapes } from './shapes.js';

/**
 * The experiment that would prove a finding: who is invoked, what is broken, and what would confirm it.
 * @param functions those whose handlers are in the finding's file
 * @param line the text of the line that it is on
 * @returns undefined for a rule that has no experiment
 */
export function proofOf(
  finding: Pick<Finding, 'rule' | 'dependency' | 'handler'>,
  functions: readonly DeployedFunction[],
  line = '',
): Proof | undefined {
  const shape = Object.hasOwn(shapes, finding.rule) ? shapes[finding.rule] : undefined;
  if (shape === undefined) return undefined;
  const deployed = functionOf(finding, functions);
  if (typeof deployed === 'string') return { unprovable: deployed, attempts: [] };
  return {
    function: deployed.name,
    attempts: shape.steps.map((step) => attemptOf(finding, deployed, shape, step, errorIn(line))),
  };
}

/** The error that a line looks for: `error.code === 'NoSuchKey'`, `error.statusCode === 404`. */
function errorIn(line: string): string | undefined {
  return /['"`]([A-Z][\w.]*)['"`]/.exec(line)?.[1] ?? /[=(]\s*([45]\d\d)\b/.exec(line)?.[1];
}

/** @returns why there is none, in words, where there is none */
function functionOf(
  { handler }: Pick<Finding, 'handler'>,
  functions: readonly DeployedFunction[],
): DeployedFunction | string {
  const mine = functions.filter((each) => handler === undefined || each.export === handler);
  const [first] = mine;
  if (first !== undefined) return first;
  return functions.length === 0
    ? 'no function of the configuration has its handler in this file'
    : `no function of the configuration calls ${handler ?? 'it'}`;
}
