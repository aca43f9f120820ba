import { z } from 'zod';
import { direction, hosts, proxied } from '../proxied.js';
import { throttled } from '../proxy/shaping.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  kilobytesPerSecond: z
    .number()
    .min(0.1)
    .max(1_000_000)
    .default(16)
    .describe('Rate of each connection in each direction, 1000 bytes to the kilobyte'),
  hosts,
  direction,
});

type Params = z.output<typeof params>;

/** A slow line, as Toxiproxy's bandwidth toxic: each connection by itself. */
export const bandwidth: FaultKind<Params> = proxied({
  title: 'Bandwidth',
  summary: 'Outbound connections of the handler are no faster than a rate.',
  params,
  onConnect: true,
  what: ({ kilobytesPerSecond }) => `${String(kilobytesPerSecond)} KB/s`,
  // KB/s are bytes per ms.
  stage: ({ kilobytesPerSecond }, _passage, _side, pace) => throttled(kilobytesPerSecond, pace),
});
