import { expect, it } from 'vitest';
import { probeSchema } from '../../contract/probes.js';
import { http } from './http.js';
import { invoke } from './invoke.js';
import { log } from './log.js';
import type { ProbeContext } from './types.js';

const context = (given: object): ProbeContext =>
  ({ clock: { monotonic: () => 0 }, signal: new AbortController().signal, ...given }) as unknown as ProbeContext;

it('a probe by http sends what it says, and is well with a status below 400', async () => {
  const sent: unknown[] = [];
  const fetch = async (...given: unknown[]) => (sent.push(given), new Response('{"a":1}', { status: 302 }));
  const probe = http(probeSchema.parse({ http: 'PUT /x?y=1', headers: { 'x-a': 'b' }, body: { n: 1 } }));
  expect(probe.expectation).toBe('PUT /x?y=1: a status below 400');
  expect(await probe.run(context({ emulator: { fetch } }))).toEqual({ passed: true, measured: '302' });
  expect(sent).toMatchObject([
    ['/x?y=1', { method: 'PUT', body: '{"n":1}', headers: { 'x-a': 'b', 'content-type': 'application/json' } }],
  ]);
});

it.each([
  [{ ok: true, payload: { statusCode: 503 } }, {}, true, 'no error'],
  [{ ok: true, payload: { statusCode: 503 } }, { expect: { status: 200 } }, false, '503'],
  [{ ok: true, payload: { n: 5 } }, { expect: { body: { '$.n': 5 } } }, true, '$.n 5'],
  [{ ok: true, payload: undefined }, { expect: { text: 'null' } }, true, 'text "null"'],
  [{ ok: false, payload: { errorType: 'E', errorMessage: 'm' } }, {}, false, 'function error E: m'],
])('a probe by invoke: %j %j', async (result, more, passed, measured) => {
  const probe = invoke(probeSchema.parse({ invoke: 'f', ...more }));
  expect(await probe.run(context({ emulator: { invoke: async () => result } }))).toEqual({ passed, measured });
});

it.each([
  [{ contains: 'slow' }, true, '2 lines'],
  [{ contains: 'slow', function: 'b' }, true, '1 line'],
  [{ contains: 'slow', function: 'c*' }, false, '0 lines'],
  [{ regex: '^so ', present: false }, false, '1 line'],
])('a probe by log: %j', async (spec, passed, measured) => {
  const line = (name: string, text: string) => ({ function: name, instance: 'i1', at: 0, text });
  const logs = () => [line('a', 'so slow'), line('b', 'slow'), line('b', 'fast')];
  expect(await log(probeSchema.parse({ log: spec })).run(context({ logs }))).toEqual({ passed, measured });
});
