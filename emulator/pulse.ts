import type { Clock, Timer } from './clock.js';
import { SNAPSHOT_INTERVAL_MS } from './contract/control.js';
import type { Snapshot } from './contract/snapshot.js';

/** Figures fade while nothing happens: as long as one is not zero, they are told again, ms. */
export const FADE_MS = 1_000;

/** Where changes come from, and what they lead to. */
export interface PulseSource {
  snapshot(): Snapshot;
  /** @returns stop */
  onChange(listener: () => void): () => void;
}

/**
 * Complete snapshots of what changes thousands of times a second, at most one every SNAPSHOT_INTERVAL_MS, the last change
 * always included:
 *
 *   change ──▶ interval over? ──yes──▶ snapshot
 *                   └─no──▶ one timer ──▶ snapshot
 */
export class Pulse {
  #lastAt = -Infinity;
  #pending: Timer | undefined;
  #fading: Timer | undefined;
  #release: (() => void) | undefined;

  constructor(
    private readonly source: PulseSource,
    private readonly clock: Clock,
    private readonly onSnapshot: (snapshot: Snapshot) => void,
  ) {}

  start(): void {
    this.#release ??= this.source.onChange(() => this.changed());
  }

  stop(): void {
    this.#release?.();
    this.#release = undefined;
    for (const timer of [this.#pending, this.#fading]) timer?.cancel();
    this.#pending = this.#fading = undefined;
  }

  /** A snapshot for one alone; the next for all comes an interval later. */
  take(): Snapshot {
    const snapshot = this.source.snapshot();
    this.#lastAt = this.clock.monotonic();
    this.#fading?.cancel();
    this.#fading = snapshot.functions.some(({ figures }) => figures.rate > 0)
      ? this.clock.after(FADE_MS, () => this.changed())
      : undefined;
    return snapshot;
  }

  /** Tells now what would have been told soon. */
  flush(): void {
    if (!this.#pending) return;
    this.#pending.cancel();
    this.#tell();
  }

  private changed(): void {
    if (this.#pending) return;
    const wait = this.#lastAt + SNAPSHOT_INTERVAL_MS - this.clock.monotonic();
    this.#pending = this.clock.after(wait, () => this.#tell());
  }

  #tell(): void {
    this.#pending = undefined;
    this.onSnapshot(this.take());
  }
}
