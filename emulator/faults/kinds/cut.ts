import { z } from 'zod';
import { direction, hosts, proxied } from '../proxied.js';
import { cutAfter, endingLate } from '../proxy/shaping.js';
import type { FaultKind } from '../types.js';

const params = z
  .strictObject({
    bytes: z
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(1_000)
      .describe('So many bytes pass before the connection ends; 0: none. Without effect with how: late'),
    how: z
      .enum(['close', 'reset', 'late'])
      .default('close')
      .describe(
        'close: as if the other side had ended it; reset: ECONNRESET; late: all bytes pass, the end comes delayMs late',
      ),
    delayMs: z
      .number()
      .min(0)
      .max(900_000)
      .default(0)
      .describe('ms in which nothing passes before the connection ends'),
    hosts,
    direction,
  })
  .refine(({ how, delayMs }) => how !== 'late' || delayMs > 0, {
    message: 'must be above 0 with how: late, which does nothing else',
    path: ['delayMs'],
  });

type Params = z.output<typeof params>;

/** Node takes a reset that it finds together with the last bytes for an end (libuv's uv__stream_io [S]): they are kept apart. */
const APART_MS = 20;

const wait = (ms: number): string => (ms > 0 ? ` ${String(ms)} ms` : '');

/**
 * Connections end in the middle, as with Toxiproxy's limit_data toxic, or long after their last byte, as with slow_close.
 * Counts as a hit only when one was ended, or held back.
 */
export const cut: FaultKind<Params> = proxied({
  title: 'Cut',
  summary: 'Outbound connections of the handler end after so many bytes, or end late.',
  params,
  onConnect: false,
  what: ({ bytes, how, delayMs }) =>
    how === 'late'
      ? `end${wait(delayMs)} late`
      : `${how} after ${String(bytes)} bytes${delayMs > 0 ? ` and${wait(delayMs)}` : ''}`,
  stage({ bytes, how, delayMs }, { target, end }, _side, pace, { hit }) {
    const where = `connect ${target}`;
    if (how === 'late') return endingLate(delayMs, () => hit({ where, saw: `end${wait(delayMs)} late` }), pace);
    const saw = `${how === 'reset' ? 'ECONNRESET' : 'closed'} after ${String(bytes)} bytes`;
    return cutAfter(
      {
        bytes,
        delayMs: how === 'reset' && bytes > 0 ? Math.max(delayMs, APART_MS) : delayMs,
        end() {
          hit({ where, saw });
          end(how);
        },
      },
      pace,
    );
  },
});
