import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { DebuggerPort } from '../../../emulator/contract/snapshot.js';
import { CdpClient, getJson, type ParsedScript } from '../../support/cdp-client.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { alive, bench, closeAll, handlers, type Bench, type Given } from './harness.js';

afterEach(closeAll);

const debugged = (given: Given = {}): Bench => bench('debugged.ts', { ...given, function: { debug: true } });
const portsOf = ({ pool }: Bench): readonly DebuggerPort[] =>
  pool.snapshot().instances.flatMap(({ debugger: port }) => port ?? []);

/** The port of the instance that runs or waits; resolves once it is there. */
async function portOf(subject: Bench): Promise<DebuggerPort> {
  await subject.until(() => portsOf(subject).length > 0);
  return portsOf(subject)[0] as DebuggerPort;
}

const attachedTo = (subject: Bench): Promise<void> => subject.until(() => portsOf(subject)[0]?.attached === true);

/** Where a line of a source is in the script that was built from it: what an editor does for a breakpoint. */
function generatedLine({ url, sourceMapURL }: ParsedScript, source: string, line: number): number {
  const file = fileURLToPath(url);
  const mapFile = path.resolve(path.dirname(file), sourceMapURL);
  const payload = JSON.parse(readFileSync(mapFile, 'utf8')) as SourceMapPayload;
  const sources = payload.sources.map((name) => path.resolve(path.dirname(mapFile), name));
  expect(sources).toContain(source);
  const map = new SourceMap(payload);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.findIndex((text, at) => {
    const entry = map.findEntry(at, text.length);
    return 'originalLine' in entry && entry.originalLine === line - 1 && entry.originalSource.endsWith('debugged.ts');
  });
}

describe('a function with debug: true', () => {
  it('stops at breakpoints of its source, and does not time out while it is looked at', async () => {
    const clock = new VirtualClock();
    const subject = debugged({ clock, timeoutMs: 3_000 });
    expect((await subject.invoke()).value).toEqual({ loaded: 'at load', doubled: 2 });
    const { port, ...rest } = await portOf(subject);
    expect(rest).toEqual({ protocol: 'inspector', host: '127.0.0.1', attached: false });

    await using client = await CdpClient.attach(port);
    await attachedTo(subject);
    await client.send('Debugger.enable');
    const script = client.scripts.find(({ url }) => url.endsWith('.mjs')) as ParsedScript;
    const lineNumber = generatedLine(script, path.join(handlers, 'debugged.ts'), 11);
    await client.send('Debugger.setBreakpointByUrl', { lineNumber, urlRegex: '.*\\.mjs$' });

    const running = subject.invoke({ n: 21 });
    const { callFrames } = (await client.event('Debugger.paused')) as { callFrames: { functionName: string }[] };
    expect(callFrames[0]?.functionName).toBe('handler');
    await clock.advance(60_000);
    await client.send('Debugger.resume');
    const { value, lines } = await running;
    expect(value).toEqual({ loaded: 'at load', doubled: 42 });
    // Nothing that the inspector itself prints.
    expect(lines).toEqual([expect.stringContaining('doubled 42')]);
    expect(subject.log.filter(({ text }) => /Debugger|nodejs\.org/.test(text))).toEqual([]);
  });

  it('has its whole timeout again once the debugger is gone', async () => {
    const clock = new VirtualClock();
    const subject = bench('debugged.ts:hangs', { clock, timeoutMs: 3_000, function: { debug: true } });
    const running = subject.invoke();
    const client = await CdpClient.attach((await portOf(subject)).port);
    await subject.until(
      () => portsOf(subject)[0]?.attached === true && subject.pool.snapshot().instances[0]?.state === 'busy',
    );
    await clock.advance(10_000);
    await client.detach();
    await subject.until(() => portsOf(subject)[0]?.attached === false);
    await clock.advance(2_999);
    expect(subject.pids()).toHaveLength(1);
    await clock.advance(1);
    expect((await running).result).toMatchObject({ kind: 'timeout', message: expect.stringContaining('3.00 seconds') });
  });

  it('is served by one instance at a time, and none who waits for it is sent away', async () => {
    const clock = new VirtualClock();
    const subject = debugged({ clock, timeoutMs: 3_000, scaling: { idleMs: 1_000 } });
    await subject.invoke();
    await using client = await CdpClient.attach((await portOf(subject)).port);
    await attachedTo(subject);
    const held = await subject.pool.acquire();
    const waiting = subject.invoke({ n: 2 });
    await clock.advance(60_000);
    expect(subject.pool.snapshot()).toMatchObject({ queued: 1 });
    expect(subject.pids()).toHaveLength(1);
    if ('run' in held) subject.pool.release(held);
    expect((await waiting).value).toMatchObject({ doubled: 4 });
    // Nor is it stopped for being idle.
    await clock.advance(60_000);
    expect(subject.pids()).toHaveLength(1);
    expect(client.closed).toBe(false);
  });

  it('keeps its port over reloads, and asking what is there is no debugger', async () => {
    const subject = debugged();
    await subject.invoke();
    const { port } = await portOf(subject);
    expect(await getJson(port, '/json/version')).toMatchObject({ Browser: expect.stringContaining('node.js') });
    expect(portsOf(subject)[0]?.attached).toBe(false);
    const client = await CdpClient.attach(port);
    await attachedTo(subject);
    await subject.pool.reload();
    await subject.until(() => client.closed && subject.pids().length === 1);
    expect(portsOf(subject)).toEqual([{ protocol: 'inspector', host: '127.0.0.1', port, attached: false }]);
    await using again = await CdpClient.attach(port);
    await attachedTo(subject);
    await subject.pool.kill();
    await expect(getJson(port, '/json/list')).rejects.toThrow();
    expect(again.closed).toBe(true);
  });

  it('ends with its exit, also while a debugger is attached', async () => {
    const subject = debugged();
    const pid = subject.pids;
    const first = subject.invoke();
    await using client = await CdpClient.attach((await portOf(subject)).port);
    await first;
    const [leader = 0] = pid();
    expect((await subject.invoke({ exit: 3 })).result).toMatchObject({
      kind: 'exit',
      message: expect.stringContaining('exit status 3'),
    });
    expect(alive(leader)).toBe(false);
    expect(client.closed).toBe(true);
  });
});

describe('one invocation with debug: true', () => {
  it('has an instance of its own, which waits for its debugger before it loads the handler', async () => {
    const clock = new VirtualClock();
    const subject = bench('debugged.ts', { clock, timeoutMs: 3_000, scaling: { max: 1, idleMs: 600_000 } });
    const running = subject.invoke({ n: 5 }, undefined, { debug: true });
    const { port } = await portOf(subject);
    expect(subject.log.map(({ text }) => text)).toEqual([
      `[faultline] waiting for a debugger (inspector) at 127.0.0.1:${port}, 60 s at most`,
    ]);
    // Others are not held up, and the limit of an init is not counted.
    expect((await subject.invoke({ n: 1 })).value).toMatchObject({ doubled: 2 });
    await clock.advance(30_000);

    await using client = await CdpClient.attach(port);
    await client.send('Debugger.enable');
    await client.send('Debugger.setBreakpointByUrl', { lineNumber: 0, columnNumber: 0, urlRegex: '.*\\.mjs$' });
    await client.send('Runtime.runIfWaitingForDebugger');
    // Nothing of it has run yet.
    await client.event('Debugger.paused');
    await clock.advance(30_000);
    await client.send('Debugger.resume');
    const { result, value } = await running;
    expect(value).toEqual({ loaded: 'at load', doubled: 10 });
    expect(result).toMatchObject({ ok: true });
    await subject.until(() => subject.pids().length === 1);
    expect(portsOf(subject)).toEqual([]);
    await expect(getJson(port, '/json/list')).rejects.toThrow();
  });

  it('runs without a debugger when none has attached for 60 s', async () => {
    const clock = new VirtualClock();
    const subject = bench('debugged.ts', { clock });
    const running = subject.invoke({ n: 5 }, undefined, { debug: true });
    await portOf(subject);
    await clock.advance(59_999);
    expect(subject.log).toHaveLength(1);
    await clock.advance(1);
    expect((await running).value).toMatchObject({ doubled: 10 });
    expect(subject.log.map(({ text }) => text)).toContain('[faultline] no debugger has attached: it runs without one');
  });

  it('is told what is wrong with a handler that does not load, and with one that is ended meanwhile', async () => {
    const subject = bench('syntax.cjs');
    const running = subject.invoke({}, undefined, { debug: true });
    await using client = await CdpClient.attach((await portOf(subject)).port);
    await client.send('Runtime.runIfWaitingForDebugger');
    expect((await running).result).toMatchObject({ kind: 'init', type: 'Runtime.UserCodeSyntaxError' });
    const ended = subject.invoke({}, undefined, { debug: true });
    await portOf(subject);
    await subject.pool.kill();
    expect((await ended).result).toMatchObject({ kind: 'init' });
  });
});

describe('Python', () => {
  const environment = { PYTHONPATH: path.join(handlers, 'fake-debugpy') };

  it('waits for a debugger that speaks to debugpy', async () => {
    const subject = bench('outcomes.py:echo', { environment });
    const running = subject.invoke('fine', undefined, { debug: true });
    const { port, ...rest } = await portOf(subject);
    expect(rest).toEqual({ protocol: 'debugpy', host: '127.0.0.1', attached: false });
    const socket = net.connect(port, '127.0.0.1').resume();
    socket.write('Content-Length: 42\r\n\r\n{"type":"request","command":"initialize"}');
    await attachedTo(subject);
    socket.write('{"type":"request","command":"configurationDone"}');
    expect((await running).value).toBe('fine');
    await new Promise((resolve) => socket.once('close', resolve));
    await subject.until(() => subject.pids().length === 0);
  });

  it('says how to get debugpy, and runs without it', async () => {
    const subject = bench('outcomes.py:echo', { environment: { PYTHONPATH: path.join(handlers, 'no-debugpy') } });
    expect((await subject.invoke('fine', undefined, { debug: true })).value).toBe('fine');
    expect(subject.log[0]?.text).toMatch(
      /^\[faultline\] no debugger: there is no debugpy for this Python; install it with: .*python\S* -m pip install debugpy$/,
    );
  });
});
