import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench, closeAll, handlers, invokeOnce, type Bench } from './harness.js';

// What the vendor's runtime client does: awslambdaric, bootstrap.py, lambda_context.py, lambda_runtime_marshaller.py [S].

afterAll(closeAll);
const py = (name: string): string => `outcomes.py:${name}`;

describe('results of a Python handler', () => {
  let subject: Bench;
  beforeAll(() => {
    subject = bench('results.py');
  });

  it('answers with the JSON of the result, and keeps the module between invocations', async () => {
    const counter = bench(py('count'));
    expect((await counter.invoke()).value).toBe(1);
    const second = await counter.invoke();
    expect(second.value).toBe(2);
    expect(second.result).toMatchObject({ ok: true, maxMemoryMb: expect.any(Number) });
  });

  it('keeps falsy results apart', async () => {
    const falsy = bench(py('falsy'));
    const results: unknown[] = [];
    for (let i = 0; i < 6; i++) results.push((await falsy.invoke(i)).value);
    expect(results).toEqual([0, false, '', [], {}, null]);
  });

  it.each([
    ['echo', { a: ['ü', 1, null] }, { a: ['ü', 1, null] }],
    ['nothing', {}, null],
    ['thread_fails', {}, 'unharmed'],
  ])('%s', async (name, event, expected) => {
    expect((await invokeOnce(py(name), event)).value).toEqual(expected);
  });

  // As the vendor's client encodes them, which is not how Python's own json does.
  it.each([
    ['decimals', '{"a": 1.10, "b": 1E+3, "c": [-0], "d": NaN}'],
    ['named_tuples', '[{"x": 1, "y": 2}, {"nested": {"x": 1, "y": {"x": 2, "y": 3}}}]'],
    ['nested_bytes', '{"a": "text", "b": 1}'],
    ['keys', '{"1": 1, "null": 2, "1.5": 3, "a": 4}'],
    ['nan', 'NaN'],
    ['big', '1267650600228229401496703205376'],
    ['shared', '[[1], [1]]'],
  ])('%s', async (name, text) => {
    const { result } = await subject.invoke({ case: name });
    expect(result).toMatchObject({ ok: true, payload: Buffer.from(text) });
  });

  it('bytes are answered with as they are, and text in the script of the version', async () => {
    const { result } = await subject.invoke({ case: 'bytes' });
    expect(result).toMatchObject({ payload: Buffer.from('raw \xff', 'latin1') });
    expect((await subject.invoke({ case: 'unicode' })).value).toBe('ü\u2028');
  });

  it('takes a payload of 6 MB in, and out', async () => {
    const text = 'x'.repeat(6_000_000);
    expect((await invokeOnce(py('echo'), text)).value).toBe(text);
  });

  it('gives the context and environment of Lambda', async () => {
    const context = await bench(py('context')).invoke({}, undefined, { clientContext: '{"custom":{"a":1}}' });
    expect(context.value).toMatchObject({
      function_name: 'subject',
      identity: { cognito_identity_id: null },
      tenant_id: null,
      function_version: '$LATEST',
      memory_limit_in_mb: '512',
      log_group_name: '/aws/lambda/subject',
      custom: { a: 1 },
    });
    expect((context.value as { remaining: number }).remaining).toBeGreaterThan(0);
    const env = (await invokeOnce(py('env'), {}, { environment: { TABLE: 't' } })).value;
    expect(env).toMatchObject({ TABLE: 't', AWS_SECRET_ACCESS_KEY: 'faultline', cwd: handlers, argv: 1 });
  });
});

describe('errors of a Python handler, as the vendor’s client words them', () => {
  let subject: Bench;
  beforeAll(() => {
    subject = bench('results.py');
  });

  it.each([
    ['datetime', 'Object of type datetime is not JSON serializable'],
    ['set', 'Object of type set is not JSON serializable'],
    ['tuple_key', 'keys must be str, int, float, bool or None, not tuple'],
    ['bad_bytes', "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"],
    ['circular', 'Circular reference detected'],
  ])('%s has no JSON', async (name, message) => {
    const { result, value, lines } = await subject.invoke({ case: name });
    expect(result).toMatchObject({ kind: 'response', type: 'Runtime.MarshalError' });
    expect(value).toMatchObject({ errorMessage: `Unable to marshal response: ${message}`, stackTrace: [] });
    expect(lines).toEqual([
      `[ERROR] Runtime.MarshalError: Unable to marshal response: ${message}\nTraceback (most recent call last):`,
    ]);
  });

  it.each([
    ['empty', 'Plain', ''],
    ['none', 'Plain', 'None'],
    ['lines', 'Plain', 'a\nb'],
    ['chained', 'KeyError', "'sku'"],
  ])('an exception: %s', async (name, errorType, errorMessage) => {
    expect((await subject.invoke({ case: name })).value).toMatchObject({ errorType, errorMessage });
  });

  it('a coroutine is no result: Lambda does not await it', async () => {
    const { value, lines } = await invokeOnce('results.py:coroutine');
    expect(value).toMatchObject({
      errorMessage: 'Unable to marshal response: Object of type coroutine is not JSON serializable',
    });
    expect(lines.join('\n')).toContain("coroutine 'coroutine' was never awaited");
  });

  it('what is no function fails when it is called, not when it is loaded', async () => {
    expect((await invokeOnce('results.py:number')).value).toMatchObject({
      errorType: 'TypeError',
      errorMessage: "'int' object is not callable",
    });
  });

  it('a client context has the fields that there are, or is refused', async () => {
    const contexts = bench('results.py:client_context');
    const given = async (clientContext: string): Promise<unknown> =>
      (await contexts.invoke({}, undefined, { clientContext })).value;
    expect(await given('{"custom":{"a":1},"client":{"installation_id":"i"}}')).toBe(
      "ClientContext([custom={'a': 1},env=None,client=Client([installation_id=i,app_title=None,app_version_name=None,app_version_code=None,app_package_name=None])])",
    );
    expect((await contexts.invoke()).value).toBe('None');
    expect(await given('no')).toMatchObject({
      errorType: 'Runtime.LambdaContextUnmarshalError',
      errorMessage: 'Unable to parse Client Context JSON: Expecting value: line 1 column 1 (char 0)',
    });
    expect(await given('[]')).toMatchObject({ errorType: 'AttributeError' });
  });
});
