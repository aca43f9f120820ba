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
