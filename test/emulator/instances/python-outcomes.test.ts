import { afterEach, describe, expect, it } from 'vitest';
import path from 'node:path';
import { bench, closeAll, handlers, invokeOnce, messageOf } from './harness.js';

afterEach(closeAll);
const py = (name: string): string => `outcomes.py:${name}`;

describe('errors of a Python handler', () => {
  it('are told with type, message, request id and stack, and leave the instance as it was', async () => {
    const subject = bench(py('fails'));
    const first = await subject.invoke();
    expect(first.result).toMatchObject({ ok: false, kind: 'function', type: 'OutOfStock', message: 'none left' });
    expect(first.value).toEqual({
      errorMessage: 'none left',
      errorType: 'OutOfStock',
      requestId: expect.stringMatching(/^request-/),
      stackTrace: [expect.stringMatching(/^ {2}File ".*outcomes\.py", line \d+, in fails\n {4}raise OutOfStock/)],
    });
    expect(first.lines[0]).toMatch(
      /^\[ERROR\] OutOfStock: none left\nTraceback \(most recent call last\):\n\xa0\xa0File ".*", line \d+, in fails\n\xa0{4}raise/,
    );
    expect((await subject.invoke()).instance).toBe(first.instance);
  });

  it('a result that is no JSON, or too large', async () => {
    expect((await invokeOnce(py('unserialisable'))).result).toMatchObject({
      kind: 'response',
      type: 'Runtime.MarshalError',
      message: 'Unable to marshal response: Object of type set is not JSON serializable',
    });
    expect((await invokeOnce(py('large'), { bytes: 7_000_000 })).result).toMatchObject({
      kind: 'response',
      type: 'Function.ResponseSizeTooLarge',
    });
  });
});

describe('what ends a Python instance', () => {
  it.each([
    ['exit_code', { code: 5 }, 'Runtime exited with error: exit status 5'],
    ['exit_code', { code: 0 }, 'Runtime exited without providing a reason'],
    ['hard_exit', { code: 9 }, 'Runtime exited with error: exit status 9'],
    ['sigkill', {}, 'Runtime exited with error: signal: killed'],
    ['garbage', {}, 'carried data that is not its own'],
  ])('%s %j', async (name, event, message) => {
    const { result } = await invokeOnce(py(name), event);
    expect(result).toMatchObject({
      kind: 'exit',
      type: 'Runtime.ExitError',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['odd', 'exit status 1', 'ValueError: no text'],
    ['surrogate', 'exit status 1', "can't encode character '\\ud800'"],
    ['keyboard', 'signal: interrupt', 'KeyboardInterrupt'],
    ['base', 'exit status 1', 'BaseException: at the base'],
    ['exit_text', 'exit status 1', 'said at the end'],
    // As any Python, it waits for its threads.
    ['exit_thread', 'exit status 4', 'the thread has ended'],
    ['hard_exit', 'exit status 9', ''],
  ])('%s', async (name, message, line) => {
    const { result, lines } = await invokeOnce('results.py', { case: name });
    expect(result).toMatchObject({ kind: 'exit', message: expect.stringContaining(message) });
    expect(lines.join('\n')).toContain(line);
  });

  it('its timeout, however busy the handler is', async () => {
    const invoked = await invokeOnce(py('busy'), {}, { timeoutMs: 1_000 });
    expect(invoked.result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    expect(messageOf(invoked)).toContain('Task timed out after 1.00 seconds');
  });

  it('its memory limit', async () => {
    const invoked = await invokeOnce(py('memory'), { mb: 300 }, { memoryMb: 128 });
    expect(messageOf(invoked)).toContain('signal: killed');
  });
});

describe('output of a Python handler', () => {
  it('has Lambda’s form and order', async () => {
    const { lines } = await invokeOnce(py('prints'));
    expect(lines.slice(0, 3)).toEqual(['hello world', 'bad', 'written in parts']);
    expect(lines[3]).toMatch(/^\[INFO\]\t\d{4}-\d\d-\d\dT[\d:.]+Z\trequest-\d+\tlogged 1$/);
    expect(lines[4]).toBe('rest');
  });

  it('is cut at 1 MB with a line that says so', async () => {
    const { lines } = await invokeOnce(py('prints_much'));
    expect(lines.length).toBeLessThan(1_100);
    expect(lines.at(-1)).toContain('more than 1 MB of output');
  });

  it('of child processes is attributed to the invocation', async () => {
    expect((await invokeOnce(py('child_prints'))).lines).toEqual(['from a child']);
  });
});

describe('a Python handler that does not load', () => {
  it.each([
    ['syntax.py', 'Runtime.UserCodeSyntaxError', "Syntax error in module 'syntax'", 2],
    [
      'missing.py',
      'Runtime.ImportModuleError',
      "Unable to import module 'missing': No module named 'no_such_module'",
      1,
    ],
    ['throws.py', 'ValueError', 'at load', 2],
    ['outcomes.py:absent', 'Runtime.HandlerNotFound', "Handler 'absent' missing on module 'outcomes'", undefined],
  ])('%s', async (handler, type, message, line) => {
    const subject = bench(handler);
    const { result } = await subject.invoke();
    expect(result).toMatchObject({ kind: 'init', type, message: expect.stringContaining(message) });
    const { problem } = subject.pool.snapshot();
    expect(problem).toMatchObject({ code: 'load-failed', lastGoodServes: false });
    if (line !== undefined) expect(problem?.place).toMatchObject({ line, file: expect.stringContaining(handler) });
  });
});

describe('a Python module', () => {
  const root = path.join(handlers, 'python-packages');

  it('of a package imports from it, also when its folder is no identifier', async () => {
    expect((await invokeOnce('shop-api/app.py', {}, { root })).value).toBe('of the package');
  });

  it('with the name of one that Lambda has loaded itself is never looked at', async () => {
    expect((await invokeOnce('json.py', {}, { root })).value).toEqual({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: "Handler 'handler' missing on module 'json'",
      requestId: '',
      stackTrace: [],
    });
    expect((await invokeOnce('time.py', {}, { root })).value).toMatchObject({
      errorType: 'Runtime.BuiltInModuleConflict',
      errorMessage: 'Cannot use built-in module time as a handler module',
    });
  });
});
