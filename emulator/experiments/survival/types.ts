/** What the matchers measure, and hand to tests that want to look closer. */

/** One call, as its caller saw it. */
export interface Answered {
  /** `500`, `no answer` or `function error`. */
  readonly status: number | 'no answer' | 'function error';
  /** ms until the last byte of the answer. */
  readonly latencyMs: number;
  /** The beginning of the body, of the error, or why there was no answer; on one line. */
  readonly detail: string;
  /** Whether it is as the test asked. */
  readonly held: boolean;
}

/** What became of a fault. */
export interface Fired {
  readonly id: string;
  readonly kind: string;
  readonly function?: string;
  /** In words, from the kind. */
  readonly summary: string;
  readonly matched: number;
  readonly injected: number;
  /** Where it acted and what the code, or its caller, saw: `connect db:5432: ECONNREFUSED`; the most frequent first. */
  readonly seen: readonly string[];
}

/** How the calls went. */
export interface Survival {
  /** While the fault was on, in the order in which they were made. */
  readonly answers: readonly Answered[];
  readonly faults: readonly Fired[];
  /** The emulator's seed: the same one draws the same faults. */
  readonly seed: string;
}

export interface Recovery extends Survival {
  /** ms from when the fault was taken away until the first of the answers that held; undefined: none did in time. */
  readonly recoveredMs: number | undefined;
  /** The last answers after the fault, in order. */
  readonly after: readonly Answered[];
}

/** What a matcher comes to; the message reads well for either `pass`. */
export interface Judged<T> {
  readonly pass: boolean;
  readonly message: string;
  readonly result: T;
}
