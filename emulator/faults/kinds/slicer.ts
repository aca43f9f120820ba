import { z } from 'zod';
import { direction, hosts, proxied } from '../proxied.js';
import { sliced } from '../proxy/shaping.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  averageSize: z.number().int().min(1).max(1_000_000).default(128).describe('Size of a piece in bytes'),
  sizeVariation: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(64)
    .describe('Up to so many bytes more or less, uniformly drawn; a piece has at least one byte'),
  delayMs: z.number().min(0).max(900_000).default(10).describe('ms from one piece to the next'),
  hosts,
  direction,
});

type Params = z.output<typeof params>;

/** What comes in one piece comes in many, as from Toxiproxy's slicer toxic: for code that takes one read for a message. */
export const slicer: FaultKind<Params> = proxied({
  title: 'Slicer',
  summary: 'What goes over outbound connections of the handler arrives in small pieces.',
  params,
  onConnect: true,
  what: ({ averageSize, sizeVariation, delayMs }) =>
    `pieces of ${String(averageSize)}${sizeVariation > 0 ? ` ± ${String(sizeVariation)}` : ''} bytes` +
    (delayMs > 0 ? ` every ${String(delayMs)} ms` : ''),
  stage: (given, { target, number }, side, pace, { draw }) =>
    sliced(given, (piece) => draw(`${target} ${String(number)} ${side} ${String(piece)}`), pace),
});
