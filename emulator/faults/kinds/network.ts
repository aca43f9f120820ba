import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { HOOKED } from '../reach.js';

const params = z.strictObject({
  mode: z
    .enum(['refused', 'reset', 'timeout', 'dns'])
    .default('refused')
    .describe(
      'refused: ECONNREFUSED; reset: ECONNRESET; timeout: the connection is never made; dns: the name is not resolved',
    ),
  hosts: z
    .array(z.string().regex(/^[^\s/]+$/, 'not a host; write api.example.com, *.example.com or 127.0.0.1:5432'))
    .default([])
    .describe('Hosts (host or host:port, * matches any part) that cannot be reached; every host when empty'),
  code: z
    .enum(['ENOTFOUND', 'EAI_AGAIN'])
    .default('ENOTFOUND')
    .describe('Of mode dns: ENOTFOUND, there is no such name; EAI_AGAIN, the name server fails for now'),
});

type Params = z.output<typeof params>;

/** Outbound connections fail. Counts as a hit only when the handler made a connection that it hit. */
export const network: FaultKind<Params> = {
  title: 'Network',
  summary: 'Outbound connections of the handler are refused, reset or never made, or names are not resolved.',
  group: 'outbound',
  reach: HOOKED,
  params,
  hitBy: () => 'operation',
  describe: ({ mode, hosts, code }) => {
    const where = hosts.length === 0 ? 'every host' : hosts.join(', ');
    return mode === 'dns' ? `look-ups of ${where}: ${code}` : `connections to ${where}: ${mode}`;
  },
  effect: ({ mode, hosts, code }, { fault }) =>
    mode === 'dns' ? { type: 'network', fault, mode, hosts, code } : { type: 'network', fault, mode, hosts },
};
