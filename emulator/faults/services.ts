import type { Clock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { Closable, FaultService, FaultServices } from './types.js';

/*
 * What kinds of faults share while the emulator runs, as a proxy or a listener. One file exports the service as a constant; a
 * kind opens it in `prepare`, uses it by `context.service`, and the engine closes it when the emulator ends:
 *
 *   prepare: async (services) => void (await services.open(proxy)),
 *   effect: (params, context) => ({ type: 'proxy', port: context.service(proxy).port, … }),
 */

interface Opened {
  readonly opening: Promise<Closable>;
  opened?: Closable;
}

export class Services implements FaultServices {
  readonly #all = new Map<FaultService<Closable>, Opened>();
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: (message: string) => void,
  ) {}

  /** @throws what the service throws when it cannot be opened; it is tried again the next time. STOPPING once closed */
  async open<T extends Closable>(service: FaultService<T>): Promise<T> {
    if (this.#closed) throw new FaultlineError('STOPPING', 'The emulator is stopping');
    const known = this.#all.get(service);
    if (known) return (await known.opening) as T;
    const opening = service.open({ clock: this.clock, log: this.log });
    const entry: Opened = { opening };
    this.#all.set(service, entry);
    try {
      const opened = await opening;
      if (this.#closed) opened.close();
      entry.opened = opened;
      return opened;
    } catch (error) {
      this.#all.delete(service);
      throw error;
    }
  }

  use<T extends Closable>(service: FaultService<T>): T {
    const opened = this.#all.get(service)?.opened;
    if (opened === undefined) throw new FaultlineError('INTERNAL', `${service.name} has not been opened`);
    return opened as T;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { opened } of this.#all.values()) opened?.close();
  }
}
