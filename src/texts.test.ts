import { describe, expect, it } from 'vitest';
import type { InvocationDetail } from '../emulator/contract/records.js';
import {
  appliesTo,
  formatFigures,
  formatMs,
  formatRate,
  formatShare,
  formatSpan,
} from '../emulator/contract/webview.js';
import { activityLine } from './activity-line.js';
import { httpEvent, preview, rankEventFiles, remember } from './events.js';
import { readFailure } from './failure.js';
import { invocationText } from './invocation-text.js';
import { chooseNode, newEnough } from './launch.js';

describe('figures', () => {
  it('read at a glance', () => {
    expect([0, 0.02, 0.108, 12.34, 1234.5].map(formatRate)).toEqual(['0/s', '<0.1/s', '0.1/s', '12.3/s', '1235/s']);
    expect([3.42, 120.4, 3047, 12_345].map(formatMs)).toEqual(['3.4 ms', '120 ms', '3047 ms', '12.3 s']);
    expect([0, 0.004, 0.04, 1].map(formatShare)).toEqual(['0 %', '<1 %', '4 %', '100 %']);
    expect([-5, 45_000, 599_000, 7_200_000].map(formatSpan)).toEqual(['0 s', '45 s', '10 min', '2 h']);
  });

  it('say nothing where nothing was invoked', () => {
    expect(formatFigures({ rate: 0, errorShare: 0 })).toBe('');
    expect(formatFigures({ rate: 2, errorShare: 0, p95: 5 })).toBe('2/s · p95 5 ms');
  });
});

it('a fault applies to all functions, to one, or to a pattern', () => {
  expect(appliesTo({}, 'orders')).toBe(true);
  expect(appliesTo({ function: 'order' }, 'orders')).toBe(false);
  expect(appliesTo({ function: 'or*' }, 'orders')).toBe(true);
  expect(appliesTo({ function: 'a.c' }, 'abc')).toBe(false);
});

describe('failures', () => {
  it('come from the error that the emulator told', () => {
    const error = { code: 'CONFIG_INVALID', message: 'two typos', all: [{ message: 'a' }, { message: 'b' }] };
    const failure = readFailure(`some line\n${JSON.stringify({ error })}\n`, 2);
    expect(failure).toMatchObject({
      reason: 'config',
      message: 'two typos',
      issues: [{ message: 'a' }, { message: 'b' }],
    });
  });

  it('come from its text where there is nothing else', () => {
    expect(readFailure('\u001b[31merror:\u001b[39m no such thing\n', 3).message).toBe('no such thing');
    expect(readFailure('', 'SIGKILL').message).toBe('The emulator ended with SIGKILL before it was ready.');
  });
});

describe('events', () => {
  it('are remembered newest first, each once', () => {
    expect(remember(['b', 'a'], 'a')).toEqual(['a', 'b']);
    expect(remember(['1', '2', '3', '4', '5'], '6')).toHaveLength(5);
  });

  it('are shown in one line', () => {
    expect(preview('{ "a": 1 }')).toBe('{"a":1}');
    expect(preview('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('of the function come first', () => {
    const files = ['/w/other/a.event.json', '/w/orders/stock.event.json', '/w/orders/order.event.json'];
    expect(rankEventFiles(files, 'stock', '/w/orders/stock.mjs')[0]).toBe('/w/orders/stock.event.json');
    expect(rankEventFiles(files, 'orders', '/w/orders/orders.mjs').at(-1)).toBe('/w/other/a.event.json');
  });

  it('of a route carry its parameters', () => {
    const event = JSON.parse(httpEvent({ method: 'GET', path: '/stock/{sku}' })) as Record<string, unknown>;
    expect(event).toMatchObject({
      rawPath: '/stock/sku',
      pathParameters: { sku: 'sku' },
      routeKey: 'GET /stock/{sku}',
    });
    expect(event).not.toHaveProperty('body');
  });
});

describe('the Node that runs it', () => {
  it('is new enough from 20.19 on', () => {
    expect(['v20.19.0', 'v22.1.0', '20.18.3', 'v18.20.0', 'nonsense'].map(newEnough)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is the one of the setting, or an error that names it', async () => {
    expect(await chooseNode('/opt/node', {}, () => Promise.resolve('v22.0.0'))).toEqual({
      path: '/opt/node',
      electron: false,
    });
    await expect(chooseNode('/opt/node', {}, () => Promise.resolve('v16.0.0'))).rejects.toThrow(
      'is Node v16.0.0; 20.19 is needed',
    );
    await expect(chooseNode('/opt/node', {}, () => Promise.resolve(undefined))).rejects.toThrow('cannot be run');
  });

  it('is the editor’s own where there is no other', async () => {
    expect((await chooseNode('', { PATH: '' }, () => Promise.resolve('v22.0.0'))).path).toBe(process.execPath);
  });
});

it('a log has what happened, and not what is shown elsewhere', () => {
  expect(activityLine('{"type":"version","function":"orders","version":2}')).toBe('orders: version 2 serves');
  expect(activityLine('{"type":"log","text":"x"}')).toBeUndefined();
  expect(activityLine('not JSON')).toBe('not JSON');
});

it('an invocation reads from its result to its log', () => {
  const record: InvocationDetail = {
    requestId: 'r',
    function: 'orders',
    source: 'editor',
    number: 3,
    attempt: 1,
    at: 0,
    queueMs: 0,
    durationMs: 3_000,
    memoryMb: 128,
    error: { kind: 'timeout', type: 'Sandbox.Timedout', message: 'Task timed out' },
    faults: [{ fault: 'hang-1', kind: 'hang' }],
    operations: [{ kind: 'connect', target: 'a.test:80', at: 5, fault: 'hang-1' }],
    segments: [
      { id: 'a', name: 'orders', at: 1_000, durationMs: 20 },
      {
        id: 'b',
        parent: 'a',
        name: 'stock',
        at: 1_005,
        durationMs: 8,
        error: 'fault',
        http: { method: 'GET', url: 'http://stock/apple', status: 500 },
      },
    ],
    metrics: [{ namespace: 'Shop', name: 'Sold', unit: 'Count', dimensions: { service: 'orders' }, values: [1, 2] }],
    log: ['START\n', '```'],
    event: '{"a":1}',
    payload: 'cut off {',
  };
  const text = invocationText(record);
  expect(text).toContain('# Invocation 3 of orders');
  expect(text).toContain('- Result: Timed out');
  expect(text).toContain('- hang-1 (hang)');
  expect(text).toContain('{\n  "a": 1\n}');
  expect(text).toContain('````log\nSTART\n```\n````');
  expect(text).toContain('- 5 ms: connect a.test:80 · fault: hang-1');
  expect(text).toContain('- orders: +0 ms · 20 ms\n  - stock: +5 ms · 8 ms · GET http://stock/apple 500 · fault');
  expect(text).toContain('- Shop Sold: 1, 2 Count (service=orders)');
});
