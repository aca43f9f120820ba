/**
 * The X-Ray trace header, `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, and its like of the
 * W3C, `traceparent` [D: X-Ray's tracing header, W3C Trace Context level 1].
 */
export interface Trace {
  /** `1-<8 hex digits: epoch seconds>-<24 hex digits>`. */
  readonly root: string;
  /** Segment that it is a part of, 16 hex digits. */
  readonly parent?: string;
  /** undefined: whoever comes next decides. */
  readonly sampled?: boolean;
}

/** Name of the header in lower case. */
export const TRACE_HEADER = 'x-amzn-trace-id';
const TRACEPARENT = 'traceparent';

const ROOT = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;
const SEGMENT = /^[0-9a-f]{16}$/i;
const ZEROS = /^0+$/;
/** Later versions begin as version 00 does and may go on. */
const W3C = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Fields in any order and letter case, unknown ones skipped. @returns undefined without a valid Root */
export function parseTraceHeader(text: string): Trace | undefined {
  let root: string | undefined;
  let parent: string | undefined;
  let sampled: boolean | undefined;
  for (const field of text.split(';')) {
    const at = field.indexOf('=');
    const value = field.slice(at + 1).trim();
    switch (field.slice(0, Math.max(at, 0)).trim().toLowerCase()) {
      case 'root':
        if (ROOT.test(value)) root = value;
        break;
      case 'parent':
        if (SEGMENT.test(value)) parent = value;
        break;
      case 'sampled':
        // `?` asks the next one to decide, as no field does.
        if (value === '0' || value === '1') sampled = value === '1';
    }
  }
  if (root === undefined) return undefined;
  return { root, ...(parent === undefined ? {} : { parent }), ...(sampled === undefined ? {} : { sampled }) };
}

export function formatTraceHeader({ root, parent, sampled }: Trace): string {
  let text = `Root=${root}`;
  if (parent !== undefined) text += `;Parent=${parent}`;
  if (sampled !== undefined) text += sampled ? ';Sampled=1' : ';Sampled=0';
  return text;
}

/** A W3C trace as X-Ray writes it: the trace id is cut after 8 digits. @returns undefined when it is none */
export function fromTraceparent(text: string): Trace | undefined {
  const match = W3C.exec(text.trim());
  if (!match) return undefined;
  const [, version = '', trace = '', parent = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ZEROS.test(trace) || ZEROS.test(parent)) return undefined;
  return {
    root: `1-${trace.slice(0, 8)}-${trace.slice(8)}`,
    parent,
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
  };
}

/** @returns undefined when the trace names no parent, which a traceparent must */
export function toTraceparent({ root, parent, sampled }: Trace): string | undefined {
  if (parent === undefined) return undefined;
  return `00-${(root.slice(2, 10) + root.slice(11)).toLowerCase()}-${parent.toLowerCase()}-${sampled ? '01' : '00'}`;
}

let lastSecond = -1;
let lastPrefix = '';

/** A root for an invocation that came without one. @param now epoch ms @param requestId a UUID */
export function newRoot(now: number, requestId: string): string {
  const second = Math.floor(now / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastPrefix = `1-${second.toString(16).padStart(8, '0')}-`;
  }
  const id = uuidOf(requestId);
  return lastPrefix + id.slice(0, 8) + id.slice(9, 13) + id.slice(24);
}

/**
 * The segment that an invocation is, in its trace: what its own subsegments name as their parent. Made from its request id,
 * so that it is the same wherever it is asked for.
 */
export function segmentOf(requestId: string): string {
  const id = uuidOf(requestId);
  return id.slice(19, 23) + id.slice(24);
}

/** A request id that is no UUID (a test's, another service's) still makes digits. */
function uuidOf(requestId: string): string {
  if (requestId.length === 36 && requestId.charCodeAt(8) === 45) return requestId;
  return Buffer.from(requestId).toString('hex').padStart(36, '0').slice(-36);
}

/** The trace that an invocation has. */
export interface InvocationTrace {
  readonly root: string;
  readonly sampled: boolean;
  /** Complete: what the handler gets. */
  readonly header: string;
}

/**
 * The caller's root and its decision on sampling, where there are any, and the invocation's own segment as parent, as Lambda's
 * function segment is.
 * @param given the caller's header
 * @param active whether an undecided trace is sampled: the function's `tracing`
 */
export function invocationTrace(
  given: string | undefined,
  requestId: string,
  now: number,
  active: boolean,
): InvocationTrace {
  const trace = given === undefined ? undefined : parsed(given);
  const root = trace?.root ?? newRoot(now, requestId);
  const sampled = trace?.sampled ?? active;
  return { root, sampled, header: `Root=${root};Parent=${segmentOf(requestId)};Sampled=${sampled ? '1' : '0'}` };
}

/** `Root=…` alone is what the gateway makes for every request without a trace: not worth taking apart. */
function parsed(header: string): Trace | undefined {
  if (header.length !== 40 || !header.startsWith('Root=')) return parseTraceHeader(header);
  const root = header.slice(5);
  return ROOT.test(root) ? { root } : undefined;
}

/**
 * The trace that a request belongs to: X-Amzn-Trace-Id as it was sent, or made from traceparent; one walk over the headers.
 * @param rawHeaders name, value, name, value …
 * @returns undefined when it has none that is valid
 */
export function traceOfRequest(rawHeaders: readonly string[]): string | undefined {
  let w3c: string | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === TRACE_HEADER.length && name.toLowerCase() === TRACE_HEADER) {
      const value = rawHeaders[i + 1] as string;
      if (parseTraceHeader(value)) return value;
    } else if (name.length === TRACEPARENT.length && name.toLowerCase() === TRACEPARENT) w3c = rawHeaders[i + 1];
  }
  const trace = w3c === undefined ? undefined : fromTraceparent(w3c);
  return trace && formatTraceHeader(trace);
}
