import type { Dispatcher, InvocationRequest, Outcome } from '../dispatch/types.js';

/** Something of a queue on its way to a handler. */
export interface HandlerDelivery {
  /** The queue in the message store: `async/FUNCTION` for events, `sqs/QUEUE` for batches. */
  readonly queue: string;
  /** Ids of the messages: one for an event, those of a batch. */
  readonly messages: readonly string[];
  readonly request: InvocationRequest;
}

/** @throws FaultlineError FUNCTION_NOT_FOUND, STOPPING: it was not delivered */
export type Deliver = (delivery: HandlerDelivery) => Promise<Outcome>;

/**
 * The one way from a queue to a handler: events, their retries and batches alike. What a delivery can be made to suffer
 * (twice, never, late, out of order, spoilt) happens before, in `transit.ts`.
 */
export function createDeliver(dispatcher: Pick<Dispatcher, 'invoke'>): Deliver {
  return ({ request }) => dispatcher.invoke(request);
}
