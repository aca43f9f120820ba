import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { FaultlineError } from '../contract/errors.js';
import type { Clock, Timer } from '../clock.js';
import { HEARTBEAT_MS } from './events.js';
import type { ControlBackend } from './types.js';

/** The part of a response that a hold needs. */
export type HoldSink = Pick<ServerResponse, 'write' | 'end' | 'on'>;

interface Hold {
  readonly sink: HoldSink;
  readonly faults: Set<string>;
  heartbeat: Timer;
}

/**
 * Faults that live as long as who has set them: a controller keeps a connection open, and when that ends, in order or because
 * the controller was killed, its faults end too.
 */
export class Holds {
  readonly #open = new Map<string, Hold>();

  constructor(
    private readonly faults: Pick<ControlBackend['faults'], 'remove'>,
    private readonly clock: Clock,
  ) {}

  /** Begins a hold and tells its id, as a server-sent event. */
  begin(sink: HoldSink): void {
    const id = randomUUID();
    const beat = (): Timer =>
      this.clock.after(HEARTBEAT_MS, () => {
        sink.write(': heartbeat\n\n');
        hold.heartbeat = beat();
      });
    const hold: Hold = { sink, faults: new Set(), heartbeat: beat() };
    this.#open.set(id, hold);
    sink.on('close', () => this.#end(id));
    sink.on('error', () => this.#end(id));
    sink.write(`event: hold\ndata: ${JSON.stringify({ hold: id })}\n\n`);
  }

  /** @throws FaultlineError FAULT_INVALID when the hold is over */
  check(id: string): void {
    if (this.#open.has(id)) return;
    throw new FaultlineError('FAULT_INVALID', 'The hold that this fault is to live by is over', {
      hint: 'Open one with GET /api/hold, and keep the connection.',
      place: { key: 'hold' },
    });
  }

  /** The fault ends with the hold; at once when that is over already. */
  add(id: string, fault: string): void {
    const hold = this.#open.get(id);
    if (hold) hold.faults.add(fault);
    else this.#remove(fault);
  }

  /** Ends every hold, and the faults with them. */
  close(): void {
    for (const [id, { sink }] of [...this.#open]) {
      this.#end(id);
      sink.end();
    }
  }

  #end(id: string): void {
    const hold = this.#open.get(id);
    if (!hold) return;
    this.#open.delete(id);
    hold.heartbeat.cancel();
    for (const fault of hold.faults) this.#remove(fault);
  }

  #remove(fault: string): void {
    try {
      this.faults.remove(fault);
    } catch {
      // It has ended already, or somebody has cleared it.
    }
  }
}
