import type { InvocationSource } from '../contract/records.js';

/** Invocations whose retries are still expected; a retry later than that is drawn by its own number. */
const REMEMBERED = 10_000;

const RETRIED: ReadonlySet<InvocationSource> = new Set([
  'sdk-async',
  'schedule',
  'queue',
  'destination',
  'editor',
  'experiment',
  'library',
] satisfies InvocationSource[]);

/**
 * The number of an invocation's first attempt, which its retries are drawn by too: when they come, and between which others,
 * is a matter of time, and must not shift what a seed decides.
 */
export class FirstNumbers {
  readonly #numbers = new Map<string, number>();

  /** @returns the number to draw by */
  numberOf(requestId: string, number: number, attempt: number, source: InvocationSource): number {
    if (!RETRIED.has(source)) return number;
    const first = this.#numbers.get(requestId);
    if (attempt > 1) return first ?? number;
    if (first === undefined && this.#numbers.size >= REMEMBERED) {
      const [oldest] = this.#numbers.keys();
      if (oldest !== undefined) this.#numbers.delete(oldest);
    }
    this.#numbers.set(requestId, number);
    return number;
  }
}
