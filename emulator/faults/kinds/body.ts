import { z } from 'zod';
import type { RunResult, Sending } from '../../instances/types.js';
import { corrupted } from '../corrupted.js';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind, RunContext } from '../types.js';

const params = z.strictObject({
  mode: z
    .enum(['corrupted', 'truncated', 'empty', 'delayed'])
    .default('corrupted')
    .describe('corrupted: bytes are changed; truncated: the end is missing; empty: all is; delayed: it comes late'),
  flips: z.number().int().min(1).max(10_000).default(3).describe('Of corrupted: how many bytes are changed'),
  keep: z.number().min(0).max(100).default(50).describe('Of truncated: percent of the bytes that are left'),
  how: z
    .enum(['cut', 'short'])
    .default('cut')
    .describe(
      'Of truncated, over HTTP: cut: the content-length is the whole one, then the connection ends; short: it fits',
    ),
  delayMs: z.number().min(0).max(900_000).default(1_000).describe('Of delayed: ms from the headers to the body'),
  bytesPerSecond: z
    .number()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe('Of delayed, over HTTP: the body comes at this rate; 0: at once'),
});

type Params = z.output<typeof params>;

/**
 * The function's answer is spoilt on its way to the caller: over HTTP its body, status and headers as they were; elsewhere its
 * payload. A streamed response has gone out already.
 */
export const body: FaultKind<Params> = {
  title: 'Body',
  summary: 'The function’s answer arrives corrupted, truncated, empty or late.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  hitBy: () => 'itself',
  describe: (given) => `the answer arrives ${text(given)}`,
  async around(given, context, next) {
    const result = await next();
    if (context.caller === 'stream' || result.streamed !== undefined) return result;
    context.hit({ where: 'the answer', saw: text(given) });
    if (context.caller === 'http') return { ...result, sending: sendingOf(given, context) };
    if (given.mode === 'delayed') await context.delay(given.delayMs);
    return spoilt(result, given, context);
  },
};

function sendingOf(given: Params, context: RunContext): Sending {
  const { mode, how, delayMs, bytesPerSecond } = given;
  if (mode === 'delayed') return { delayMs, bytesPerSecond, ended: context.ended };
  return {
    spoil: (bytes) => changed(bytes, given, context),
    ...(mode === 'truncated' && how === 'cut' ? { cut: true } : {}),
  };
}

function spoilt(result: RunResult, given: Params, context: RunContext): RunResult {
  return { ...result, payload: changed(result.payload, given, context) };
}

function changed(bytes: Buffer, { mode, flips, keep }: Params, { draw }: RunContext): Buffer {
  switch (mode) {
    case 'corrupted':
      return corrupted(bytes, flips, draw);
    case 'truncated':
      return bytes.subarray(0, Math.floor((bytes.length * keep) / 100));
    case 'empty':
      return Buffer.alloc(0);
    case 'delayed':
      return bytes;
  }
}

function text({ mode, flips, keep, how, delayMs, bytesPerSecond }: Params): string {
  switch (mode) {
    case 'corrupted':
      return `with ${String(flips)} ${flips === 1 ? 'byte' : 'bytes'} changed`;
    case 'truncated':
      return `truncated to ${String(keep)} %${how === 'short' ? ', with a length that fits' : ''}`;
    case 'empty':
      return 'empty';
    case 'delayed':
      return `${String(delayMs)} ms after its headers${bytesPerSecond > 0 ? `, at ${String(bytesPerSecond)} bytes/s` : ''}`;
  }
}
