import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bench, closeAll, type Bench } from './harness.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'faultline-reload-'));
});
afterEach(async () => {
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

const save = (name: string, text: string): void => writeFileSync(path.join(root, name), text);
const sources = {
  'app.cjs': (version: number | string) => `exports.handler = async () => ${version};`,
  'app.ts': (version: number | string) => `export const handler = async (): Promise<number> => ${version};`,
  'app.py': (version: number | string) => `def handler(event, context):\n    return ${version}\n`,
};
const files = Object.keys(sources) as (keyof typeof sources)[];

describe.each(files)('reload of %s', (file) => {
  const write = (version: number | string): void => save(file, sources[file](version));

  it('drops no request of a continuous stream', async () => {
    write(0);
    const subject = bench(file, { root, scaling: { max: 2 } });
    let running = true;
    const seen: unknown[] = [];
    const stream = async (): Promise<void> => {
      while (running) {
        const { result, value } = await subject.invoke();
        if (!('ok' in result) || !result.ok) throw new Error(`dropped: ${JSON.stringify(value)}`);
        seen.push(value);
      }
    };
    const streams = Promise.all([stream(), stream(), stream()]);
    await subject.until(() => subject.pool.snapshot().version === 1);
    for (let version = 1; version <= 4; version++) {
      write(version);
      expect(await subject.pool.reload()).toEqual({ version: version + 1 });
      expect((await subject.invoke()).value).toBe(version);
    }
    running = false;
    await streams;
    expect(seen.length).toBeGreaterThan(4);
  });

  it('keeps the last good version when the new one does not load, and says where', async () => {
    write(1);
    const subject = bench(file, { root });
    await subject.invoke();
    write('(((');
    expect(await subject.pool.reload()).toEqual({ version: 1 });
    await subject.until(() => subject.pool.snapshot().problem?.place !== undefined);
    expect(subject.pool.snapshot().problem).toMatchObject({
      code: 'load-failed',
      lastGoodServes: true,
      place: { file: path.join(root, file) },
    });
    expect((await subject.invoke()).value).toBe(1);
    write(2);
    expect(await subject.pool.reload()).toEqual({ version: 2 });
    expect(subject.pool.snapshot().problem).toBeUndefined();
    expect((await subject.invoke()).value).toBe(2);
  });
});

describe('reload', () => {
  it('coalesces: the latest source wins', async () => {
    save('app.cjs', sources['app.cjs'](1));
    const subject = bench('app.cjs', { root });
    await subject.invoke();
    const reloads: Promise<{ version: number }>[] = [];
    for (let version = 2; version <= 6; version++) {
      save('app.cjs', sources['app.cjs'](version));
      reloads.push(subject.pool.reload());
    }
    await Promise.all(reloads);
    expect((await subject.invoke()).value).toBe(6);
    expect(subject.pool.snapshot().instances.filter(({ state }) => state !== 'stopping').length).toBe(1);
  });

  it('lets a busy instance of the old version finish', async () => {
    const text = (version: number): string =>
      `exports.handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return ${version}; };`;
    save('app.cjs', text(1));
    const subject = bench('app.cjs', { root });
    await subject.invoke({ ms: 0 });
    const slow = subject.invoke({ ms: 700 });
    save('app.cjs', text(2));
    await subject.pool.reload();
    expect((await subject.invoke({ ms: 0 })).value).toBe(2);
    expect((await slow).value).toBe(1);
    await subject.until(() => subject.pids().length === 1);
  });

  it('does not stop idle instances while nothing else could be started', async () => {
    const clock = new VirtualClock();
    save('app.cjs', sources['app.cjs'](1));
    const subject = bench('app.cjs', { root, clock });
    await subject.invoke();
    save('app.cjs', '(((');
    await subject.pool.reload();
    await clock.advance(600_000);
    expect((await subject.invoke()).value).toBe(1);
  });

  it('of what has never been asked for waits for the first invocation', async () => {
    save('app.cjs', sources['app.cjs'](1));
    const subject = bench('app.cjs', { root });
    expect(await subject.pool.reload()).toEqual({ version: 0 });
    expect(subject.pids()).toEqual([]);
  });

  it('mends a handler that has never loaded', async () => {
    for (const file of files) {
      save(file, sources[file]('((('));
      const subject: Bench = bench(file, { root });
      expect((await subject.invoke()).result).toMatchObject({ kind: 'init' });
      save(file, sources[file](2));
      expect(await subject.pool.reload()).toEqual({ version: 1 });
      expect((await subject.invoke()).value).toBe(2);
    }
  });

  it('removes the bundles of versions that nothing runs any more, and knows the files of the newest', async () => {
    save('lib.ts', 'export const n = 1;');
    save('app.ts', `import { n } from './lib';\nexport const handler = async () => n;`);
    const subject = bench('app.ts', { root, environment: {} });
    await subject.invoke();
    expect(subject.pool.inputs()?.toSorted()).toEqual([path.join(root, 'app.ts'), path.join(root, 'lib.ts')]);
    for (let version = 2; version <= 4; version++) {
      save('lib.ts', `export const n = ${version};`);
      await subject.pool.reload();
      expect((await subject.invoke()).value).toBe(version);
    }
    await subject.until(() => subject.pids().length === 1);
    await subject.until(() => subject.bundles().length === 2);
    expect(subject.bundles().map((name) => path.extname(name))).toEqual(['.mjs', '.map']);
  });

  it('finds what a JavaScript handler imports', async () => {
    save('lib.cjs', 'exports.n = 1;');
    save('app.cjs', `const { n } = require('./lib.cjs'); exports.handler = async () => n;`);
    const subject = bench('app.cjs', { root });
    await subject.invoke();
    await subject.until(() => subject.pool.inputs() !== undefined);
    expect(subject.pool.inputs()?.toSorted()).toEqual([path.join(root, 'app.cjs'), path.join(root, 'lib.cjs')]);
    expect(readdirSync(root).toSorted()).toEqual(['app.cjs', 'lib.cjs']);
  });
});
