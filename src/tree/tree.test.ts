import { describe, expect, it } from 'vitest';
import type { Fault } from '../../emulator/contract/faults.js';
import type { InvocationRecord } from '../../emulator/contract/records.js';
import type { FunctionSnapshot, Snapshot } from '../../emulator/contract/snapshot.js';
import { TreeElements } from './elements.js';
import type { Scene } from './model.js';
import { nodeChildren, nodeId, nodeItem } from './nodes.js';
import { faultRoots, functionRoots } from './roots.js';

const record = (requestId: string, more: Partial<InvocationRecord> = {}): InvocationRecord => ({
  requestId,
  function: 'orders',
  source: 'http',
  number: 1,
  attempt: 1,
  instance: 'i1',
  at: 0,
  queueMs: 0,
  durationMs: 120,
  memoryMb: 128,
  faults: [],
  operations: [],
  ...more,
});

const orders: FunctionSnapshot = {
  name: 'orders',
  runtime: 'node',
  handler: 'orders.handler',
  file: '/w/orders.mjs',
  export: 'handler',
  line: 2,
  timeoutMs: 3_000,
  memoryMb: 128,
  balancing: 'p2c',
  scaling: { min: 0, max: 10 },
  routes: [{ method: 'POST', path: '/orders' }],
  schedules: [],
  async: { pending: 0, succeeded: 0, failed: 0, expired: 0 },
  version: 1,
  queued: 0,
  instances: [{ id: 'i1', state: 'idle', version: 1, startedAt: 0, invocations: 2, cpu: 0.2, memoryMb: 42.3 }],
  figures: { rate: 12.34, errorShare: 0.04, p50: 10, p95: 120.4, p99: 200 },
  totals: { invocations: 2, errors: 1, coldStarts: 1 },
  recent: [
    record('b', { status: 500 }),
    record('a', { instance: 'i0', error: { kind: 'timeout', type: 'T', message: 'm' } }),
  ],
};
const resting = { ...orders, figures: { rate: 0, errorShare: 0 }, instances: [], recent: [] };

const latency: Fault = {
  id: 'latency-1',
  kind: 'latency',
  function: 'ord*',
  params: { ms: 800 },
  rate: 50,
  enabled: true,
  since: 0,
  until: 600_000,
  durationMs: 600_000,
  matched: 8,
  injected: 4,
  summary: '+800 ms before the handler',
};

const scene = (more: Partial<Snapshot> = {}): Scene => ({
  snapshot: { functions: [orders], queues: [], faults: [latency], ...more } as unknown as Snapshot,
  failure: undefined,
  now: 60_000,
});

/** The whole tree as its rows read. */
function text(now: Scene, roots = functionRoots(now), indent = ''): string {
  return roots
    .map((node) => {
      const { label, description } = nodeItem(node, now);
      return `${indent}${[label, description].filter(Boolean).join('  ')}\n${text(now, nodeChildren(node, now), `${indent}  `)}`;
    })
    .join('');
}
const withoutTimes = (rows: string): string => rows.replace(/ · \d{1,2}:\d{2}:\d{2}(?: [AP]M)?/g, '');

describe('the functions view', () => {
  it('shows functions, the faults on them, instances and invocations', () => {
    expect(withoutTimes(text(scene()))).toBe(
      [
        'orders  12.3/s · 4 % errors · p95 120 ms',
        '  Fault latency  50 % · hit 4 · +800 ms before the handler',
        '  Instance i1  idle · 0 % CPU · 42 MB',
        '    500  120 ms',
        '  Timed out  120 ms',
        '',
      ].join('\n'),
    );
  });

  it('shows the route of a function at rest', () => {
    expect(text(scene({ functions: [resting], faults: [] }))).toBe('orders  POST /orders\n');
  });

  it('shows schedules with their next time, and queues with what is in them', () => {
    const at = new Date(90_000).toLocaleTimeString(undefined, { timeStyle: 'medium' });
    const schedules = [
      { expression: 'rate(1 minute)', timezone: 'UTC', enabled: true, next: 90_000 },
      { expression: '0 8 * * *', timezone: 'UTC', enabled: false },
    ];
    const dead = { name: 'dead', functions: [], deadLetterOf: ['jobs'], visible: 2, inFlight: 0, delayed: 0 };
    const jobs = { name: 'jobs', functions: ['orders'], deadLetterOf: [], visible: 3, inFlight: 1, delayed: 4 };
    const shown = scene({
      functions: [{ ...resting, schedules, async: { pending: 2, succeeded: 0, failed: 0, expired: 0 } }],
      queues: [jobs, dead, { ...jobs, name: 'idle', visible: 0, inFlight: 0, delayed: 0 }],
      faults: [],
    });
    expect(text(shown)).toBe(
      [
        'orders  2 accepted for later',
        `  rate(1 minute)  next at ${at}`,
        '  0 8 * * *  off',
        'jobs  3 waiting · 1 in flight · 4 held back',
        'dead  2 waiting',
        'idle  empty',
        '',
      ].join('\n'),
    );
  });

  it('tells retries of one event apart', () => {
    const recent = [record('r', { attempt: 2 }), record('r')];
    const ids = functionRoots(scene({ functions: [{ ...orders, instances: [], recent }], faults: [] }))
      .flatMap((node) => nodeChildren(node, scene({ faults: [] })))
      .map((node) => nodeId(node));
    expect(new Set(ids).size).toBe(2);
  });

  it('says what a problem means, then where it is', () => {
    const problem = {
      code: 'load-failed',
      message: 'Unexpected token\nmore',
      place: { file: '/w/orders.mjs', line: 7 },
      since: 0,
    } as const;
    const shown = (lastGoodServes: boolean): string =>
      text(scene({ functions: [{ ...resting, problem: { ...problem, lastGoodServes } }], faults: [] }));
    expect(shown(false)).toBe('orders  POST /orders\n  Does not load  orders.mjs:7 · Unexpected token\n');
    expect(shown(true)).toBe('orders  POST /orders\n  Last good version serves  orders.mjs:7 · Unexpected token\n');
  });

  it('offers what to do after a failure', () => {
    const failure = { reason: 'port', message: 'in use', issues: [] } as const;
    const rows = text({ snapshot: undefined, failure, now: 0 });
    expect(rows.split('\n').slice(0, 3)).toEqual(['Use a Free Port', 'Start Again', 'Show Log']);
  });

  it('is empty while nothing runs, so that the welcome text shows', () => {
    expect(functionRoots({ snapshot: undefined, failure: undefined, now: 0 })).toEqual([]);
  });
});

describe('the faults view', () => {
  it('tells target, share, hits and time left', () => {
    expect(text(scene(), faultRoots(scene()))).toBe(
      'latency  ord* · 50 % · hit 4 · 9 min left · +800 ms before the handler\n',
    );
  });

  it('tells that a fault is off', () => {
    const off = scene({ faults: [{ ...latency, enabled: false }] });
    expect(text(off, faultRoots(off))).toContain('off');
    expect(faultRoots(off).map((node) => nodeItem(node, off).checked)).toEqual([false]);
  });
});

describe('what is drawn again', () => {
  function drawn(now: Scene) {
    const elements = new TreeElements(functionRoots);
    const [first] = elements.children(undefined, now);
    if (!first) throw new Error('nothing there');
    elements.item(first, now);
    return { elements, first };
  }

  it('is nothing when all reads the same', () => {
    const { elements } = drawn(scene());
    expect(elements.changes(scene())).toEqual([]);
  });

  it('is the same element when its figures changed', () => {
    const { elements, first } = drawn(scene());
    const faster = { ...orders, figures: { ...orders.figures, rate: 20 } };
    expect(elements.changes(scene({ functions: [faster] }))).toEqual([first]);
  });

  it('is an opened element when what is below it changed', () => {
    const { elements, first } = drawn(scene());
    elements.children(first, scene());
    const more = { ...orders, recent: [record('c', { instance: 'i0' }), ...orders.recent] };
    expect(elements.changes(scene({ functions: [more] }))).toEqual([first]);
  });

  it('is nothing when what is below a closed element changed', () => {
    const { elements } = drawn(scene());
    const more = { ...orders, recent: [record('c', { instance: 'i0' }), ...orders.recent] };
    expect(elements.changes(scene({ functions: [more] }))).toEqual([]);
  });

  it('is all when a function came or went', () => {
    const { elements } = drawn(scene());
    expect(elements.changes(scene({ functions: [] }))).toBe('all');
  });

  it('is nothing before the editor asked', () => {
    expect(new TreeElements(functionRoots).changes(scene())).toEqual([]);
  });
});
