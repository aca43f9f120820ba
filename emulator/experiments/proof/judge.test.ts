import { describe, expect, it } from 'vitest';
import type { ProofAttempt } from '../../contract/proof.js';
import type { InvocationDetail } from '../../contract/records.js';
import { judge } from './judge.js';
import { outcomesOf } from './outcomes.js';

const attempt: ProofAttempt = {
  function: 'orders',
  experiment: {
    title: 'x',
    target: { invoke: 'orders' },
    steadyState: { errorShare: { max: 0 } },
    faults: [{ kind: 'http' }],
    during: { errorShare: { max: 0 } },
  },
  breaks: 'stock never answered',
  needsHit: true,
  confirmedBy: ['timeout'],
  caller: 'http',
};
const hit = { fault: 'http-1', kind: 'http' };
const own = new Set(['http-1']);

const record = (given: Partial<InvocationDetail> = {}): InvocationDetail => ({
  requestId: 'r1',
  function: 'orders',
  source: 'http',
  number: 1,
  attempt: 1,
  at: 0,
  queueMs: 0,
  durationMs: 12,
  memoryMb: 128,
  faults: [hit],
  operations: [],
  log: [],
  event: '{}',
  payload: '{"statusCode":200}',
  ...given,
});
const error = (kind: 'function' | 'timeout' | 'exit' | 'init' | 'throttled', message = 'boom') => ({
  error: { kind, type: 'Error', message },
});
const decide = (records: readonly InvocationDetail[], given: Partial<ProofAttempt> = {}) =>
  judge({ ...attempt, ...given }, records, own, 3_000);

describe('verdicts', () => {
  it('confirmed: a hit invocation showed what the rule says', () => {
    expect(decide([record(error('timeout'))])).toMatchObject({
      verdict: 'confirmed',
      text: 'while stock never answered, orders was stopped at its timeout of 3 s',
    });
  });

  it('inconclusive where less is broken than the finding is about', () => {
    expect(decide([record()], { onlyConfirms: 'only its connections can be broken' })).toMatchObject({
      verdict: 'inconclusive',
      text: 'while stock never answered, orders answered 200 after 12 ms; but only its connections can be broken',
    });
    expect(decide([record(error('timeout'))], { onlyConfirms: 'x' })).toMatchObject({ verdict: 'confirmed' });
  });

  it('refuted: it was hit, and showed something else', () => {
    expect(decide([record()])).toMatchObject({
      verdict: 'refuted',
      text: 'while stock never answered, orders answered 200 after 12 ms',
    });
  });

  it.each([
    ['nothing was asked', [], /was not reached/],
    ['the fault hit nothing', [record({ faults: [] })], /called nothing that could be broken/],
    ['the handler did not load', [record(error('init'))], /did not load: boom/],
    ['it was throttled', [record({ faults: [], ...error('throttled') })], /was not let in/],
    [
      'somebody else broke it',
      [record({ faults: [hit, { fault: 'latency-1', kind: 'latency' }] })],
      /latency-1.*clear it/,
    ],
  ])('inconclusive: %s', (_why, records, text) => {
    const judged = decide(records);
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.text).toMatch(text);
  });

  it('a plain invocation needs no hit', () => {
    const plain = { needsHit: false, confirmedBy: ['exit'] as const };
    expect(decide([record({ faults: [], ...error('exit') })], plain).verdict).toBe('confirmed');
  });

  it('what an invocation leaves behind may show in the next one', () => {
    const uncaught = { error: { kind: 'function', type: 'Runtime.UnhandledPromiseRejection', message: 'x' } } as const;
    const judged = decide([record(), record({ requestId: 'r2', faults: [], ...uncaught })], { confirmedBy: ['exit'] });
    expect(judged).toMatchObject({ verdict: 'confirmed', record: { requestId: 'r2' } });
  });
});

describe('outcomes', () => {
  const seen = (given: Partial<InvocationDetail>, rest: Partial<ProofAttempt> = {}) =>
    [...outcomesOf(record(given), { ...attempt, ...rest })].sort();

  it.each([
    ['an answer', { payload: '{"statusCode":201}' }, ['success']],
    ['a status as text', { payload: '{"statusCode":"404"}' }, ['client-error']],
    ['a failure that is answered', { payload: '{"statusCode":503}' }, ['server-error']],
    ['what is no answer', { payload: '{"ok":true}' }, ['bad-answer', 'success']],
    ['nothing', { payload: 'null' }, ['bad-answer', 'empty', 'success']],
    ['an error', error('function'), ['error']],
    ['an error that nobody caught', { ...error('function'), log: ['Uncaught Exception \t{}'] }, ['exit']],
  ])('%s over HTTP', (_what, given, expected) => {
    expect(seen(given)).toEqual(expected);
  });

  it.each([
    ['a status that nobody reads', { payload: '{"statusCode":500}' }, ['success']],
    ['a batch that failed in part', { payload: '{"batchItemFailures":[{"itemIdentifier":"1"}]}' }, ['reported']],
    ['a batch without failures', { payload: '{"batchItemFailures":[]}' }, ['success']],
  ])('%s, for an event', (_what, given, expected) => {
    expect(seen(given, { caller: 'event' })).toEqual(expected);
  });

  it('too late is what comes after the gateway has given up', () => {
    expect(seen({ durationMs: 30_001 }, { limitMs: 30_000 })).toEqual(['success', 'too-late']);
    expect(seen({ durationMs: 29_999 }, { limitMs: 30_000 })).toEqual(['success']);
  });
});
