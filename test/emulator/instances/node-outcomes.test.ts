import { afterEach, describe, expect, it } from 'vitest';
import { alive, bench, closeAll, handlers, invokeOnce, messageOf } from './harness.js';

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

  it('takes a payload of 6 MB in, and out', async () => {
    const text = 'x'.repeat(6_000_000);
    expect((await invokeOnce(js('echo'), text)).value).toBe(text);
  });

  it('runs ES modules, also .js under "type": "module", with top-level await', async () => {
    expect((await invokeOnce('esm.mjs', 1)).value).toEqual({ ready: 'top-level await', event: 1, url: true });
    expect((await invokeOnce('module-type/app.js')).value).toEqual({ module: true });
  });

  it('gives the context and environment of Lambda, and none of the developer’s credentials', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'the real one';
    process.env['AWS_PROFILE'] = 'the real one';
    const subject = await bench(js('context')).invoke({}, undefined, { clientContext: '{"custom":{"a":1}}' });
    const env = (await invokeOnce(js('env'), {}, { environment: { TABLE: 't' } })).value as Record<string, string>;
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    delete process.env['AWS_PROFILE'];
    expect(subject.value).toMatchObject({
      functionName: 'subject',
      functionVersion: '$LATEST',
      memoryLimitInMB: '512',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
      logGroupName: '/aws/lambda/subject',
      clientContext: { custom: { a: 1 } },
    });
    expect((subject.value as { remaining: number }).remaining).toBeGreaterThan(0);
    expect(env).toMatchObject({
      TABLE: 't',
      AWS_LAMBDA_FUNCTION_NAME: 'subject',
      AWS_SECRET_ACCESS_KEY: 'faultline',
      AWS_REGION: 'us-east-1',
      TZ: ':UTC',
      _HANDLER: 'outcomes.env',
      cwd: handlers,
    });
    expect(env['AWS_PROFILE']).toBeUndefined();
  });
});

describe('errors of a Node handler', () => {
  it('are told with type, message and trace, and leave the instance as it was', async () => {
    const subject = bench(js('fails'));
    const first = await subject.invoke();
    expect(first.result).toMatchObject({ ok: false, kind: 'function', type: 'RangeError', message: 'out of range' });
    const { trace } = first.value as { trace: string[] };
    expect(trace[0]).toBe('RangeError: out of range');
    expect(trace[1]).toContain('outcomes.cjs:');
    expect(first.lines[0]).toMatch(/^\S+Z\trequest-\d+\tERROR\tInvoke Error \t\{"errorType":"RangeError"/);
    expect((await subject.invoke()).instance).toBe(first.instance);
  });

  it.each([
    ['failsSync', 'function', 'RangeError', 'at once'],
    ['failsText', 'function', 'string', 'just text'],
    ['callbackError', 'function', 'TypeError', 'called back'],
    ['bigint', 'response', 'Error', 'Unable to stringify response body'],
    ['circular', 'response', 'Error', 'Unable to stringify response body'],
    [
      'never',
      'function',
      'Runtime.NodeJsExit',
      expect.stringContaining('most commonly caused by a Promise that was never settled'),
    ],
  ])('%s', async (name, kind, type, message) => {
    expect((await invokeOnce(js(name))).result).toMatchObject({ ok: false, kind, type, message });
  });

  it('a response of 7 MB is refused', async () => {
    expect((await invokeOnce(js('large'), { bytes: 7_000_000 })).value).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });
});

describe('what ends a Node instance', () => {
  it.each([
    ['exit', { code: 127 }, 'Runtime.ExitError', 'Runtime exited with error: exit status 127'],
    ['exit', { code: 0 }, 'Runtime.ExitError', 'Runtime exited without providing a reason'],
    ['sigkill', {}, 'Runtime.ExitError', 'Runtime exited with error: signal: killed'],
    ['garbage', {}, 'Runtime.ExitError', 'carried data that is not its own'],
    ['forged', {}, 'Runtime.ExitError', 'carried data that is not its own'],
    ['rejection', {}, 'Runtime.UnhandledPromiseRejection', 'Error: nobody listens'],
    ['lateThrow', {}, 'Error', 'in a timer'],
  ])('%s %j', async (name, event, type, message) => {
    const invoked = await invokeOnce(js(name), event);
    expect(invoked.result).toMatchObject({ ok: false, kind: 'exit', type, message: expect.stringContaining(message) });
    if (type === 'Runtime.ExitError') expect(messageOf(invoked)).toMatch(/^RequestId: \S+ Error: /);
  });

  it('its timeout, however busy the handler is', async () => {
    const subject = bench(js('busy'), { timeoutMs: 1_000 });
    const { result, value, instance, lines } = await subject.invoke();
    // The platform's own lines are written once, by telemetry, out of the record.
    expect(lines.filter((line) => line.includes('timed out'))).toEqual([]);
    expect(result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    expect(value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: request-\d+ Error: Task timed out after 1\.00 seconds$/),
    });
    await subject.until(() => subject.pids().length === 0);
    expect(instance).toBeDefined();
  });

  it('its memory limit, also when the invocation was over before anyone looked', async () => {
    const invoked = await invokeOnce(js('memory'), { mb: 300 }, { memoryMb: 128 });
    expect(invoked.result).toMatchObject({ kind: 'exit', type: 'Runtime.ExitError' });
    expect(messageOf(invoked)).toContain('signal: killed');
  });

  it('its memory limit, while it is still running', async () => {
    const invoked = await invokeOnce(js('memoryHeld'), { mb: 200 }, { memoryMb: 128 });
    expect(messageOf(invoked)).toContain('signal: killed');
    expect(invoked.lines.at(-1)).toMatch(/killed: \d+ MB used of 128 MB/);
  });

  it('leaves the others alone, and a new one takes its place', async () => {
    const subject = bench(js('slow'), { timeoutMs: 1_500 });
    const [slow, fast] = await Promise.all([subject.invoke({ ms: 5_000 }), subject.invoke({ ms: 10 })]);
    expect(slow.result).toMatchObject({ kind: 'timeout' });
    expect(fast.result).toMatchObject({ ok: true });
    const next = await subject.invoke({ ms: 1 });
    expect(next.instance).toBe(fast.instance);
  });

  it('also ends what the handler has started', async () => {
    const subject = bench(js('leavesChild'));
    const child = (await subject.invoke()).value as number;
    expect(alive(child)).toBe(true);
    await subject.pool.drain();
    // Killed with the group before the instance counts as gone; init may take a moment to collect it.
    while (alive(child)) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('output of a Node handler', () => {
  it('has Lambda’s form and order', async () => {
    const { lines } = await invokeOnce(js('prints'));
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\trequest-\d+\tINFO\thello world \{ a: 1 \}$/);
    expect(lines[1]).toMatch(/\tERROR\tbad$/);
    expect(lines.slice(2)).toEqual(['written in parts', 'rest']);
  });

  it('is cut at 1 MB with a line that says so', async () => {
    const { lines } = await invokeOnce(js('printsMuch'));
    expect(lines.length).toBeLessThan(1_100);
    expect(lines.at(-1)).toContain('more than 1 MB of output');
  });

  it('is whole even when the process exits at once', async () => {
    const invoked = await invokeOnce(js('printsThenExits'));
    expect(invoked.lines.length).toBe(500);
    expect(messageOf(invoked)).toContain('exit status 3');
  });

  it('of child processes is attributed to the invocation', async () => {
    expect((await invokeOnce(js('childPrints'))).lines).toEqual(['from a child']);
  });
});

describe('a Node handler that does not load', () => {
  it.each([
    ['syntax.cjs', 'Runtime.UserCodeSyntaxError', "Unexpected token ';'", 2],
    ['syntax.mjs', 'Runtime.UserCodeSyntaxError', "Unexpected token ';'", 2],
    ['syntax_ts.ts', 'Runtime.UserCodeSyntaxError', 'Unexpected ";"', 2],
    ['missing.cjs', 'Runtime.ImportModuleError', "Cannot find module 'no-such-package'", 1],
    ['throws.cjs', 'Error', 'at load', 1],
    ['outcomes.cjs:absent', 'Runtime.HandlerNotFound', 'outcomes.absent is undefined or not exported', undefined],
    ['outcomes.cjs:notAFunction', 'Runtime.HandlerNotFound', 'outcomes.notAFunction is not a function', undefined],
    ['exits.cjs', 'Runtime.ExitError', 'Runtime exited with error: exit status 7', undefined],
  ])('%s', async (handler, type, message, line) => {
    const subject = bench(handler);
    const { result, value } = await subject.invoke();
    expect(result).toMatchObject({ kind: 'init', type, message: expect.stringContaining(message) });
    expect(value).toMatchObject({ errorType: type });
    const problem = () => subject.pool.snapshot().problem;
    await subject.until(() => line === undefined || problem()?.place !== undefined);
    expect(problem()).toMatchObject({ code: 'load-failed', lastGoodServes: false });
    if (line !== undefined) expect(problem()?.place).toMatchObject({ line, file: expect.stringContaining(handler) });
  });
});

describe('a TypeScript handler', () => {
  it('is bundled with what it imports, and finds its own folder', async () => {
    expect((await invokeOnce('typed.ts')).value).toEqual({ doubled: 4, dir: handlers });
  });

  it('has its own lines in traces', async () => {
    const { value } = await invokeOnce('typed.ts', { fail: true });
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'typed failure' });
    expect((value as { trace: string[] }).trace[1]).toContain('typed.ts:8:');
  });
});
