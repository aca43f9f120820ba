import type { Clock } from '../clock.js';
import type { InvocationRequest } from '../dispatch/types.js';
import type { DeliveryFaults } from '../faults/types.js';
import { queueOf, type QueuedEvent } from './event.js';
import type { Lease } from './lease.js';
import { spoiltEvent } from './spoil.js';
import type { Message } from './store.js';
import { Transit, type Passenger } from './transit.js';

/** An event on its way to its handler. */
export interface EventItem extends Passenger {
  readonly message: Message;
  readonly event: QueuedEvent;
  /** Hides it from others; a copy leaves it alone. */
  readonly lease: Lease;
  /** What the handler gets in place of the event: news of it, as dead letters, have it as it was accepted. */
  readonly spoilt?: Buffer;
}

export interface EventTransitParts {
  readonly function: string;
  readonly clock: Clock;
  readonly faults: DeliveryFaults;
  lose(item: EventItem): void;
  due(items: readonly EventItem[]): void;
}

/** The way of events from the queue of a function to its handler; each attempt is decided on by itself. */
export function eventTransit({ function: name, ...parts }: EventTransitParts): Transit<EventItem> {
  return new Transit({
    ...parts,
    where: 'delivery of the event',
    alone: () => true,
    subject: ({ event }) => ({
      function: name,
      requestId: event.requestId,
      payload: event.payload,
      ...originOf(event),
      ...(event.qualifier === undefined ? {} : { alias: event.qualifier }),
    }),
    spoil: (item, poison) => ({ ...item, spoilt: spoiltEvent(item.event.payload, poison) }),
  });
}

export function requestOf({ event, hits, spoilt }: EventItem): InvocationRequest {
  const { requestId, payload, source, clientContext, traceId, qualifier } = event;
  return {
    function: event.function,
    payload: spoilt ?? payload,
    source,
    requestId,
    attempt: event.attempts + 1,
    origin: originOf(event),
    ...(hits === undefined ? {} : { suffered: hits }),
    ...(clientContext === undefined ? {} : { clientContext }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(qualifier === undefined ? {} : { qualifier }),
  };
}

function originOf({ function: name, number = 0, deliveries = 0 }: QueuedEvent) {
  return { queue: queueOf(name), number, attempt: deliveries + 1 };
}
