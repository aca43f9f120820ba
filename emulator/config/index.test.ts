import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultlineError } from '../contract/errors.js';
import { configJsonSchema, loadConfig } from './index.js';
import { functionConfig } from '../../test/support/function-config.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'faultline-config-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function config(text: string, ...files: string[]): Promise<void> {
  await writeFile(path.join(root, 'faultline.yaml'), text);
  for (const file of files) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
}

async function failure(): Promise<FaultlineError> {
  const error = await loadConfig(root).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultlineError);
  return error as FaultlineError;
}

describe('loadConfig', () => {
  it('applies defaults, converts units and finds the file by its ending', async () => {
    await config('functions:\n  counter:\n    handler: src/counter.handler\n    timeout: 1.5\n', 'src/counter.py');
    const { functions } = await loadConfig(root);
    expect(functions).toEqual([
      functionConfig({
        runtime: 'python',
        handler: 'src/counter.handler',
        file: path.join(root, 'src/counter.py'),
        timeoutMs: 1_500,
        line: 2,
      }),
    ]);
  });

  it('merges shared and own environment, own first, as strings', async () => {
    await config(
      'environment: { A: 1, B: true }\nfunctions:\n  f: { handler: f.h, environment: { B: own } }\n',
      'f.mjs',
    );
    expect((await loadConfig(root)).functions[0]?.environment).toEqual({ A: '1', B: 'own' });
  });

  it('says what to do when there is no config', async () => {
    const error = await failure();
    expect(error.code).toBe('CONFIG_NOT_FOUND');
    expect(error.hint).toContain('faultline init');
  });

  it('names file, line and key of an unknown key, and the one that was meant', async () => {
    await config('functions:\n  f:\n    handler: f.h\n    timout: 3\n', 'f.mjs');
    const error = await failure();
    expect(error.message).toContain('unknown key "timout"; did you mean "timeout"?');
    expect(error.place).toEqual({
      file: path.join(root, 'faultline.yaml'),
      line: 4,
      column: 5,
      key: 'functions.f.timout',
    });
  });

  it('names line and key of a wrong type', async () => {
    await config('functions:\n  f:\n    handler: f.h\n    timeout: fast\n', 'f.mjs');
    const error = await failure();
    expect(error.place).toMatchObject({ line: 4, key: 'functions.f.timeout' });
    expect(error.message).toContain('number');
  });

  it('reports every issue at once', async () => {
    await config('functions:\n  f: { handler: f.h, memory: 1, balancing: best }\n', 'f.mjs');
    const error = await failure();
    expect(error.all?.map((issue) => issue.place?.key)).toEqual(['functions.f.memory', 'functions.f.balancing']);
  });

  it('names a missing handler file and what is there instead', async () => {
    await config('functions:\n  f:\n    handler: src/countr.h\n', 'src/counter.mjs');
    const error = await failure();
    expect(error.message).toContain('no file src/countr with one of .ts');
    expect(error.message).toContain('there is counter.mjs');
    expect(error.place).toMatchObject({ line: 3, key: 'functions.f.handler' });
  });

  it('refuses a handler outside the workspace, also through a symlink', async () => {
    await config('functions:\n  f:\n    handler: link/f.h\n');
    const outside = await mkdtemp(path.join(os.tmpdir(), 'faultline-outside-'));
    await writeFile(path.join(outside, 'f.mjs'), '');
    await symlink(outside, path.join(root, 'link'));
    expect((await failure()).message).toContain('outside the workspace');
    await rm(outside, { recursive: true });
  });

  it('refuses two functions on one route', async () => {
    await config(
      'functions:\n  a: { handler: f.h, events: [{ http: GET /x }] }\n  b: { handler: f.h, events: [{ http: GET /x }] }\n',
      'f.mjs',
    );
    expect((await failure()).message).toContain('"GET /x" already invokes a');
  });

  it.each([
    ['not YAML', 'functions: [\n', 'CONFIG_INVALID'],
    ['empty', '', 'CONFIG_INVALID'],
    ['a list', '- a\n', 'CONFIG_INVALID'],
    ['min above max', 'functions:\n  f: { handler: f.h, scaling: { min: 5, max: 2 } }\n', 'CONFIG_INVALID'],
    ['not a duration', 'functions:\n  f: { handler: f.h, scaling: { idle: soon } }\n', 'CONFIG_INVALID'],
    ['not a route', 'functions:\n  f: { handler: f.h, events: [{ http: get orders }] }\n', 'CONFIG_INVALID'],
  ])('rejects a config that is %s', async (_what, text, code) => {
    await config(text, 'f.mjs');
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.place?.file).toBe(path.join(root, 'faultline.yaml'));
  });
});

describe('configJsonSchema', () => {
  it('describes every key of a function', () => {
    const schema = configJsonSchema();
    const functions = schema.properties?.['functions'] as {
      additionalProperties: { properties: Record<string, { description?: string }> };
    };
    for (const [key, value] of Object.entries(functions.additionalProperties.properties))
      expect(value.description, key).toBeTruthy();
  });
});
