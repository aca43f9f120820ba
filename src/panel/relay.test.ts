import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ViewNotice } from '../../emulator/contract/webview.js';
import type { Running } from '../session.js';
import { Relay, RELAY_MS, type RelayServices } from './relay.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const events = new EventEmitter();
  const sent: ViewNotice[] = [];
  const port = { visible: true, post: (notice: ViewNotice) => void sent.push(notice) };
  const series = vi.fn(() => Promise.resolve({ functions: {}, periods: [] }));
  const add = vi.fn(() => Promise.reject(new Error('no such kind')));
  const session = {
    state: { status: 'running' } as Running,
    running: { client: { series, faults: { add } } } as unknown as Running | undefined,
    snapshot: undefined,
    on: (_name: string, listener: () => void) => {
      events.on('state', listener);
      return () => events.off('state', listener);
    },
  };
  const relay = new Relay(port, {
    session: session as unknown as RelayServices['session'],
    catalog: () => Promise.resolve({ faults: [], policies: [] }),
    start: () => undefined,
    invoke: () => undefined,
    errorText: (error) => (error as Error).message,
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { relay, port, sent, session, series, events, pass };
}

it('sends nothing before the page is ready, then a model each second', async () => {
  const { relay, sent, pass } = setUp();
  relay.wake();
  await pass(3 * RELAY_MS);
  expect(sent).toEqual([]);
  await relay.take({ type: 'ready' });
  await pass(2 * RELAY_MS);
  expect(sent.map(({ type }) => type)).toEqual(['model', 'model', 'model']);
});

it('asks and sends nothing while it is hidden', async () => {
  const { relay, port, sent, series, pass } = setUp();
  await relay.take({ type: 'ready' });
  await pass(0);
  port.visible = false;
  relay.wake();
  const before = [sent.length, series.mock.calls.length];
  await pass(5 * RELAY_MS);
  expect([sent.length, series.mock.calls.length]).toEqual(before);
});

it('tells once that the emulator stopped, and is quiet then', async () => {
  const { relay, sent, session, events, pass } = setUp();
  await relay.take({ type: 'ready' });
  await pass(0);
  Object.assign(session, { state: { status: 'stopped' }, running: undefined });
  events.emit('state');
  await pass(3 * RELAY_MS);
  expect(sent.slice(1)).toEqual([{ type: 'model', model: { status: 'stopped' } }]);
});

it('answers a request with what went wrong', async () => {
  const { relay, sent } = setUp();
  await relay.take({ type: 'addFault', request: 7, spec: { kind: 'nonsense' } });
  expect(sent).toEqual([{ type: 'reply', request: 7, error: 'no such kind' }]);
});
