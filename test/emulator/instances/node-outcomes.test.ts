import { afterEach, describe, expect, it } from 'vitest';
import { bench, closeAll, invokeOnce } from './harness.js';

afterEach(closeAll);
const js = (name: string): string => `outcomes.cjs:${name}`;

describe('results of a Node handler', () => {
  it('answers with the JSON of the result, and keeps the module between invocations', async () => {
    const subject = bench(js('count'));
    expect((await subject.invoke()).value).toBe(1);
    const second = await subject.invoke();
    expect(second.value).toBe(2);
    expect(second.result).toMatchObject({ ok: true, maxMemoryMb: expect.any(Number) });
  });

  it.each([
    ['echo', { a: ['ü', 1, null] }, { a: ['ü', 1, null] }],
    ['nothing', {}, null],
    ['withFunction', {}, { kept: 1 }],
    ['callback', { n: 1 }, { via: 'callback', event: { n: 1 } }],
    ['succeed', {}, { via: 'succeed' }],
    // As on Lambda: what a handler that is not async returns is not looked at.
    ['syncResult', {}, null],
  ])('%s', async (name, event, expected) => {
    expect((await invokeOnce(js(name), event)).value).toEqual(expected);
  });
});
