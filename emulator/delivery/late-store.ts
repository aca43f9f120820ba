import { FaultlineError } from '../contract/errors.js';
import type { MessageStore } from './store.js';

interface Listener {
  readonly queue: string;
  readonly callback: () => void;
  end: (() => void) | undefined;
}

/** A store that is opened later than what stands on it is made; until then everything fails. */
export class LateStore implements MessageStore {
  #store: MessageStore | undefined;
  readonly #listeners = new Set<Listener>();

  readonly add: MessageStore['add'] = async (...given) => this.#opened().add(...given);
  readonly receive: MessageStore['receive'] = async (...given) => this.#opened().receive(...given);
  readonly remove: MessageStore['remove'] = async (...given) => this.#opened().remove(...given);
  readonly release: MessageStore['release'] = async (...given) => this.#opened().release(...given);
  readonly move: MessageStore['move'] = async (...given) => this.#opened().move(...given);
  readonly counts: MessageStore['counts'] = async (queue) => this.#opened().counts(queue);
  readonly purge: MessageStore['purge'] = async (queue) => this.#opened().purge(queue);
  readonly names: MessageStore['names'] = async () => this.#opened().names();

  get isOpen(): boolean {
    return this.#store !== undefined;
  }

  open(store: MessageStore): void {
    this.#store = store;
    for (const listener of this.#listeners) listener.end = store.onVisible(listener.queue, listener.callback);
  }

  onVisible(queue: string, callback: () => void): () => void {
    const listener: Listener = { queue, callback, end: this.#store?.onVisible(queue, callback) };
    this.#listeners.add(listener);
    return () => {
      listener.end?.();
      this.#listeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
  }

  #opened(): MessageStore {
    if (!this.#store) throw new FaultlineError('STORE_UNAVAILABLE', 'The store of events and messages is not open');
    return this.#store;
  }
}
