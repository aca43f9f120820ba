import type { LogEvent } from '../contract/control.js';
import type { Emulator } from '../contract/library.js';

/** Lines that are kept; a probe that looks for one finds it among the last. */
const KEPT = 50_000;

/** What the functions print while a phase runs. */
export class LogWatch {
  #lines: LogEvent[] = [];
  readonly #stop = new AbortController();

  constructor(emulator: Pick<Emulator, 'events'>) {
    const onLog = (event: LogEvent): void => {
      this.#lines.push(event);
      if (this.#lines.length > 2 * KEPT) this.#lines = this.#lines.slice(-KEPT);
    };
    emulator.events({ onLog, signal: this.#stop.signal }).catch(() => undefined);
  }

  get lines(): readonly LogEvent[] {
    return this.#lines;
  }

  dispose(): void {
    this.#stop.abort();
  }
}
