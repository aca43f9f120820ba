import { AssertionError } from 'node:assert';
import type { FaultSpec } from './contract/faults.js';
import type { Emulator, InvokeResult } from './contract/library.js';
import type { InvocationRecord } from './contract/records.js';
import { hitBy, type WhichFault } from './experiments/survival/hit.js';
import type { RecoverOptions, SurviveOptions } from './experiments/survival/options.js';
import { recover, survive } from './experiments/survival/survive.js';
import type { Judged, Recovery, Survival } from './experiments/survival/types.js';

/**
 * Tests that break things, in the words of a test runner: `import { faultlineMatchers } from 'faultline/matchers'`, then
 * `expect.extend(faultlineMatchers)` in vitest and jest; the assertions below for mocha, node:test and everything else.
 * Nothing here needs a test runner to be installed.
 */

export type { WhichFault } from './experiments/survival/hit.js';
export type { CallOptions, RecoverOptions, SurviveOptions } from './experiments/survival/options.js';
export type { Answered, Fired, Recovery, Survival } from './experiments/survival/types.js';

type Faults = FaultSpec | readonly FaultSpec[];

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

const matched = ({ pass, message }: Judged<unknown>): MatcherResult => ({ pass, message: () => message });

/** For `expect.extend`, of vitest and of jest. */
export const faultlineMatchers = {
  toSurvive: async (emulator: unknown, fault: Faults, options: SurviveOptions): Promise<MatcherResult> =>
    matched(await survive(emulator, fault, options)),
  toRecover: async (emulator: unknown, fault: Faults, options: RecoverOptions): Promise<MatcherResult> =>
    matched(await recover(emulator, fault, options)),
  toBeHitBy: (invocation: unknown, fault: WhichFault): MatcherResult => matched(hitBy(invocation, fault)),
};

/** What `expect` can do then. @typeParam R what the runner's matchers give */
export interface FaultlineMatchers<R = void> {
  /**
   * Makes the calls while the faults are on, and passes when every answer holds: status below 500, within the timeout of
   * the function. A fault that never fires fails it, `.not` or not. Afterwards the faults are gone, whatever happened.
   */
  toSurvive(fault: Faults, options: SurviveOptions): Promise<R>;
  /** Makes the calls while the faults are on, takes the faults away, and passes when three answers in a row hold in time. */
  toRecover(fault: Faults, options: RecoverOptions): Promise<R>;
  /** Of a result of `emulator.invoke()` or a record: whether this fault, or one of this kind, hit it. */
  toBeHitBy(fault: WhichFault): R;
}

/**
 * `toSurvive` as a function.
 * @returns what the caller saw and what the faults did
 * @throws AssertionError when an answer did not hold
 * @throws NothingProved when a fault never fired, or all was not well to begin with
 * @throws FaultlineError USAGE, FAULT_INVALID, FUNCTION_NOT_FOUND for wrong options or a wrong fault
 */
export async function assertSurvives(emulator: Emulator, fault: Faults, options: SurviveOptions): Promise<Survival> {
  return asserted(await survive(emulator, fault, options), assertSurvives);
}

/** `toRecover` as a function. @throws as `assertSurvives` */
export async function assertRecovers(emulator: Emulator, fault: Faults, options: RecoverOptions): Promise<Recovery> {
  return asserted(await recover(emulator, fault, options), assertRecovers);
}

/** `toBeHitBy` as a function. @throws AssertionError; FaultlineError USAGE for what is no invocation */
export function assertHitBy(invocation: InvokeResult | InvocationRecord, fault: WhichFault): void {
  asserted(hitBy(invocation, fault), assertHitBy);
}

function asserted<T>({ pass, message, result }: Judged<T>, caller: unknown): T {
  if (pass) return result;
  throw new AssertionError({
    message,
    operator: (caller as { name: string }).name,
    stackStartFn: caller as () => void,
  });
}

// What runners declare of their own. Where one is not installed, there is nothing to add to, and nothing is missed.

/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-namespace, @typescript-eslint/no-explicit-any,
   @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- the names and parameters are the runners' own */

/** @ts-ignore -- only where vitest is installed */
declare module 'vitest' {
  interface Matchers<T = any> extends FaultlineMatchers {}
}

/** @ts-ignore -- only where jest is: what `@jest/globals` gives */
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends FaultlineMatchers<R> {}
}

declare global {
  /** What `@types/jest` gives. */
  namespace jest {
    interface Matchers<R, T = {}> extends FaultlineMatchers<R> {}
  }
}
