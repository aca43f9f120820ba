import path from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { deployedFunctions } from './deployed-functions.js';

it('tells the functions in a file, who calls them and for how long, from the nearest configuration above it', async () => {
  await using workspace = await createWorkspace({
    'app/faultline.yaml': [
      'queues: { work: {} }',
      'functions:',
      '  a: { handler: src/f.a, timeout: 5, events: [{ http: GET /a }] }',
      '  b: { handler: src/f.b, timeout: 2, events: [{ queue: work }, { schedule: rate(1 minute) }] }',
      '',
    ].join('\n'),
    'app/src/f.mjs': '',
    'app/src/other.mjs': '',
    'broken/faultline.yaml': 'functions: [',
    'broken/g.mjs': '',
    'bare/h.mjs': '',
  });
  const at = (file: string): string => path.join(workspace.root, file);
  const files = ['app/src/f.mjs', 'app/src/other.mjs', 'broken/g.mjs', 'bare/h.mjs'].map(at);
  const functions = await deployedFunctions(files);
  expect(files.map(functions)).toMatchObject([
    [
      { name: 'a', export: 'a', timeoutMs: 5_000, kinds: ['http'], gatewayMs: 30_000 },
      { name: 'b', export: 'b', timeoutMs: 2_000, kinds: ['queue', 'schedule'], batchSize: 10 },
    ],
    [],
    [],
    [],
  ]);
});
