import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testIo } from '../../../emulator/cli/fixture.js';
import type { TestIo } from '../../../emulator/cli/fixture.js';
import { runCli } from '../../../emulator/cli/run.js';
import { createStartCommand } from '../../../emulator/cli/start.js';
import { STATE_FILE } from '../../../emulator/contract/control.js';
import type { EventHandlers, ReadyLine } from '../../../emulator/contract/control.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { Emulator, StartEmulator, StartOptions } from '../../../emulator/contract/library.js';
import { createWorkspace, until } from '../../support/workspace.js';
import type { TestWorkspace } from '../../support/workspace.js';
import { detailOf, fakeControl, faultOf, functionOf } from './fake-backend.js';
import type { FakeControl } from './fake-backend.js';

/** The commands against a real control server over a fake backend. */

let workspace: TestWorkspace;
let control: FakeControl;
beforeEach(async () => {
  workspace = await createWorkspace({});
  control = await fakeControl();
  const state = {
    version: 1,
    pid: process.pid,
    gateway: 'http://x',
    control: control.url,
    token: control.token,
    startedAt: 0,
  };
  await mkdir(path.join(workspace.root, '.faultline'));
  await writeFile(path.join(workspace.root, STATE_FILE), JSON.stringify(state));
});
afterEach(async () => {
  await control.server.close();
  await workspace[Symbol.asyncDispose]();
});

async function run(...argv: string[]) {
  const io = testIo({ cwd: workspace.root });
  return { exitCode: await runCli(argv, io), out: io.out, err: io.err };
}

describe('invoke', () => {
  it('prints the result and nothing else on standard output', async () => {
    const { exitCode, out, err } = await run('invoke', 'stock', '--event', '{"sku":"apple"}', '--log');
    expect([exitCode, JSON.parse(out)]).toEqual([0, { left: 3 }]);
    expect(control.backend.seen['invoke']).toEqual({ function: 'stock', event: { sku: 'apple' } });
    expect(err).toBe('START RequestId: r1 Version: $LATEST\nEND RequestId: r1\n');
  });

  it('ends with 1 and the error payload for a function error', async () => {
    control.backend.detail = detailOf('r1', {
      payload: '{"errorType":"TypeError"}',
      error: { kind: 'function', type: 'TypeError', message: 'x is not a function' },
    });
    const { exitCode, out, err } = await run('invoke', 'stock');
    expect([exitCode, JSON.parse(out)]).toEqual([1, { errorType: 'TypeError' }]);
    expect(err).toBe('function error: TypeError: x is not a function\n');
  });

  it('does not wait with --async, and prints null for nothing', async () => {
    expect(await run('invoke', 'stock', '--async')).toEqual({
      exitCode: 0,
      out: '',
      err: 'accepted, request r2\n',
    });
    control.backend.invoke = () => Promise.resolve({ requestId: 'r1', ok: true });
    expect((await run('invoke', 'stock')).out).toBe('null\n');
  });

  it('is wrong use for an unknown function, and without an emulator', async () => {
    expect(await run('invoke', 'nobody')).toEqual({
      exitCode: 2,
      out: '',
      err: 'error: there is no function nobody\n',
    });
    await control.server.close();
    const { exitCode, err } = await run('invoke', 'stock');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: no emulator runs for .*\n {2}hint: start one with `faultline start`/);
  });

  it('ends quietly when it is interrupted', async () => {
    const controller = new AbortController();
    control.backend.invoke = () => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const io = testIo({ cwd: workspace.root, signal: controller.signal });
    expect(await runCli(['invoke', 'stock'], io)).toBe(1);
    expect(io.err).toBe('');
  });
});

describe('fault', () => {
  it('adds one with parameters read by the catalog’s schema', async () => {
    const { exitCode, out } = await run(
      ...['fault', 'add', 'latency', '--function', 'stock', '--rate', '50%', '--for', '30s'],
      ...['--set', 'ms=300', '--set', 'hosts=a,b', '--set', 'when=after'],
    );
    expect(exitCode).toBe(0);
    expect(out).toBe('latency-1  on  stock  50 %  hit 0 of 0    +800 ms before the handler\n');
    expect(control.backend.seen['add']).toEqual({
      kind: 'latency',
      function: 'stock',
      rate: 50,
      for: '30s',
      params: { ms: 300, hosts: ['a', 'b'], when: 'after' },
    });
  });

  it('lists them, clears one, clears all', async () => {
    expect((await run('fault', 'list')).out).toBe('no faults\n');
    control.backend.list.push(faultOf('latency-1', { kind: 'latency' }), faultOf('hang-2', { kind: 'hang' }));
    expect((await run('fault', 'list')).out.split('\n')).toHaveLength(3);
    expect((await run('fault', 'clear', 'hang-2')).out).toBe('cleared hang-2\n');
    expect((await run('fault', 'clear')).out).toBe('cleared 1 fault\n');
    expect((await run('fault', 'clear', 'hang-2')).exitCode).toBe(2);
  });

  it('adds one with a match, a pick, a ramp, at most so many at once, dry', async () => {
    const flags = ['--match', 'route=POST /orders', '--match', 'event.$.sku^=ap', '--match', '!header.x-debug'];
    const more = ['--first', '3', '--at-once', '2', '--ramp', '10s', '--dry-run'];
    const { exitCode } = await run('fault', 'add', 'latency', ...flags, ...more);
    expect(exitCode).toBe(0);
    expect(control.backend.seen['add']).toEqual({
      kind: 'latency',
      params: {},
      match: {
        route: 'POST /orders',
        event: { '$.sku': { startsWith: 'ap' } },
        headers: { 'x-debug': { exists: false } },
      },
      first: 3,
      atOnce: 2,
      ramp: '10s',
      dryRun: true,
    });
    await run('fault', 'add', 'latency', '--sequence', 'hit,hit,pass');
    expect(control.backend.seen['add']).toMatchObject({ sequence: ['hit', 'hit', 'pass'] });
  });

  it.each([
    [['--match', 'colour=red'], 'keys: route, version, alias, instance, header.NAME, event.PATH'],
    [['--sequence', 'often'], 'hit,hit,pass'],
    [['--sequence', 'first 3'], 'hit,hit,pass'],
    [['--nth', '0'], 'Give a whole number from 1'],
    [['--rate', '101'], 'up to 100'],
  ])('says what to write instead of %j', async (flags, advice) => {
    const { exitCode, err } = await run('fault', 'add', 'latency', ...flags);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(advice)]);
  });

  it('lists what was hit, and what would have been', async () => {
    expect((await run('fault', 'hits')).out).toBe('no hits\n');
    const faults = [
      { fault: 'network-1', kind: 'network', where: 'connect db:5432', saw: 'ECONNREFUSED' },
      { fault: 'hang-1', kind: 'hang', dryRun: true },
    ] as const;
    control.backend.detail = { ...detailOf('r1'), faults };
    const { out } = await run('fault', 'hits');
    expect(out).toMatch(/stock +number 1 +network-1 +connect db:5432 +ECONNREFUSED/);
    expect(out).toMatch(/hang-1 +dry run/);
    expect((await run('fault', 'hits', 'hang-1')).out.split('\n')).toHaveLength(2);
    expect((await run('fault', 'hits', '--limit', '1')).err).toBe('1 more; --limit shows them\n');
  });

  it('holds one until the command ends', async () => {
    const stop = new AbortController();
    const io = testIo({ cwd: workspace.root, signal: stop.signal });
    const ended = runCli(['fault', 'add', 'latency', '--hold'], io);
    await until('the fault', () => io.err.includes('it ends with this command'));
    expect(control.backend.list).toHaveLength(1);
    stop.abort();
    expect(await ended).toBe(0);
    await until('its end', () => control.backend.list.length === 0);
  });

  it('lists the kinds with their parameters and defaults', async () => {
    const { out } = await run('fault', 'kinds');
    expect(out).toContain('latency  The invocation takes longer.');
    expect(out).toMatch(/--set ms=number +Delay in ms +default 800/);
    expect(out).toMatch(/--set hosts=string,… +default none/);
    expect(out).toMatch(/--set when=before\|after +default before/);
  });

  it('an unknown kind is wrong use, as the emulator explains it', async () => {
    const { exitCode, err } = await run('fault', 'add', 'latncy', '--set', 'ms=1');
    expect([exitCode, err]).toEqual([2, 'error: There is no fault kind "latncy"\n  at kind\n']);
  });
});

/** Promise.withResolvers, which Node 20 does not have. */
function resolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** `faultline start` with an emulator that is only a control server. */
function startCommand(io: TestIo, argv: string[], change: Partial<Emulator> = {}) {
  const given: StartOptions[] = [];
  const stopped = { count: 0 };
  const ended = resolvers();
  const emulator = {
    url: 'http://127.0.0.1:3000',
    control: { url: control.url, token: control.token },
    seed: '7',
    closed: ended.promise,
    snapshot: () => control.backend.snapshot(),
    invocations: () => control.backend.invocations(undefined, 500),
    // As the emulator tells it, without the interval between snapshots.
    events: async ({ onSnapshot, onLog }: EventHandlers) => {
      control.backend.onChange(() => onSnapshot?.(control.backend.snapshot()));
      control.backend.onLog((event) => onLog?.(event));
      await ended.promise;
    },
    stop: async () => {
      stopped.count++;
      // What ends in the drain is told too.
      control.backend.change();
      await control.server.close();
      ended.resolve();
    },
    ...change,
  } as unknown as Emulator;
  const startEmulator: StartEmulator = async (options = {}) => {
    given.push(options);
    return emulator;
  };
  const program = new Command().exitOverride();
  const done = new Promise<number>((resolve, reject) => {
    createStartCommand(() => Promise.resolve(startEmulator)).register(program, io, resolve);
    program.parseAsync(['start', ...argv], { from: 'user' }).catch(reject);
  });
  return { done, given, stopped };
}

describe('start', () => {
  const ending = (): { io: TestIo; abort: () => void } => {
    const controller = new AbortController();
    return { io: testIo({ cwd: '/somewhere', signal: controller.signal }), abort: () => controller.abort() };
  };
  const invoked = () => [
    functionOf('stock', { totals: { invocations: 1, errors: 0, coldStarts: 0 }, recent: [detailOf('r1')] }),
  ];

  it('says what is served and where, then one line an invocation, until the signal', async () => {
    const { io, abort } = ending();
    const { done, given, stopped } = startCommand(io, ['app', '--seed', '7', '--no-watch']);
    await until('it is followed', () => control.backend.changeListeners.size === 1);
    expect(given).toEqual([
      {
        root: '/somewhere/app',
        port: 3000,
        controlPort: 3001,
        watch: false,
        stateFile: true,
        seed: '7',
        log: expect.any(Function) as () => void,
      },
    ]);
    expect(io.out).toMatch(/stock {2}node {2}stock\.js {2}GET +http:\/\/127\.0\.0\.1:1\/stock/);
    expect(io.out).toContain(`${control.url}/#token=${control.token}`);
    control.backend.functions = invoked();
    control.backend.change();
    control.backend.log('hello');
    await until('the line is there', () => /stock {2}ok +3 ms/.test(io.out));
    expect(io.out).toContain('stock  | hello');
    abort();
    expect(await done).toBe(0);
    expect(stopped.count).toBe(1);
    expect(io.out).toContain('stopping');
  });

  it('--json: the ready line, then one event a line, also those of the drain', async () => {
    const { io, abort } = ending();
    const { done } = startCommand(io, ['--json', '--port', '0', '--control-port', '0']);
    await until('it is followed', () => control.backend.changeListeners.size === 1);
    control.backend.functions = invoked();
    abort();
    expect(await done).toBe(0);
    const [ready, ...events] = io.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const expected: ReadyLine = {
      gateway: 'http://127.0.0.1:3000',
      control: control.url,
      token: control.token,
      pid: process.pid,
    };
    expect(ready).toEqual(expected);
    expect(events).toMatchObject([{ type: 'stopping' }, { type: 'invocation', record: { requestId: 'r1' } }]);
  });

  it('ends by itself when the emulator is shut down', async () => {
    const { io } = ending();
    const { done } = startCommand(io, [], { closed: Promise.resolve() });
    expect(await done).toBe(0);
  });

  it('--json: what stops it is one line too', async () => {
    const { io } = ending();
    const error = new FaultlineError('CONFIG_INVALID', 'unknown key', { place: { file: 'faultline.yaml', line: 4 } });
    const program = new Command();
    createStartCommand(() => Promise.resolve(() => Promise.reject(error))).register(program, io, () => undefined);
    await expect(program.parseAsync(['start', '--json'], { from: 'user' })).rejects.toBe(error);
    expect(JSON.parse(io.out)).toEqual({ error: error.toJSON() });
  });
});
