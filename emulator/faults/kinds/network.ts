import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { HOOKED } from '../reach.js';

const params = z.strictObject({
  mode: z
    .enum(['refused', 'reset', 'timeout'])
    .default('refused')
    .describe('refused: ECONNREFUSED; reset: ECONNRESET; timeout: the connection is never made'),
  hosts: z
    .array(z.string().regex(/^[^\s/]+$/, 'not a host; write api.example.com, *.example.com or 127.0.0.1:5432'))
    .default([])
    .describe('Hosts (host or host:port, * matches any part) that cannot be reached; every host when empty'),
});

type Params = z.output<typeof params>;

/** Outbound connections fail. Counts as a hit only when the handler made a connection that it hit. */
export const network: FaultKind<Params> = {
  title: 'Network',
  summary: 'Outbound connections of the handler are refused, reset or never made.',
  reach: HOOKED,
  params,
  hitBy: 'operation',
  describe: ({ mode, hosts }) => `connections to ${hosts.length === 0 ? 'every host' : hosts.join(', ')}: ${mode}`,
  effect: ({ mode, hosts }, { fault }) => ({ type: 'network', fault, mode, hosts }),
};
