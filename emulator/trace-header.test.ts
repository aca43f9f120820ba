import { describe, expect, it } from 'vitest';
import {
  formatTraceHeader,
  fromTraceparent,
  invocationTrace,
  newRoot,
  parseTraceHeader,
  segmentOf,
  toTraceparent,
  traceOfRequest,
} from './trace-header.js';

const root = '1-5759e988-bd862e3fe1be46a994272793';
const parent = '53995c3f42cd8ad8';
const W3C = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
const requestId = '01234567-89ab-4cde-8f01-23456789abcd';

describe('a trace header', () => {
  it.each([
    [`Root=${root};Parent=${parent};Sampled=1`, { root, parent, sampled: true }],
    [`Root=${root}`, { root }],
    [`root=${root};sampled=0`, { root, sampled: false }],
    [`Self=1-5759e988-000000000000000000000000; Sampled=? ;Root=${root};Lineage=a87bd80c:0`, { root }],
    [`Root=${root};Parent=short;Sampled=yes`, { root }],
  ])('%s is read', (text, trace) => {
    expect(parseTraceHeader(text)).toEqual(trace);
  });

  it.each(['', 'Root', 'Root=', 'Root=1-5759e988-short', `Parent=${parent}`, '=;=;', `Root=${root}0`])(
    '%s is none',
    (text) => {
      expect(parseTraceHeader(text)).toBeUndefined();
    },
  );

  it('is written', () => {
    expect(formatTraceHeader({ root })).toBe(`Root=${root}`);
    expect(formatTraceHeader({ root, parent, sampled: false })).toBe(`Root=${root};Parent=${parent};Sampled=0`);
  });
});

describe('a traceparent', () => {
  it('is the same trace', () => {
    const trace = { root, parent, sampled: true };
    expect(fromTraceparent(W3C)).toEqual(trace);
    expect(toTraceparent(trace)).toBe(W3C);
    expect(fromTraceparent(W3C.replace(/01$/, '02'))).toEqual({ root, parent, sampled: false });
    expect(toTraceparent({ root, parent })).toMatch(/-00$/);
    expect(toTraceparent({ root })).toBeUndefined();
  });

  it('of a later version may go on', () => {
    expect(fromTraceparent(`01${W3C.slice(2)}-more`)).toEqual({ root, parent, sampled: true });
  });

  it.each([
    '',
    `${W3C}-more`,
    `ff${W3C.slice(2)}`,
    W3C.toUpperCase(),
    '00-00000000000000000000000000000000-53995c3f42cd8ad8-01',
    '00-5759e988bd862e3fe1be46a994272793-0000000000000000-01',
  ])('%s is none', (text) => {
    expect(fromTraceparent(text)).toBeUndefined();
  });
});

describe('the trace of an invocation', () => {
  const at = 0x5759e988 * 1_000 + 999;

  it('begins with it when the caller has none', () => {
    const own = `Root=1-5759e988-0123456789ab23456789abcd;Parent=8f0123456789abcd`;
    const newTrace = invocationTrace(undefined, requestId, at, false);
    expect(newTrace).toEqual({ root: newRoot(at, requestId), sampled: false, header: `${own};Sampled=0` });
    expect(invocationTrace('Root=nonsense', requestId, at, true).header).toBe(`${own};Sampled=1`);
    expect(newRoot(at + 1, requestId)).not.toBe(newTrace.root);
  });

  it('has the caller’s root and decision, and a parent of its own', () => {
    const given = `Root=${root};Parent=${parent};Sampled=1`;
    const header = `Root=${root};Parent=${segmentOf(requestId)};Sampled=1`;
    expect(invocationTrace(given, requestId, at, false)).toEqual({ root, sampled: true, header });
    expect(invocationTrace(`Root=${root};Sampled=0`, requestId, at, true).header).toMatch(/Sampled=0$/);
    expect(invocationTrace(`Root=${root}`, requestId, at, true).header).toBe(header);
  });

  it('is well-formed whatever the request id is', () => {
    for (const id of ['id-1', '', 'ä'.repeat(40)]) {
      expect(parseTraceHeader(invocationTrace(undefined, id, at, true).header)).toMatchObject({
        parent: segmentOf(id),
      });
    }
  });
});

describe('the trace of a request', () => {
  it.each([
    [['Host', 'x', 'X-Amzn-Trace-Id', `Root=${root};Sampled=1`], `Root=${root};Sampled=1`],
    [['traceparent', W3C], `Root=${root};Parent=${parent};Sampled=1`],
    [['traceparent', W3C, 'x-amzn-trace-id', `Root=${root}`], `Root=${root}`],
    [['x-amzn-trace-id', 'nonsense', 'Traceparent', W3C], `Root=${root};Parent=${parent};Sampled=1`],
    [['traceparent', 'nonsense'], undefined],
    [[], undefined],
  ])('%o', (headers, expected) => {
    expect(traceOfRequest(headers)).toBe(expected);
  });
});
