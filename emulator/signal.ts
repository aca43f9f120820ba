import { setMaxListeners } from 'node:events';

/** Something that happened; listeners are told, nothing is kept. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly fire = (value: T): void => {
    for (const listener of this.#listeners) listener(value);
  };

  /** @returns stop listening */
  readonly on = (listener: (value: T) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** One whose signal many wait for at the same time; Node would warn of a leak from the eleventh on. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
