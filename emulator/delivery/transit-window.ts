import type { Clock, Timer } from '../clock.js';
import type { DeliveryFault } from '../faults/types.js';

/** Something that waits until its window is full. */
interface Waiting<T> {
  readonly item: T;
  readonly fault: DeliveryFault;
  readonly draw: number;
}

/** What has come through a window. @property saw absent when it was alone in it */
export interface Reordered<T> {
  readonly item: T;
  readonly fault: DeliveryFault;
  readonly saw?: string;
}

/**
 * Collects what one fault is to reorder, and lets it go in the order of its draws: when the window is full, its time is over,
 * or the fault has ended. Draws may be in the order in which they came; then the first becomes the last.
 */
export class ReorderWindow<T> {
  #waiting: Waiting<T>[] = [];
  #timer: Timer | undefined;
  #unlisten: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly letGo: (items: readonly Reordered<T>[]) => void,
  ) {}

  /** @param size of the window @param maxMs how long the first waits for others */
  add(item: T, fault: DeliveryFault, { draw, window, maxMs }: { draw: number; window: number; maxMs: number }): void {
    if (this.#waiting.push({ item, fault, draw }) >= window) return this.#open();
    if (this.#waiting.length > 1) return;
    const open = (): void => this.#open();
    this.#timer = this.clock.after(maxMs, open);
    fault.ended.addEventListener('abort', open, { once: true });
    this.#unlisten = () => fault.ended.removeEventListener('abort', open);
  }

  /** Forgets what waits. */
  close(): void {
    this.#timer?.cancel();
    this.#unlisten();
    this.#waiting = [];
  }

  #open(): void {
    const waiting = this.#waiting;
    this.close();
    this.letGo(reordered(waiting));
  }
}

function reordered<T>(waiting: readonly Waiting<T>[]): readonly Reordered<T>[] {
  if (waiting.length < 2) return waiting;
  const sorted = waiting
    .map((each, place) => ({ ...each, place }))
    .sort((a, b) => a.draw - b.draw || a.place - b.place);
  const [first, ...others] = sorted;
  const mixed = first && sorted.every(({ place }, i) => place === i) ? [...others, first] : sorted;
  const of = String(mixed.length);
  return mixed.map(({ item, fault, place }, i) => ({
    item,
    fault,
    saw: `place ${String(i + 1)} of ${of} instead of ${String(place + 1)}`,
  }));
}
