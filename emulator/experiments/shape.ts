import type { Load } from '../contract/experiment.js';
import { DEFAULT_RATE } from '../contract/load.js';

/** How much load there is at which time: levels that grow or shrink evenly from one to the next. */

/** A level (requests a second, or users) that goes evenly from one value to another. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

export interface Shape {
  /** `open`: requests are due at a rate. `closed`: users, each waiting for its answer before it asks again. */
  readonly kind: 'open' | 'closed';
  readonly segments: readonly Segment[];
  /** Of a user, between an answer and its next request. */
  readonly thinkMs: number;
}

/** The shape of a phase. */
export function shapeOf({ rate, users, stages, for: ms, think = 0 }: Load): Shape {
  const closed = users !== undefined || (rate === undefined && stages?.[0]?.users !== undefined);
  const start = closed ? users : rate;
  const kind = closed ? 'closed' : 'open';
  if (!stages) {
    const level = start ?? DEFAULT_RATE;
    return { kind, segments: [{ from: level, to: level, ms }], thinkMs: think };
  }
  let from = start ?? 0;
  const segments = stages.map((stage) => {
    const to = (closed ? stage.users : stage.rate) ?? 0;
    const segment = { from, to, ms: stage.for };
    from = to;
    return segment;
  });
  return { kind, segments, thinkMs: think };
}

/** The highest level of the shape, held for `ms`: what warms up as many instances as will be needed. */
export function peakFor({ segments, ...shape }: Shape, ms: number): Shape {
  const level = Math.max(...segments.flatMap(({ from, to }) => [from, to]));
  return { ...shape, segments: [{ from: level, to: level, ms }] };
}

export function durationOf({ segments }: Shape): number {
  return segments.reduce((sum, { ms }) => sum + ms, 0);
}

/** The level at a time; what the last segment ends with, afterwards. @param at ms from the start */
export function levelAt({ segments }: Shape, at: number): number {
  let before = 0;
  for (const { from, to, ms } of segments) {
    if (at < before + ms) return from + ((to - from) * (at - before)) / ms;
    before += ms;
  }
  return segments.at(-1)?.to ?? 0;
}

/** Requests that a rate adds up to over a segment: the area below the line. */
const area = ({ from, to, ms }: Segment): number => ((from + to) / 2) * (ms / 1_000);

/** How many requests an open load sends; at least one. A closed one cannot know. */
export function plannedRequests({ kind, segments }: Shape): number | undefined {
  if (kind === 'closed') return undefined;
  return Math.max(1, Math.round(segments.reduce((sum, segment) => sum + area(segment), 0)));
}

/**
 * When the nth request of an open load is due: when the area below the rate has reached n.
 * @param n from 0
 * @returns ms from the start
 */
export function dueTime({ segments }: Shape, n: number): number {
  let passed = 0;
  let before = 0;
  for (const segment of segments) {
    const within = area(segment);
    if (n - before < within) return passed + timeOf(segment, n - before);
    passed += segment.ms;
    before += within;
  }
  return passed;
}

/** The time within a segment at which `x` requests are due: r₀·t + (r₁ − r₀)·t²/2T = x, solved so that r₁ = r₀ divides by nothing. */
function timeOf({ from, to, ms }: Segment, x: number): number {
  if (x <= 0) return 0;
  const seconds = ms / 1_000;
  const bend = (to - from) / (2 * seconds);
  return (2_000 * x) / (from + Math.sqrt(Math.max(0, from * from + 4 * bend * x)));
}
