import { z } from 'zod';
import { wildcard } from '../value-match.js';
import { proxy, type Passage, type Shaping } from './proxy/index.js';
import type { Upstream } from './proxy/connection.js';
import type { Direction, Pace, Stage } from './proxy/shaping.js';
import { HOOKED } from './reach.js';
import type { FaultContext, FaultKind, RunContext } from './types.js';

/** What the kinds share that shape connections: which hosts, which direction, and the way through the proxy. */

export const hosts = z
  .array(z.string().regex(/^[^\s/]+$/, 'not a host; write api.example.com, *.example.com or 127.0.0.1:5432'))
  .default([])
  .describe('Hosts (host or host:port, * matches any part) that it is for; every host when empty');

export const direction = z
  .enum(['down', 'up', 'both'])
  .default('down')
  .describe('down: what the handler receives; up: what it sends; both: each by itself');

interface Proxied {
  readonly hosts: readonly string[];
  readonly direction: z.output<typeof direction>;
}

type Context = Pick<FaultContext, 'draw' | 'hit'>;

interface Options<P extends Proxied> extends Pick<FaultKind<P>, 'title' | 'summary' | 'params'> {
  /** What it does, for people: `16 KB/s`. */
  what(params: P): string;
  /** It counts as a hit as soon as a connection passes through it, and this is what is seen of it. */
  readonly onConnect: boolean;
  stage(params: P, passage: Passage, side: Direction, pace: Pace, context: Context): Stage;
}

/** A kind that shapes the handler's connections. */
export function proxied<P extends Proxied>(options: Options<P>): FaultKind<P> {
  const { title, summary, params, what, onConnect, stage } = options;
  const shapingOf = (given: P, context: RunContext, done: AbortSignal): Shaping => ({
    fault: context.fault,
    matches: hostMatcher(given.hosts),
    lifted: AbortSignal.any([context.ended, done]),
    shape(passage) {
      if (onConnect) context.hit({ where: `connect ${passage.target}`, saw: what(given) });
      return (side, pace) =>
        given.direction === 'both' || given.direction === side ? stage(given, passage, side, pace, context) : undefined;
    },
  });
  return {
    title,
    summary,
    group: 'outbound',
    reach: HOOKED,
    params,
    hitBy: () => 'itself',
    describe: (given) => `connections to ${given.hosts.join(', ') || 'every host'}: ${what(given)}${sideText(given)}`,
    prepare: async (services) => void (await services.open(proxy)),
    effect: (given, { fault, service }) => ({
      type: 'proxy',
      fault,
      hosts: given.hosts,
      port: service(proxy).port,
      ...(onConnect ? { saw: what(given) } : {}),
    }),
    operation(_given, { via, target, fault }, { requestId, service }) {
      if (!via) return;
      const { local, host, port } = via;
      service(proxy).announce({ requestId, local, to: { host, port }, target, fault });
    },
    async around(given, context, next) {
      const done = new AbortController();
      const end = context.service(proxy).begin(context.requestId, shapingOf(given, context, done.signal));
      try {
        return await next();
      } finally {
        end();
        done.abort();
      }
    },
  };
}

function sideText({ direction: side }: Proxied): string {
  return side === 'both' ? ', both ways' : side === 'up' ? ', what is sent' : '';
}

/** As the runtimes match: host or host:port, in any case. */
function hostMatcher(patterns: readonly string[]): (to: Upstream) => boolean {
  if (patterns.length === 0) return () => true;
  const matching = patterns.map((pattern) => wildcard(pattern.toLowerCase()));
  return ({ host, port }) => {
    const plain = host.toLowerCase();
    const name = `${plain.includes(':') ? `[${plain}]` : plain}:${String(port)}`;
    return matching.some((matches) => matches(plain) || matches(name));
  };
}
