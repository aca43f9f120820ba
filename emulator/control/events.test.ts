import { beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend, functionOf } from '../../test/emulator/control/fake-backend.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { SNAPSHOT_INTERVAL_MS } from '../contract/control.js';
import type { LogEvent } from '../contract/control.js';
import type { Snapshot } from '../contract/snapshot.js';
import { FADE_MS } from '../pulse.js';
import { EventHub, HEARTBEAT_MS } from './events.js';
import type { EventSink } from './events.js';

/** A client whose reading the test controls. */
class FakeSink {
  readonly written: string[] = [];
  readonly #listeners = new Map<string, () => void>();
  writableLength = 0;
  reading = true;
  ended = false;
  destroyed = false;

  write(text: string): boolean {
    this.written.push(text);
    if (!this.reading) this.writableLength += text.length;
    return this.reading;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  on(event: string, listener: () => void): this {
    this.#listeners.set(event, listener);
    return this;
  }

  emit(event: 'drain' | 'close' | 'error'): void {
    if (event === 'drain') {
      this.reading = true;
      this.writableLength = 0;
    }
    this.#listeners.get(event)?.();
  }

  get snapshots(): number[] {
    return this.#data<Snapshot>('snapshot').map(({ sequence }) => sequence);
  }

  get logs(): LogEvent[] {
    return this.#data<LogEvent>('log');
  }

  #data<T>(event: string): T[] {
    const head = `event: ${event}\ndata: `;
    return this.written.filter((text) => text.startsWith(head)).map((text) => JSON.parse(text.slice(head.length)) as T);
  }
}

let backend: FakeBackend;
let clock: VirtualClock;
let hub: EventHub;
beforeEach(() => {
  backend = new FakeBackend();
  clock = new VirtualClock();
  hub = new EventHub(backend, clock);
});

function connect(): FakeSink {
  const sink = new FakeSink();
  hub.add(sink as unknown as EventSink);
  return sink;
}

describe('event stream', () => {
  it('sends the complete snapshot at once, and nothing while nothing changes', async () => {
    const sink = connect();
    expect(sink.snapshots).toEqual([1]);
    await clock.advance(10_000);
    expect(sink.snapshots).toEqual([1]);
  });

  it('sends a flood of changes as one snapshot per interval, the last change included', async () => {
    const sink = connect();
    for (let ms = 0; ms < 2_000; ms += 5) {
      backend.change();
      await clock.advance(5);
    }
    expect(sink.snapshots.length - 1).toBe(2_000 / SNAPSHOT_INTERVAL_MS);
    backend.change();
    await clock.advance(SNAPSHOT_INTERVAL_MS);
    expect(sink.snapshots.at(-1)).toBe(backend.snapshots);
  });

  it('sends a lone change at once when the last snapshot is long ago', async () => {
    const sink = connect();
    await clock.advance(1_000);
    backend.change();
    await clock.advance(0);
    expect(sink.snapshots).toHaveLength(2);
  });

  it('makes one snapshot for all clients', async () => {
    const [a, b] = [connect(), connect()];
    await clock.advance(1_000);
    backend.change();
    await clock.advance(0);
    expect(backend.snapshots).toBe(3);
    expect([a.snapshots.at(-1), b.snapshots.at(-1)]).toEqual([3, 3]);
  });

  it('sends again while figures fade, though nothing changes', async () => {
    backend.functions = [functionOf('stock', { figures: { rate: 2, errorShare: 0 } })];
    const sink = connect();
    await clock.advance(FADE_MS);
    expect(sink.snapshots).toHaveLength(2);
    backend.functions = [functionOf('stock')];
    await clock.advance(60_000);
    expect(sink.snapshots).toHaveLength(3);
  });

  it('sends log lines as they come', () => {
    const sink = connect();
    backend.log('one\nline');
    expect(sink.logs).toMatchObject([{ function: 'stock', text: 'one\nline' }]);
    expect(sink.written.at(-1)?.split('\n')).toHaveLength(4);
  });

  it('lets go of the backend and of every timer when the last client has gone', () => {
    const [a, b] = [connect(), connect()];
    expect([backend.changeListeners.size, backend.logListeners.size]).toEqual([1, 1]);
    a.emit('close');
    a.emit('error');
    backend.change();
    expect(backend.changeListeners.size).toBe(1);
    b.emit('close');
    expect([hub.clients, backend.changeListeners.size, backend.logListeners.size, clock.pending]).toEqual([0, 0, 0, 0]);
    connect();
    expect(backend.changeListeners.size).toBe(1);
  });

  it('sends heartbeats, so that nobody takes silence for the end', async () => {
    const sink = connect();
    await clock.advance(2 * HEARTBEAT_MS);
    expect(sink.written.filter((text) => text.startsWith(':'))).toHaveLength(2);
  });

  it('ends every stream, after the last change', () => {
    const sink = connect();
    backend.change();
    hub.close();
    expect(sink.snapshots).toHaveLength(2);
    expect(sink.ended).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

describe('a client that does not read', () => {
  const LINE = 'x'.repeat(100_000);

  it('gets nothing more: its lines are counted, and what waits for it stays bounded', async () => {
    const sink = connect();
    sink.reading = false;
    for (let i = 0; i < 1_000; i++) backend.log(LINE);
    for (let i = 0; i < 10; i++) {
      backend.change();
      await clock.advance(SNAPSHOT_INTERVAL_MS);
    }
    expect(sink.writableLength).toBeLessThan(1_300_000);
    const got = sink.logs.length;
    sink.emit('drain');
    expect(sink.logs.at(-1)?.text).toBe(`[faultline] ${String(1_000 - got)} lines dropped: this client is too slow`);
    expect(sink.snapshots.at(-1)).toBe(backend.snapshots);
    backend.log('again');
    expect(sink.logs.at(-1)?.text).toBe('again');
  });

  it('does not hold up the others', async () => {
    const [slow, quick] = [connect(), connect()];
    slow.reading = false;
    for (let i = 0; i < 100; i++) backend.log(LINE);
    expect(quick.logs).toHaveLength(100);
    await clock.advance(0);
  });

  it('is cut off when it has read nothing for two heartbeats', async () => {
    const sink = connect();
    sink.reading = false;
    for (let i = 0; i < 100; i++) backend.log(LINE);
    await clock.advance(2 * HEARTBEAT_MS);
    expect(sink.destroyed).toBe(true);
    expect([hub.clients, clock.pending]).toEqual([0, 0]);
  });
});
