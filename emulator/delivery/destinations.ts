import type { Clock } from '../clock.js';
import type { Destination, FunctionConfig } from '../contract/config.js';
import type { NewId } from '../dispatch/types.js';
import { queueOf, toMessage, type Ended, type QueuedEvent, type Role } from './event.js';
import { deadLetterAttributes, destinationRecord } from './record.js';
import { SqsError } from './sqs/errors.js';
import type { MessageStore, NewMessage } from './store.js';

/** An asynchronous event has 1 MB at most [D], also one that is the record of another. */
const MAX_EVENT_BYTES = 1_048_576;

type Settings = Pick<FunctionConfig, 'retries' | 'deadLetter'>;
type Attributes = Readonly<Record<string, string | number>>;

/** Something that is sent when an event has ended. */
export interface Target {
  readonly role: Role;
  readonly to: Destination;
  readonly body: string;
  /** Message attributes, for a queue. */
  readonly attributes: Attributes;
}

/** What is still to be sent: on failure the event to the dead-letter queue and the record, on success the record. */
export function targetsOf(event: QueuedEvent, { condition, at, sent }: Ended, settings: Settings): Target[] {
  const { retries, deadLetter } = settings;
  const record = (role: Role, to: Destination | undefined): Target[] =>
    to ? [{ role, to, body: destinationRecord(event, condition, at), attributes: {} }] : [];
  const all =
    condition === 'Success'
      ? record('onSuccess', retries.onSuccess)
      : [...dead(event, condition, deadLetter), ...record('onFailure', retries.onFailure)];
  return all.filter(({ role }) => !sent.includes(role));
}

function dead(event: QueuedEvent, condition: Ended['condition'], to: Destination | undefined): Target[] {
  if (!to) return [];
  const attributes = deadLetterAttributes(event, condition);
  return [{ role: 'deadLetter', to, body: event.payload.toString(), attributes }];
}

export interface DestinationParts {
  readonly clock: Clock;
  readonly store: MessageStore;
  readonly newId: NewId;
  /** A message to a queue. @throws SqsError when there is none, or SQS would refuse it */
  send(queue: string, body: string, attributes: Attributes): Promise<void>;
  /** Counts what is kept for this function. @param keep returns false when it was not kept after all */
  keep<T>(functionName: string, keep: () => Promise<T>): Promise<T>;
  log(message: string): void;
}

/** `gone`: there is no such queue at this time. `lost`: somebody else has received the event since. */
export type HandedOver =
  { readonly kind: 'done' } | { readonly kind: 'lost' } | { readonly kind: 'gone'; readonly queue: string };

/**
 * Sends what is to be sent of an event that has ended, and takes it out of its function's queue. First the one, then the
 * other, or both in one step where the last goes to a function: a kill in between may double what was sent, and loses nothing.
 */
export class Destinations {
  constructor(private readonly parts: DestinationParts) {}

  /**
   * @param targets what has been sent is taken out of it
   * @throws Error when the store fails; to be called again with the targets that are left
   */
  async handOver(event: QueuedEvent, receipt: string, targets: Target[]): Promise<HandedOver> {
    const { store, keep } = this.parts;
    const from = queueOf(event.function);
    for (let target = targets[0]; target; target = targets[0]) {
      const { name, type } = target.to;
      const message = type === 'function' ? this.#event(event, target) : undefined;
      if (message && targets.length === 1) {
        const moved = await keep(name, () => store.move(from, receipt, queueOf(name), message));
        return { kind: moved ? 'done' : 'lost' };
      }
      if (message) await keep(name, () => store.add(queueOf(name), [message]));
      else if (type === 'queue' && !(await this.#send(event, target))) return { kind: 'gone', queue: name };
      targets.shift();
    }
    const [removed] = await store.remove(from, [receipt]);
    return { kind: removed === true ? 'done' : 'lost' };
  }

  /** @returns undefined when Lambda would not take it */
  #event(event: QueuedEvent, { body, to, role }: Target): NewMessage | undefined {
    const payload = Buffer.from(body);
    if (payload.length > MAX_EVENT_BYTES) {
      this.#refused(event, role, to, `${String(payload.length)} bytes, and an event has 1 MB at most`);
      return undefined;
    }
    const { clock, newId } = this.parts;
    const trace = event.traceId === undefined ? {} : { traceId: event.traceId };
    return toMessage({ requestId: newId(), function: to.name, payload, source: 'destination', ...trace }, clock.now());
  }

  /** @returns false when there is no such queue */
  async #send(event: QueuedEvent, { body, to, role, attributes }: Target): Promise<boolean> {
    try {
      await this.parts.send(to.name, body, attributes);
    } catch (error) {
      if (!(error instanceof SqsError) || error.fault === 'Receiver') throw error;
      if (error.type === 'QueueDoesNotExist') return false;
      this.#refused(event, role, to, error.message);
    }
    return true;
  }

  /** Lambda counts a DestinationDeliveryFailure or a DeadLetterError and goes on [D]. */
  #refused({ function: name, requestId }: QueuedEvent, role: Role, to: Destination, why: string): void {
    this.parts.log(`delivery: ${role} of ${name}: ${to.type}:${to.name} refuses what became of ${requestId}: ${why}`);
  }
}
