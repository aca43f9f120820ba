import { expect, it } from 'vitest';
import type { FunctionSnapshot, Snapshot } from '../emulator/contract/snapshot.js';
import { deployedFunctions } from './deployed-functions.js';

const fn = (more: Partial<FunctionSnapshot>): FunctionSnapshot =>
  ({
    file: '/w/a.mjs',
    export: 'handler',
    runtime: 'node',
    timeoutMs: 3_000,
    routes: [],
    schedules: [],
    ...more,
  }) as FunctionSnapshot;

it('tells who calls the functions of a file, and in which batches', () => {
  const snapshot = {
    functions: [
      fn({ name: 'web', routes: [{ method: 'GET', path: '/a' }] }),
      fn({ name: 'jobs', batchSize: 1 }),
      fn({ name: 'other', file: '/w/b.mjs' }),
    ],
    queues: [{ functions: ['jobs'] }],
  } as unknown as Snapshot;
  expect(deployedFunctions(snapshot, '/w/a.mjs')).toMatchObject([
    { name: 'web', kinds: ['http'], gatewayMs: 30_000, routes: ['GET /a'] },
    { name: 'jobs', kinds: ['queue'], batchSize: 1 },
  ]);
  expect(deployedFunctions(undefined, '/w/a.mjs')).toEqual([]);
});
