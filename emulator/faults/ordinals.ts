import type { FaultSubject } from './types.js';

/** What may be delivered again is remembered for so many others of its queue. */
const REMEMBERED = 10_000;

type Counted = Pick<FaultSubject, 'function' | 'queue' | 'number' | 'attempt'>;

/** One way in. */
interface Way {
  count: number;
  /** Ordinals of first deliveries, by number. */
  readonly firsts: Map<number, number>;
}

/**
 * What a pick counts: the invocations that match, in the order in which they came, each function and each of its queues by
 * itself. What is delivered again takes no place in that order, which time would shift: its nth delivery counts as the nth
 * from its first on. So `first: 2` has an event fail twice and succeed at its third attempt, whatever comes in between.
 */
export class Ordinals {
  readonly #ways = new Map<string, Way>();

  /** @returns from 1 */
  of({ function: name, queue, number, attempt }: Counted): number {
    const key = queue === undefined ? name : `${name} ${queue}`;
    let way = this.#ways.get(key);
    if (!way) this.#ways.set(key, (way = { count: 0, firsts: new Map() }));
    // What a caller waits for comes once.
    if (queue === undefined) return ++way.count;
    const known = way.firsts.get(number);
    if (known !== undefined) return known + attempt - 1;
    const ordinal = ++way.count;
    remember(way.firsts, number, ordinal - attempt + 1);
    return ordinal;
  }
}

function remember(firsts: Map<number, number>, number: number, ordinal: number): void {
  if (firsts.size >= REMEMBERED) {
    const [oldest] = firsts.keys();
    if (oldest !== undefined) firsts.delete(oldest);
  }
  firsts.set(number, ordinal);
}
