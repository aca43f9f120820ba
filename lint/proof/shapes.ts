import type { ProofOutcome } from '../../emulator/contract/proof.js';
import type { Dependency } from '../../emulator/contract/findings.js';
import type { DeployedFunction } from '../deployment.js';
import { badBody, expectedError, failing, hanging, nothing, resetting, serverError, type Broken } from './faults.js';
import { bareTarget, brokenTarget, usualTarget } from './targets.js';

/** What each rule says will happen, as experiments: the one place that knows rules by name. */

/** @param code the error that the code of the finding looks for, where it shows */
type Break = (name: string, dependency?: Partial<Dependency>, code?: string) => Broken;
type Target = ReturnType<typeof usualTarget>;

/** What code that is well shows instead; becomes the `during` of the experiment. */
export type Expected = 'in-time' | 'within-gateway' | 'no-error' | 'failure-shown' | 'well-formed';

export interface Step {
  readonly break: Break;
  readonly target?: (deployed: DeployedFunction) => Target;
  /** In the place of what `break` says. */
  readonly breaks?: string;
  /** How many invocations, one a second: what an earlier one left behind shows in the next. */
  readonly invocations?: number;
}

export interface Shape {
  /** Made in this order until one confirms. */
  readonly steps: readonly Step[];
  readonly confirmedBy: readonly ProofOutcome[];
  /** In its place where the code does not show which error it looks for. */
  readonly withoutCode?: readonly ProofOutcome[];
  readonly expected: Expected;
  /** The rule is about functions that nobody waits for, whatever else calls them. */
  readonly asEvent?: true;
}

const serverFails: Break = (name, to) => serverError(name, to);
const step = (how: Break, rest: Omit<Step, 'break'> = {}): Step => ({ break: how, ...rest });
const fails = step(failing);
const plain = step(nothing, { breaks: 'it was invoked as usual and nothing was broken' });
const bare = step(nothing, { target: bareTarget, breaks: 'it was invoked without a body' });
const broken = step(nothing, { target: brokenTarget, breaks: 'it was invoked with a body that is not JSON' });

const hangs: Shape = { steps: [step(hanging)], confirmedBy: ['timeout'], expected: 'in-time' };

/** By the id of the rule. A rule that is missing has no experiment. */
export const shapes: Readonly<Record<string, Shape>> = {
  'missing-timeout': hangs,
  'ineffective-timeout': hangs,
  'aws-client-default': hangs,
  'timeout-exceeds-function': hangs,
  'timeout-budget': hangs,
  'gateway-cap': { steps: [step(hanging)], confirmedBy: ['too-late'], expected: 'within-gateway' },
  'unhandled-io': { steps: [fails], confirmedBy: ['error', 'exit'], expected: 'no-error' },
  'unsafe-parse': { steps: [broken, step(badBody), bare], confirmedBy: ['error', 'exit'], expected: 'no-error' },
  'swallowed-error': { steps: [fails], confirmedBy: ['success'], expected: 'failure-shown' },
  'status-from-async-source': {
    steps: [fails],
    confirmedBy: ['success'],
    expected: 'failure-shown',
    asEvent: true,
  },
  'throw-in-callback': {
    steps: [fails, step(badBody), broken, plain],
    confirmedBy: ['exit', 'timeout'],
    expected: 'no-error',
  },
  'floating-promise': {
    steps: [step(failing, { invocations: 2 })],
    confirmedBy: ['success', 'exit'],
    expected: 'failure-shown',
  },
  'callback-misuse': {
    steps: [plain, fails],
    confirmedBy: ['empty', 'bad-answer', 'timeout', 'exit'],
    expected: 'well-formed',
  },
  'callback-error-ignored': { steps: [fails], confirmedBy: ['success', 'exit'], expected: 'failure-shown' },
  'proxy-callback-error': { steps: [fails, broken, bare], confirmedBy: ['error'], expected: 'no-error' },
  'response-shape': { steps: [plain, fails, bare], confirmedBy: ['bad-answer'], expected: 'well-formed' },
  'sdk-v3-error-shape': {
    steps: [step(expectedError)],
    confirmedBy: ['error', 'bad-answer', 'server-error'],
    withoutCode: ['bad-answer'],
    expected: 'no-error',
  },
  'emitter-error': { steps: [step(resetting), fails], confirmedBy: ['exit', 'timeout'], expected: 'no-error' },
  'process-exit': { steps: [plain, fails, bare], confirmedBy: ['exit'], expected: 'no-error' },
  'except-or': {
    steps: [fails, step(serverFails), step(badBody), broken, step(hanging)],
    confirmedBy: ['error'],
    expected: 'no-error',
  },
};
