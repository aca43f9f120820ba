import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench, closeAll, invokeOnce, type Bench, type Invoked } from './harness.js';

// What the vendor's runtime client does: aws-lambda-ric 3, CallbackContext.js, Runtime.js, Errors.js [S].

afterAll(closeAll);
let subject: Bench;
const run = (name: string): Promise<Invoked> => subject.invoke({ case: name });

describe('a Node handler that calls back', () => {
  beforeAll(() => {
    subject = bench('ways.cjs');
  });

  it('has answered when its event loop is empty', async () => {
    expect(await run('waits')).toMatchObject({ value: 'answered', lines: [expect.stringContaining('left running')] });
  });

  it.each([
    ['doesNotWait', 'answered'],
    ['async', 'answered'],
    ['done', 'answered'],
    ['error', { errorMessage: 'called back' }],
  ])('has answered at once, and the rest goes on in the next one’s time: %s', async (name, expected) => {
    const first = await run(name);
    expect({ value: first.value }).toMatchObject({ value: expected });
    expect((await run('waits')).lines.filter((line) => line.endsWith('left running'))).toHaveLength(2);
  });

  it.each([
    ['twice', 'first'],
    ['both', 'by callback'],
    ['thenable', 'answered'],
    // A result that is none: falsy errors count as success to a callback.
    ['throwsNothing', null],
  ])('%s', async (name, expected) => {
    expect((await run(name)).value).toEqual(expected);
  });

  it('that is late has answered null, and is told so', async () => {
    expect((await run('late')).value).toBeNull();
    expect((await run('waits')).value).toBe('answered');
    await subject.until(() => subject.log.some(({ text }) => text.includes('already been reported as done')));
  });
});

describe('a Node handler that fails', () => {
  beforeAll(() => {
    subject = bench('ways.cjs');
  });

  it.each([
    ['fail', { errorType: 'string', errorMessage: 'text', trace: [] }],
    ['failNothing', { errorType: 'string', errorMessage: 'handled', trace: [] }],
    ['rejectsNothing', { errorType: 'string', errorMessage: 'handled', trace: [] }],
    ['rejectsObject', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
    ['rejectsWithoutStack', { errorType: 'handled', errorMessage: expect.stringContaining('callback called with') }],
    ['unserialisable', { errorType: 'Error', errorMessage: 'Unable to stringify response body' }],
    ['function', { errorType: 'TypeError', errorMessage: 'Wrong arguments' }],
  ])('%s', async (name, payload) => {
    const { value, result } = await run(name);
    expect(value).toMatchObject(payload);
    expect(result).toMatchObject({ ok: false });
  });

  it('shows the error with all that it carries in the log, and the essence to the caller', async () => {
    const { value, lines } = await run('rejectsCustom');
    expect(value).toEqual({ errorType: 'Refused', errorMessage: 'refused', trace: expect.any(Array) });
    const [, json] = (lines[0] ?? '').split('Invoke Error \t');
    expect(JSON.parse(json ?? '')).toMatchObject({
      errorType: 'Refused',
      errorMessage: 'refused',
      code: 'E_REFUSED',
      details: { left: 0 },
      stack: expect.arrayContaining(['Refused: refused', expect.stringContaining('ways.cjs:')]),
    });
  });
});

it('a result that has no JSON, called back and waited for, ends the instance', async () => {
  const { result } = await invokeOnce('ways.cjs:unserialisable');
  expect(result).toMatchObject({ kind: 'exit', type: 'Error', message: 'Unable to stringify response body' });
});

it('what is thrown after the answer fails the invocation that runs then', async () => {
  subject = bench('ways.cjs:stays');
  expect((await subject.invoke()).value).toBe('answered');
  const next = await subject.invoke({ again: true });
  expect(next.result).toMatchObject({ kind: 'exit', type: 'Error', message: 'thrown after the answer' });
});

it('a rejection without a reason is told as one', async () => {
  const { value, lines } = await invokeOnce('ways.cjs:rejects');
  expect(value).toMatchObject({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: '' });
  expect(lines[0]).toContain('ERROR\tUnhandled Promise Rejection \t{');
});

describe('a handler that is', () => {
  it.each([
    ['ways.cjs:serve.async', 'answered'],
    // On Lambda the runtime calls it, not the object that it belongs to.
    ['ways.cjs:api.handler', 'this is not the instance'],
    ['ways.cjs:api.nested.handler', 'by a getter'],
    ['ways.cjs:serve.self', ['handler']],
  ])('%s', async (handler, expected) => {
    expect((await invokeOnce(handler)).value).toEqual(expected);
  });
});
