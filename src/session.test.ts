import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ControlClient } from '../emulator/client.js';
import type { EventHandlers, StateFile } from '../emulator/contract/control.js';
import type { Snapshot } from '../emulator/contract/snapshot.js';
import type { EmulatorProcess } from './launch.js';
import { Session, type SessionState } from './session.js';

class FakeChild extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly signals: string[] = [];
  /** Signals that end it; the others are ignored. */
  endsOn = ['SIGTERM', 'SIGKILL'];

  kill(signal = 'SIGTERM'): boolean {
    this.signals.push(signal);
    if (this.endsOn.includes(signal)) this.end(null, signal);
    return true;
  }

  ready(): void {
    this.stdout.write(`${JSON.stringify({ gateway: 'http://g', control: 'http://c', token: 'secret', pid: 1 })}\n`);
  }

  end(code: number | null, signal: string | null = null): void {
    setImmediate(() => this.emit('close', code, signal));
  }
}

const snapshot = (sequence: number) => ({ sequence, functions: [], faults: [] }) as unknown as Snapshot;

function setUp(options: { found?: StateFile; launchError?: Error } = {}) {
  const child = new FakeChild();
  const children = [child, new FakeChild()];
  const second = children[1] as FakeChild;
  const seen: string[] = [];
  const logged: string[] = [];
  let stream: EventHandlers | undefined;
  let break_: (() => void) | undefined;
  const client = {
    snapshot: () => Promise.resolve(snapshot(1)),
    shutdown: () => Promise.resolve(child.end(0)),
    events: (handlers: EventHandlers) =>
      new Promise<void>((done) => {
        stream = handlers;
        break_ = done;
        handlers.signal?.addEventListener('abort', () => done());
      }),
  } as unknown as ControlClient;
  const session = new Session({
    launch: () =>
      options.launchError
        ? Promise.reject(options.launchError)
        : Promise.resolve(children.shift() as unknown as EmulatorProcess),
    find: () => Promise.resolve(options.found),
    connect: () => Promise.resolve(client),
    log: (line) => logged.push(line),
    sleep: () => new Promise((done) => setTimeout(done, 20)),
  });
  session.on('state', ({ status }) => seen.push(status));
  const until = (status: SessionState['status']) =>
    new Promise<void>((done) => {
      if (session.state.status === status) return done();
      session.on('state', (state) => state.status === status && done());
    });
  return { session, child, second, client, seen, logged, until, stream: () => stream, breakStream: () => break_?.() };
}

const found: StateFile = { version: 1, pid: process.pid, gateway: 'g', control: 'c', token: 't', startedAt: 0 };

describe('an emulator of ours', () => {
  it('starts once for two callers, and keeps its token out of the log', async () => {
    const { session, child, seen, logged } = setUp();
    const both = [session.start({ root: '/w' }), session.start({ root: '/w' })];
    child.ready();
    const [first, second] = await Promise.all(both);
    expect(first).toBe(second);
    expect(first).toMatchObject({ owned: true, ready: { gateway: 'http://g', token: 'secret' } });
    expect(session.snapshot?.sequence).toBe(1);
    expect(seen).toEqual(['starting', 'running']);
    expect(logged.join()).not.toContain('secret');
  });

  it('passes snapshots on', async () => {
    const { session, child, stream } = setUp();
    child.ready();
    await session.start({ root: '/w' });
    stream()?.onSnapshot?.(snapshot(2));
    expect(session.snapshot?.sequence).toBe(2);
  });

  it('fails with what it said when it ends before it is ready', async () => {
    const { session, child } = setUp();
    const error = { code: 'PORT_IN_USE', message: 'port 3000 is in use' };
    child.stdout.write(`${JSON.stringify({ error })}\n`);
    child.end(2);
    expect(await session.start({ root: '/w' })).toBeUndefined();
    expect(session.state).toMatchObject({ status: 'failed', failure: { reason: 'port', message: error.message } });
  });

  it('fails when there is no Node to run it on', async () => {
    const { session } = setUp({ launchError: new Error('no Node') });
    await session.start({ root: '/w' });
    expect(session.state).toMatchObject({ status: 'failed', failure: { reason: 'node', message: 'no Node' } });
  });

  it('fails when it ends by itself, and can be started again', async () => {
    const { session, child, second, until } = setUp();
    child.ready();
    await session.start({ root: '/w' });
    child.end(null, 'SIGSEGV');
    await until('failed');
    expect(session.state).toMatchObject({ failure: { message: 'The emulator ended by itself (SIGSEGV).' } });
    expect(session.snapshot).toBeUndefined();
    second.ready();
    await session.start({ root: '/w' });
    expect(session.state.status).toBe('running');
  });

  it('stops by being asked, without a signal', async () => {
    const { session, child, seen } = setUp();
    child.ready();
    await session.start({ root: '/w' });
    await session.stop();
    expect(seen.slice(2)).toEqual(['stopping', 'stopped']);
    expect(child.signals).toEqual([]);
  });

  it('is killed when neither asking nor SIGTERM ends it', async () => {
    const { session, child, client } = setUp();
    child.ready();
    await session.start({ root: '/w' });
    client.shutdown = () => Promise.resolve();
    child.endsOn = ['SIGKILL'];
    await session.stop();
    expect(child.signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(session.state.status).toBe('stopped');
  });

  it('can be stopped while it starts', async () => {
    const { session, child, until } = setUp();
    const started = session.start({ root: '/w' });
    await until('starting');
    await new Promise((done) => setTimeout(done, 5));
    await session.stop();
    expect(await started).toBeUndefined();
    expect(child.signals).toEqual(['SIGTERM']);
    expect(session.state.status).toBe('stopped');
  });

  it('ends with the editor', async () => {
    const { session, child } = setUp();
    child.ready();
    await session.start({ root: '/w' });
    await session.dispose();
    expect(child.signals).toEqual(['SIGTERM']);
  });
});

describe('an emulator that somebody else started', () => {
  it('is adopted instead of starting another', async () => {
    const { session, child, seen } = setUp({ found });
    expect(await session.start({ root: '/w' })).toMatchObject({ owned: false });
    expect(seen).toEqual(['running']);
    await session.dispose();
    expect(child.signals).toEqual([]);
  });

  it('is found again when the stream breaks', async () => {
    const { session, breakStream, stream } = setUp({ found });
    await session.adopt('/w');
    breakStream();
    await new Promise((done) => setTimeout(done, 50));
    stream()?.onSnapshot?.(snapshot(7));
    expect(session.snapshot?.sequence).toBe(7);
  });

  it('is taken for stopped once its process is gone', async () => {
    const { session, breakStream, until } = setUp({ found: { ...found, pid: 2 ** 22 + 1 } });
    await session.adopt('/w');
    breakStream();
    await until('stopped');
    expect(session.running).toBeUndefined();
  });
});
