import { chmod, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config, FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import { loadConfig } from './index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'faultline-config-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function load(text: string, files: Readonly<Record<string, string>> = { 'f.mjs': '' }): Promise<Config> {
  await writeFile(path.join(root, 'faultline.yaml'), text);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return loadConfig(root);
}

async function first(text: string, files?: Readonly<Record<string, string>>): Promise<FunctionConfig> {
  const [fn] = (await load(text, files)).functions;
  if (!fn) throw new Error('no function');
  return fn;
}

/** Messages of what is wrong, with the key of each. */
async function issues(text: string, files?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await load(text, files);
  } catch (error) {
    if (!(error instanceof FaultlineError)) throw error;
    expect(error.place?.line).toBeGreaterThan(0);
    return (error.all ?? []).map(({ message }) => message);
  }
  return [];
}

const f = (keys: string, rest = ''): string => `functions:\n  f: { handler: f.h, ${keys} }\n${rest}`;

describe('a handler', () => {
  it.each([
    ['src/orders.api.handler', 'src/orders.mjs', 'node', 'api.handler'],
    ['orders.handler', 'orders.ts', 'node', 'handler'],
    ['pkg.module.fn', 'pkg/module.py', 'python', 'fn'],
    ['pkg/module.fn', 'pkg/module.py', 'python', 'fn'],
  ])('%s is in %s', async (handler, file, runtime, exported) => {
    const fn = await first(`functions:\n  f: { handler: ${handler} }\n`, { [file]: '' });
    expect([fn.file, fn.runtime, fn.export]).toEqual([path.join(root, file), runtime, exported]);
  });

  it('is run by what its file asks for, and a runtime that says otherwise is wrong', async () => {
    expect(await issues(f('runtime: python'))).toEqual(['functions.f.runtime: f.mjs is not run by python']);
    expect((await first(f('runtime: node'))).runtime).toBe('node');
  });

  it('that climbs out of the workspace is refused', async () => {
    const [message] = await issues('functions:\n  f: { handler: ../../etc/passwd.h }\n');
    expect(message).toMatch(/no folder|no file|outside the workspace/);
  });
});

describe('runtime: provided', () => {
  const provided = (bootstrap: string): string => `functions:\n  f: { runtime: provided, bootstrap: ${bootstrap} }\n`;

  it('takes an executable of the workspace', async () => {
    await writeFile(path.join(root, 'bootstrap'), '#!/bin/sh\n');
    await chmod(path.join(root, 'bootstrap'), 0o755);
    const fn = await first(provided('./bootstrap'));
    expect(fn).toMatchObject({ runtime: 'provided', handler: '', export: '', command: [path.join(root, 'bootstrap')] });
  });

  it('takes a command; its first file is what editors open', async () => {
    const fn = await first(provided('[node, run.mjs, app.handler]'), { 'run.mjs': '' });
    expect(fn.command).toEqual(['node', 'run.mjs', 'app.handler']);
    expect(fn.file).toBe(path.join(root, 'run.mjs'));
  });

  it.each([
    ['no bootstrap', 'functions:\n  f: { runtime: provided }\n', 'needs a bootstrap'],
    ['no such file', provided('./bootstrap'), 'no file ./bootstrap'],
    ['no execute bit', provided('./run.mjs'), 'is not executable; run chmod +x'],
    ['outside', provided('../../../../../../bin/sh'), 'is outside the workspace'],
    ['a bootstrap without provided', f('bootstrap: ./x'), 'goes with runtime: provided'],
    ['neither', 'functions:\n  f: { timeout: 3 }\n', 'write file.export'],
  ])('%s is told', async (_what, text, message) => {
    expect((await issues(text, { 'f.mjs': '', 'run.mjs': '' })).join()).toContain(message);
  });
});

describe('the environment', () => {
  it('is shared file, shared, own file, own: the later wins', async () => {
    const fn = await first(
      'envFile: .env\nenvironment: { B: shared, C: shared }\n' + f('envFile: own.env, environment: { D: own }'),
      { 'f.mjs': '', '.env': 'A=file\nB=file\n# a comment\nQ="a b"\n', 'own.env': 'C=ownfile\nD=ownfile\n' },
    );
    expect(fn.environment).toEqual({ A: 'file', B: 'shared', C: 'ownfile', D: 'own', Q: 'a b' });
    expect(fn.envFiles).toEqual([path.join(root, '.env'), path.join(root, 'own.env')]);
  });

  it('is not for what Lambda sets itself', async () => {
    expect(await issues(f('environment: { AWS_REGION: eu-central-1, LAMBDA_TASK_ROOT: /x }'))).toEqual([
      expect.stringContaining('functions.f.environment.AWS_REGION: is set by Lambda itself'),
      expect.stringContaining('functions.f.environment.LAMBDA_TASK_ROOT: is set by Lambda itself'),
    ]);
  });

  it('names a .env file that is missing', async () => {
    expect(await issues(f('envFile: nope.env'))).toEqual(['functions.f.envFile: there is no file nope.env']);
  });

  it('inherits credentials only when told, for all or for one', async () => {
    expect((await first(f(''))).credentials).toBe('fake');
    expect((await first(f('credentials: inherit'))).credentials).toBe('inherit');
    expect((await first('credentials: inherit\n' + f('credentials: fake'))).credentials).toBe('fake');
  });
});

describe('concurrency', () => {
  it('reserved bounds the instances, provisioned keeps some', async () => {
    const fn = await first(f('concurrency: { reserved: 7, provisioned: 2 }'));
    expect([fn.reserved, fn.provisioned, fn.scaling.min, fn.scaling.max]).toEqual([7, 2, 2, 7]);
    expect((await first(f(''))).scaling.max).toBe(50);
  });

  it.each([
    ['more provisioned than reserved', f('concurrency: { reserved: 1, provisioned: 2 }'), '2 instances are to be kept'],
    ['all reserved', f('concurrency: { reserved: 950 }'), "leaves 50 of the account's 1000 unreserved; 100 must stay"],
  ])('%s is told', async (_what, text, message) => {
    expect((await issues(text)).join()).toContain(message);
  });
});

describe('events', () => {
  const queues = 'queues: { jobs: {}, dead: {} }\n';

  it('are schedules and queues, short or in full', async () => {
    const fn = await first(
      f(
        'events: [ { schedule: rate(5 minutes) }, { schedule: { expression: cron(0 8 ? * MON-FRI *), timezone: Europe/Berlin, input: { a: 1 } } }, { queue: jobs }, { queue: { name: jobs, batchSize: 100, window: 5s, partialResponses: true, maxConcurrency: 4 } } ]',
        queues,
      ),
    );
    expect(fn.schedules).toEqual([
      { expression: 'rate(5 minutes)', timezone: 'UTC', enabled: true },
      { expression: 'cron(0 8 ? * MON-FRI *)', timezone: 'Europe/Berlin', enabled: true, input: { a: 1 } },
    ]);
    expect(fn.queues).toEqual([
      { queue: 'jobs', batchSize: 10, windowMs: 0, partialResponses: false, enabled: true },
      { queue: 'jobs', batchSize: 100, windowMs: 5_000, partialResponses: true, enabled: true, maxConcurrency: 4 },
    ]);
  });

  it.each([
    ['two in one', f('events: [ { http: GET /x, queue: jobs } ]', queues), 'one of http, schedule or queue each'],
    ['an unknown queue', f('events: [ { queue: job } ]', queues), 'no queue "job" under queues:; there is jobs, dead'],
    ['a wrong schedule', f('events: [ { schedule: every minute } ]'), 'functions.f.events[0].schedule: '],
    ['a wrong zone', f('events: [ { schedule: { expression: 0 8 * * *, timezone: Mars/Base } } ]'), 'Mars/Base'],
    [
      'a misspelt key of the long form',
      f('events: [ { schedule: { expresion: rate(1 day) } } ]'),
      'did you mean "expression"?',
    ],
    ['a large batch at once', f('events: [ { queue: { name: jobs, batchSize: 11 } } ]', queues), 'needs a window'],
    ['a long window', f('events: [ { queue: { name: jobs, window: 6m } } ]', queues), 'is 5m at most'],
  ])('%s is told', async (_what, text, message) => {
    expect((await issues(text)).join()).toContain(message);
  });
});

describe('asynchronous invocations', () => {
  it('have retries, ages, destinations and a dead-letter queue', async () => {
    const fn = await first(
      f(
        'deadLetter: queue:dead, retries: { attempts: 1, maxAge: 1h, onSuccess: function:f, onFailure: queue:dead }',
        'queues: { dead: {} }\n',
      ),
    );
    expect(fn.deadLetter).toEqual({ type: 'queue', name: 'dead' });
    expect(fn.retries).toEqual({
      attempts: 1,
      maxAgeMs: 3_600_000,
      onSuccess: { type: 'function', name: 'f' },
      onFailure: { type: 'queue', name: 'dead' },
    });
  });

  it.each([
    ['an unknown queue', 'deadLetter: queue:ded', 'no queue "ded"'],
    ['an unknown function', 'retries: { onSuccess: function:g }', 'no function "g" under functions:'],
    ['a function for dead letters', 'deadLetter: function:f', 'takes a queue; write queue:NAME'],
    ['no kind', 'deadLetter: dead', 'write queue:NAME or function:NAME'],
    ['too many attempts', 'retries: { attempts: 3 }', 'functions.f.retries.attempts'],
    ['too short an age', 'retries: { maxAge: 10s }', 'maxAge is from 60s to 6h'],
  ])('%s is told', async (_what, keys, message) => {
    expect((await issues(f(keys))).join()).toContain(message);
  });
});

describe('queues', () => {
  it('have SQS’s defaults', async () => {
    expect((await load(f('', 'queues: { jobs: {} }\n'))).queues).toEqual([
      { name: 'jobs', visibilityMs: 30_000, retentionMs: 345_600_000, delayMs: 0 },
    ]);
  });

  it.each([
    ['redrive to itself', '{ jobs: { redrive: { queue: jobs } } }', 'not its own dead-letter queue'],
    ['redrive to nowhere', '{ jobs: { redrive: { queue: dead } } }', 'no queue "dead"'],
    ['a long visibility', '{ jobs: { visibility: 13h } }', 'is from 0s to 12h'],
    ['a FIFO name', '{ jobs.fifo: {} }', 'FIFO queues are not emulated'],
  ])('%s is told', async (_what, queues, message) => {
    expect((await issues(f('', `queues: ${queues}\n`))).join()).toContain(message);
  });
});

it('a store that is none is told', async () => {
  expect((await issues(f('', 'delivery: { store: mysql }\n'))).join()).toContain('write memory, file or redis://');
  expect((await load(f('', 'delivery: { store: file }\n'))).store).toBe('file');
});
