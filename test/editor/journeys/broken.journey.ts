// A save that does not load: the last good version serves, and every place that a user looks at says so.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { journey, setup } from '../harness/journey.js';
import { freePorts, order, startEmulator } from './support.js';

setup({ workspace: 'examples', settings: freePorts });

journey('a broken edit is shown in the tree and in Problems while the old version serves', async (editor) => {
  const gateway = await startEmulator(editor);
  assert.equal(await order(gateway, '/orders'), 201);
  const file = path.join(editor.workspace, 'orders/orders.mjs');
  const good = await readFile(file, 'utf8');
  await writeFile(file, good.replace('const response =', 'const response = ='));
  await editor.tree('Functions').expand('orders');
  await editor.tree('Functions').toMatch(/Last good version serves {2}orders\.mjs:9/);
  await editor.problemsToContain('orders.mjs');
  assert.equal(await order(gateway, '/orders'), 201);
  await editor.screenshot('broken-edit');
  await writeFile(file, good);
  await editor.eventually(async () => /Last good version serves/.test(await editor.tree('Functions').text()), false);
});
