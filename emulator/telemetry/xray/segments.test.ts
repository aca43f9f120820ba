import { describe, expect, it } from 'vitest';
import type { TraceDocument } from '../types.js';
import { MAX_SEGMENTS, parseDatagram } from './segments.js';

const HEADER = '{"format":"json","version":1}';
const minimal = {
  name: 'example.com',
  id: '70de5b6f19ff9a0a',
  start_time: 1.478293361271e9,
  trace_id: '1-581cf771-a006649127e371903a2de979',
  end_time: 1.478293361449e9,
};

const datagram = (segment: unknown, header = HEADER): Buffer => Buffer.from(`${header}\n${JSON.stringify(segment)}`);
function parsed(segment: unknown, header?: string): TraceDocument {
  const document = parseDatagram(datagram(segment, header));
  if (typeof document === 'string') throw new Error(document);
  return document;
}

describe('a datagram to the X-Ray daemon', () => {
  it('holds a segment', () => {
    expect(parsed(minimal)).toEqual({
      traceId: minimal.trace_id,
      segments: [{ id: minimal.id, name: 'example.com', at: 1_478_293_361_271, durationMs: 178 }],
    });
  });

  it('has a header that may have spaces, as the SDK for Python writes it', () => {
    expect(parsed(minimal, '{"format": "json", "version": 1}').segments).toHaveLength(1);
  });

  it('holds a subsegment by itself, with what is known of its HTTP call', () => {
    const [segment] = parsed({
      ...minimal,
      type: 'subsegment',
      parent_id: '53995c3f42cd8ad8',
      namespace: 'remote',
      http: { request: { method: 'GET', url: 'http://stock/' }, response: { status: 503, content_length: 9 } },
      fault: true,
      annotations: { sku: 'apple', quantity: 3, hot: true, list: [1] },
      metadata: { default: { secret: 'x' } },
    }).segments;
    expect(segment).toEqual({
      id: minimal.id,
      parent: '53995c3f42cd8ad8',
      name: 'example.com',
      at: 1_478_293_361_271,
      durationMs: 178,
      namespace: 'remote',
      error: 'fault',
      http: { method: 'GET', url: 'http://stock/', status: 503 },
      annotations: { sku: 'apple', quantity: 3, hot: true },
    });
  });

  it('holds one that is in progress, which has no duration yet', () => {
    const { end_time: _, ...open } = minimal;
    expect(parsed({ ...open, in_progress: true }).segments[0]).not.toHaveProperty('durationMs');
  });

  it.each([
    [{ error: true, throttle: true }, 'throttle'],
    [{ error: true, fault: true }, 'fault'],
    [{ error: true }, 'error'],
    [{ error: false }, undefined],
    [{ fault: 'true' }, undefined],
  ])('%j is told as %s', (flags, error) => {
    expect(parsed({ ...minimal, ...flags }).segments[0]?.error).toBe(error);
  });

  it('is flattened, parents before their children; what is not in order below is left out', () => {
    const child = (n: number, subsegments?: unknown[]) => ({
      name: `c${String(n)}`,
      id: `${n}`.padStart(16, '0'),
      start_time: 1,
      subsegments,
    });
    const { segments } = parsed({
      ...minimal,
      subsegments: [child(1, [child(2)]), 7, { ...child(3, [child(4)]), id: 'short' }, child(5)],
    });
    expect(segments.map(({ name, parent }) => [name, parent])).toEqual([
      ['example.com', undefined],
      ['c1', minimal.id],
      ['c5', minimal.id],
      ['c2', `${1}`.padStart(16, '0')],
    ]);
  });

  it('is bounded: segments, depth, lengths', () => {
    const many = Array.from({ length: 500 }, (_, n) => ({ name: 'x', id: `${n}`.padStart(16, '0'), start_time: 1 }));
    expect(parsed({ ...minimal, subsegments: many }).segments).toHaveLength(MAX_SEGMENTS);
    let deep: object = { ...minimal };
    for (let n = 0; n < 1_000; n++) deep = { ...minimal, subsegments: [deep] };
    expect(parsed(deep).segments).toHaveLength(MAX_SEGMENTS);
    const long = 'x'.repeat(5_000);
    const [segment] = parsed({
      ...minimal,
      name: long,
      http: { request: { url: long } },
      annotations: { a: long },
    }).segments;
    expect([segment?.name.length, segment?.http?.url?.length, String(segment?.annotations?.['a']).length]).toEqual([
      200, 1_000, 1_000,
    ]);
  });

  it.each<[string, Buffer]>([
    ['no line break', Buffer.from(HEADER)],
    ['no {"format"', datagram(minimal, '{"format":"json","version":2}')],
    ['no {"format"', datagram(minimal, 'x')],
    ['no {"format"', Buffer.from([0xff, 0xfe, 0x0a, 0x00])],
    ['not a JSON object', Buffer.from(`${HEADER}\n{"name":"cut`)],
    ['not a JSON object', datagram([minimal])],
    ['no valid trace_id', datagram({ ...minimal, trace_id: 'Root=1-581cf771-a006649127e371903a2de979' })],
    ['no valid id', datagram({ ...minimal, id: 7 })],
    ['no name', datagram({ ...minimal, name: '' })],
    ['no start_time', datagram({ ...minimal, start_time: '1.4E9' })],
  ])('is none: %s', (reason, message) => {
    expect(parseDatagram(message)).toContain(reason);
  });
});
