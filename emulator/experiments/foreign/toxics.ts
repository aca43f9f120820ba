import { z } from 'zod';
import type { FaultSpec } from '../../contract/faults.js';
import type { DocumentPath, LeaveOut } from '../importers/types.js';

/**
 * Toxics of Toxiproxy, as faults [S: its README]. `toxicity` is the share of connections that a toxic is on; ours is the share of
 * invocations. `stream` is seen from the client: downstream is what it receives. `bandwidth.rate` is in KB/s, `slicer.delay` in
 * microseconds, all other times in milliseconds.
 */

export const toxicSchema = z.looseObject({
  name: z.string().optional(),
  type: z.string(),
  stream: z.enum(['upstream', 'downstream', '']).default('downstream'),
  toxicity: z.number().min(0).max(1).default(1),
  attributes: z.record(z.string(), z.number()).default({}),
});
export type Toxic = z.output<typeof toxicSchema>;

type Made = Pick<FaultSpec, 'kind' | 'params'>;
type Attributes = Readonly<Record<string, number>>;
type Direction = 'down' | 'up';
type Leave = (key: string, why: string, instead: string) => void;

interface Maker {
  readonly attributes: readonly string[];
  make(attributes: Attributes, hosts: readonly string[], direction: Direction, leave: Leave): Made | undefined;
}

const makers: Readonly<Record<string, Maker>> = {
  latency: {
    attributes: ['latency', 'jitter'],
    make({ latency = 0, jitter = 0 }, hosts, _direction, leave) {
      leave('latency', 'only HTTP requests are delayed, once each', 'For other protocols, use slicer or bandwidth.');
      if (jitter > 0) leave('jitter', 'every request is delayed by the same time', 'Nothing.');
      return { kind: 'http', params: { mode: 'latency', hosts, latencyMs: Math.round(latency) } };
    },
  },
  bandwidth: {
    attributes: ['rate'],
    make({ rate = 0 }, hosts, direction, leave) {
      // At 0 Toxiproxy lets nothing through.
      if (rate > 0) return { kind: 'bandwidth', params: { kilobytesPerSecond: rate, hosts, direction } };
      leave('rate', '0 KB/s lets nothing through; the connection is never made instead', 'Give a rate above 0.');
      return { kind: 'network', params: { mode: 'timeout', hosts } };
    },
  },
  slow_close: {
    attributes: ['delay'],
    make({ delay = 0 }, hosts, direction, leave) {
      if (delay > 0) return { kind: 'cut', params: { how: 'late', delayMs: delay, hosts, direction } };
      leave('delay', 'a delay of 0 does nothing', 'Give it in ms.');
      return undefined;
    },
  },
  timeout: {
    attributes: ['timeout'],
    make({ timeout = 0 }, hosts, direction, leave) {
      if (timeout > 0) return { kind: 'cut', params: { bytes: 0, delayMs: timeout, hosts, direction } };
      leave(
        'timeout',
        'with 0 the connection is made and stays silent; here it is never made',
        'Nothing, unless the code tells the two apart.',
      );
      return { kind: 'network', params: { mode: 'timeout', hosts } };
    },
  },
  reset_peer: {
    attributes: ['timeout'],
    make: ({ timeout = 0 }, hosts, direction) => ({
      kind: 'cut',
      params: { bytes: 0, how: 'reset', ...(timeout > 0 ? { delayMs: timeout } : {}), hosts, direction },
    }),
  },
  slicer: {
    attributes: ['average_size', 'size_variation', 'delay'],
    make: ({ average_size: size = 0, size_variation: variation = 0, delay = 0 }, hosts, direction) => ({
      kind: 'slicer',
      params: {
        averageSize: Math.max(1, size),
        sizeVariation: Math.min(variation, Math.max(0, size - 1)),
        delayMs: delay / 1_000,
        hosts,
        direction,
      },
    }),
  },
  limit_data: {
    attributes: ['bytes'],
    make: ({ bytes = 0 }, hosts, direction) => ({ kind: 'cut', params: { bytes, hosts, direction } }),
  },
};

/** @param upstream `host:port` that handlers talk to @returns undefined when it is left out */
export function toxicFault(
  { type, stream, toxicity, attributes }: Toxic,
  upstream: string,
  path: DocumentPath,
  leaveOut: LeaveOut,
): FaultSpec | undefined {
  const maker = makers[type];
  if (!maker) {
    leaveOut([...path, 'type'], `"${type}" is a toxic of your own`, `Toxics: ${Object.keys(makers).join(', ')}.`);
    return undefined;
  }
  if (toxicity === 0) {
    leaveOut([...path, 'toxicity'], 'is on 0 % of the connections', 'Give a share above 0 to import it.');
    return undefined;
  }
  const leave: Leave = (key, why, instead) => leaveOut([...path, 'attributes', key], why, instead);
  for (const key of Object.keys(attributes)) {
    if (!maker.attributes.includes(key)) leave(key, `${type} has no attribute ${key}`, 'Delete it.');
  }
  const made = maker.make(attributes, [upstream], stream === 'upstream' ? 'up' : 'down', leave);
  return made && { ...made, ...(toxicity === 1 ? {} : { rate: toxicity * 100 }) };
}

/** What its README calls down: the proxy is disabled, and connections to it are refused. */
export function downFault(upstream: string): FaultSpec {
  return { kind: 'network', params: { mode: 'refused', hosts: [upstream] } };
}
