import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bench, closeAll, handlers, invokeOnce } from './harness.js';

afterEach(closeAll);
const project = (name: string): string => `project/${name}`;

describe('a TypeScript handler of a project', () => {
  it('is built as its tsconfig says: extends, paths, baseUrl, decorators, JSON, top-level await', async () => {
    const subject = bench(project('app.ts:default'));
    const { value } = await subject.invoke();
    expect(value).toEqual({ price: 5, seen: ['method'], ready: 'awaited', api: 'decorated', greeting: 'by baseUrl' });
    expect(subject.pool.inputs()).toEqual(
      expect.arrayContaining(
        ['app.ts', 'shared/stock.ts', 'shared/prices.json', 'tsconfig.json', 'config/tsconfig.base.json'].map((name) =>
          path.join(handlers, 'project', name),
        ),
      ),
    );
  });

  it('has the lines of its source in errors and in its log', async () => {
    const subject = bench(project('app.ts:default'));
    const { value, lines } = await subject.invoke({ fail: true });
    expect(value).toMatchObject({ errorType: 'OutOfStock', errorMessage: 'no a left' });
    const place = `${path.join(handlers, 'project/app.ts')}:21:25`;
    expect((value as { trace: string[] }).trace[1]).toContain(place);
    expect(lines[0]).toContain(place);
    expect((await subject.invoke({ log: true })).lines[0]).toContain(`${path.join(handlers, 'project/app.ts')}:20:36`);
  });

  it('may export nested objects, and assign to module.exports', async () => {
    expect((await invokeOnce(project('app.ts:orders.api.handler'))).value).toBe('nested');
    expect((await invokeOnce(project('assigned.cts:handler'))).value).toBe('assigned');
    expect((await invokeOnce(project('assigned.cts:nested.handler'))).value).toBe('assigned');
  });

  it('has a map that debuggers can resolve: sources relative to where the bundle really is', async () => {
    const subject = bench(project('app.ts:default'));
    await subject.invoke();
    const [map = ''] = subject.bundles().filter((name) => name.endsWith('.map'));
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
    const resolved = sources.map((source) => path.resolve(path.dirname(map), source));
    expect(resolved).toContain(path.join(handlers, 'project/app.ts'));
  });
});

describe('what Lambda’s Node does not take', () => {
  it('a default export that holds the handler', async () => {
    expect((await invokeOnce(project('default.mjs'))).result).toMatchObject({
      kind: 'init',
      type: 'Runtime.HandlerNotFound',
      message: 'project/default.handler is undefined or not exported',
    });
  });

  it('require() of an ES module, unless NODE_OPTIONS allow it', async () => {
    const refused = await invokeOnce(project('requires-esm.cjs'));
    expect(refused.result).toMatchObject({
      kind: 'function',
      message: expect.stringContaining('require() of ES Module'),
    });
    const environment = { NODE_OPTIONS: '--experimental-require-module' };
    const allowed = await invokeOnce(project('requires-esm.cjs'), {}, { environment, function: { environment } });
    expect(allowed.value).toBe('from an ES module');
  });
});
