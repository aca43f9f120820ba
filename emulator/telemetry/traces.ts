import type { InvocationRecord, TraceSegment } from '../contract/records.js';
import { segmentOf } from '../trace-header.js';
import type { TraceDocument } from './types.js';
import { MAX_SEGMENTS } from './xray/segments.js';

/** Segments kept in all; beyond it the oldest traces go. */
const MAX_TOTAL = 10_000;
/** Segments kept of one trace, which may have many invocations; further ones are dropped. */
const MAX_OF_TRACE = 1_000;

type Trace = Map<string, TraceSegment>;

/** Segments by trace. Which invocation of the trace each belongs to is worked out when somebody asks. */
export class TraceStore {
  /** In order of their first segment, so the first is the oldest. */
  readonly #traces = new Map<string, Trace>();
  #total = 0;

  add({ traceId, segments }: TraceDocument): void {
    let trace = this.#traces.get(traceId);
    if (!trace) this.#traces.set(traceId, (trace = new Map()));
    for (const segment of segments) {
      const known = trace.get(segment.id);
      if (!known && trace.size >= MAX_OF_TRACE) continue;
      // One in progress may come after its end: nothing keeps datagrams in order.
      if (known?.durationMs !== undefined && segment.durationMs === undefined) continue;
      trace.set(segment.id, segment);
      if (!known) this.#total++;
    }
    for (const [id, oldest] of this.#traces) {
      if (this.#total <= MAX_TOTAL) break;
      this.#traces.delete(id);
      this.#total -= oldest.size;
    }
  }

  /**
   * The segments of one invocation, parents before their children.
   * @param ofTrace every record of the same trace that there is, itself among them, in any order
   */
  segmentsOf(record: InvocationRecord, ofTrace: readonly InvocationRecord[]): readonly TraceSegment[] {
    const trace = record.traceId === undefined ? undefined : this.#traces.get(record.traceId);
    if (!trace) return [];
    const segments = [...trace.values()];
    const tops = segments.filter(({ parent }) => parent === undefined || !trace.has(parent));
    const own = tops.filter((top) => ownerOf(top, ofTrace) === record);
    return withChildren(own, segments).slice(0, MAX_SEGMENTS);
  }
}

/**
 * On Lambda the parent of a handler's outermost subsegments is the invocation's own segment, which its trace header names.
 * Attempts of one invocation share it; a segment whose parents never came (the handler was killed before it closed them)
 * names none: time tells then.
 */
function ownerOf(top: TraceSegment, records: readonly InvocationRecord[]): InvocationRecord | undefined {
  const parents = records.filter(({ requestId }) => segmentOf(requestId) === top.parent);
  const candidates = parents.length > 0 ? parents : records;
  if (candidates.length <= 1) return candidates[0];
  const byStart = candidates.toSorted((a, b) => a.at - b.at);
  const ran = ({ at, queueMs, durationMs }: InvocationRecord): boolean =>
    at <= top.at && top.at <= at + queueMs + durationMs;
  return byStart.findLast(ran) ?? byStart.findLast(({ at }) => at <= top.at) ?? byStart[0];
}

function withChildren(tops: readonly TraceSegment[], all: readonly TraceSegment[]): TraceSegment[] {
  const children = new Map<string | undefined, TraceSegment[]>();
  for (const segment of all) {
    const siblings = children.get(segment.parent);
    if (siblings) siblings.push(segment);
    else children.set(segment.parent, [segment]);
  }
  const found: TraceSegment[] = [];
  const visit = (segment: TraceSegment): void => {
    found.push(segment);
    for (const child of (children.get(segment.id) ?? []).toSorted((a, b) => a.at - b.at)) visit(child);
  };
  for (const top of tops.toSorted((a, b) => a.at - b.at)) visit(top);
  return found;
}
