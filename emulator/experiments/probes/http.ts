import { demandsOf } from './answer.js';
import type { ProbeKind } from './types.js';

/** A request through the gateway, or to a URL. Well, when nothing else is expected, with any status below 400. */
const WELL = Array.from({ length: 300 }, (_, i) => 100 + i);

export const http: ProbeKind = ({ http: request = '', headers, body, expect }) => {
  const [method = 'GET', to = '/'] = [request.slice(0, request.indexOf(' ')), request.slice(request.indexOf(' ') + 1)];
  const demands = demandsOf(expect, { status: WELL });
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const init = {
    method,
    redirect: 'manual' as const,
    headers: { ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const wanted = demands.words.startsWith('status 100 or') ? 'a status below 400' : demands.words;
  return {
    expectation: `${request}: ${wanted}`,
    async run({ emulator, clock, signal }) {
      const from = clock.monotonic();
      const reply = await emulator.fetch(to, { ...init, signal });
      const text = await reply.text();
      const { status, headers: got } = reply;
      return demands.check({ status, headers: got, text, ms: clock.monotonic() - from });
    },
  };
};
