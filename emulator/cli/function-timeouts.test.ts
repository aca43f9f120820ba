import path from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { functionTimeouts } from './function-timeouts.js';

it('tells the shortest timeout of the functions in a file, from the nearest configuration above it', async () => {
  await using workspace = await createWorkspace({
    'app/faultline.yaml': 'functions:\n  a: { handler: src/f.a, timeout: 5 }\n  b: { handler: src/f.b, timeout: 2 }\n',
    'app/src/f.mjs': '',
    'app/src/other.mjs': '',
    'broken/faultline.yaml': 'functions: [',
    'broken/g.mjs': '',
    'bare/h.mjs': '',
  });
  const at = (file: string): string => path.join(workspace.root, file);
  const files = ['app/src/f.mjs', 'app/src/other.mjs', 'broken/g.mjs', 'bare/h.mjs'].map(at);
  const timeout = await functionTimeouts(files);
  expect(files.map(timeout)).toEqual([2, undefined, undefined, undefined]);
});
