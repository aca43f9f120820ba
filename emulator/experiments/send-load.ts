import type { Clock } from '../clock.js';
import { Arrivals } from './arrivals.js';
import { Requests } from './requests.js';
import type { Shape } from './shape.js';
import type { Sample, Send } from './types.js';
import { Users } from './users.js';

export interface PlannedLoad {
  readonly shape: Shape;
  /** ms after which a request without an answer is given up. */
  readonly safetyMs: number;
}

/**
 * Sends a load and waits until every request has settled.
 * @param signal ends it early: no more requests, those in flight are cut and count as nothing
 * @param onSample told of each request as it settles
 * @returns the samples in the order in which they were due
 */
export async function sendLoad(
  clock: Clock,
  { shape, safetyMs }: PlannedLoad,
  to: Send,
  signal: AbortSignal,
  onSample?: (sample: Sample) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const requests = new Requests(clock, safetyMs, to, signal, (sample) => {
    samples.push(sample);
    onSample?.(sample);
  });
  const senders =
    shape.kind === 'open' ? new Arrivals(clock, shape, requests, signal) : new Users(clock, shape, requests, signal);
  const abort = (): void => {
    senders.stop();
    requests.cut();
  };
  // One listener for all requests: Node takes more than ten on one signal for a leak.
  signal.addEventListener('abort', abort);
  try {
    await senders.run();
  } finally {
    signal.removeEventListener('abort', abort);
  }
  return samples.sort((a, b) => a.dueAt - b.dueAt);
}
