import type { TraceSegment } from '../../contract/records.js';
import type { TraceDocument } from '../types.js';

/**
 * What X-Ray's SDKs send to the daemon's port: `{"format":"json","version":1}`, a line break, and a segment, or on Lambda a
 * subsegment by itself [D: "Sending segment documents to the X-Ray daemon", "X-Ray segment documents"].
 */

/** Segments taken of one datagram, subsegments included; what a record shows at most. */
export const MAX_SEGMENTS = 200;
/** Characters [D]. */
const MAX_NAME = 200;
/** Characters of other text: longer is cut. */
const MAX_TEXT = 1_000;
/** Indexed by X-Ray, of one trace [D]. */
const MAX_ANNOTATIONS = 50;

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const SEGMENT_ID = /^[0-9a-f]{16}$/;
const LINE_BREAK = 0x0a;

type Json = Readonly<Record<string, unknown>>;

/** @returns the segments, parents before their children, or why there are none */
export function parseDatagram(message: Buffer): TraceDocument | string {
  const end = message.indexOf(LINE_BREAK);
  if (end < 0) return 'no line break after the header';
  const header = parsed(message.subarray(0, end));
  if (header?.['format'] !== 'json' || header['version'] !== 1) return 'no {"format":"json","version":1} before it';
  const segment = parsed(message.subarray(end + 1));
  if (!segment) return 'not a JSON object';
  const traceId = segment['trace_id'];
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) return 'no valid trace_id';
  const problem = problemOf(segment);
  return problem ?? { traceId, segments: flattened(segment) };
}

/** A segment and everything below it; a subsegment that is not in order is left out with what it holds. */
function flattened(root: Json): TraceSegment[] {
  const found: TraceSegment[] = [];
  const waiting: { readonly json: Json; readonly parent: unknown }[] = [{ json: root, parent: root['parent_id'] }];
  for (let next = waiting.shift(); next && found.length < MAX_SEGMENTS; next = waiting.shift()) {
    const { json, parent } = next;
    const segment = toSegment(json, parent);
    found.push(segment);
    const below: unknown[] = Array.isArray(json['subsegments']) ? json['subsegments'] : [];
    for (const child of below)
      if (isObject(child) && problemOf(child) === undefined) waiting.push({ json: child, parent: segment.id });
  }
  return found;
}

function problemOf({ id, name, start_time: start }: Json): string | undefined {
  if (typeof id !== 'string' || !SEGMENT_ID.test(id)) return 'no valid id';
  if (typeof name !== 'string' || name === '') return 'no name';
  return isTime(start) ? undefined : 'no start_time';
}

function toSegment(json: Json, parent: unknown): TraceSegment {
  const { start_time: start, end_time: end, namespace } = json;
  const error = errorOf(json);
  const http = httpOf(json['http']);
  const annotations = annotationsOf(json['annotations']);
  return {
    id: json['id'] as string,
    ...(typeof parent === 'string' && SEGMENT_ID.test(parent) ? { parent } : {}),
    name: (json['name'] as string).slice(0, MAX_NAME),
    at: microseconds((start as number) * 1_000),
    // In progress: it is sent again when it has ended.
    ...(isTime(end) ? { durationMs: microseconds((end - (start as number)) * 1_000) } : {}),
    ...(typeof namespace === 'string' ? { namespace: cut(namespace) } : {}),
    ...(error ? { error } : {}),
    ...(http ? { http } : {}),
    ...(annotations ? { annotations } : {}),
  };
}

/** A throttle is marked as an error too; an exception or a 5xx is a fault. */
function errorOf({ throttle, fault, error }: Json): TraceSegment['error'] {
  if (throttle === true) return 'throttle';
  if (fault === true) return 'fault';
  return error === true ? 'error' : undefined;
}

function httpOf(value: unknown): TraceSegment['http'] {
  if (!isObject(value)) return undefined;
  const request = isObject(value['request']) ? value['request'] : {};
  const response = isObject(value['response']) ? value['response'] : {};
  const { method, url } = request;
  const { status } = response;
  return {
    ...(typeof method === 'string' ? { method: cut(method) } : {}),
    ...(typeof url === 'string' ? { url: cut(url) } : {}),
    ...(typeof status === 'number' ? { status } : {}),
  };
}

function annotationsOf(value: unknown): TraceSegment['annotations'] {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).slice(0, MAX_ANNOTATIONS);
  return Object.fromEntries(
    entries.flatMap(([key, each]): [string, string | number | boolean][] => {
      if (typeof each === 'string') return [[cut(key), cut(each)]];
      return typeof each === 'number' || typeof each === 'boolean' ? [[cut(key), each]] : [];
    }),
  );
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT);
}

/** Seconds with fractions become 1 700 000 000 123.0001 ms in binary. */
function microseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
