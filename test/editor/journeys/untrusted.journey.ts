// A folder that nobody trusts: its code is read, never run.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { journey, setup } from '../harness/journey.js';
import { freePorts } from './support.js';

setup({ workspace: 'examples', trust: false, settings: freePorts });

journey('untrusted: lint works, nothing can be started, and the view says why', async (editor) => {
  await editor.declineTrust();
  await editor.openFile('orders/orders.mjs');
  await editor.problemsToContain('missing-timeout');
  // What would run code is not offered.
  assert.deepEqual(
    (await editor.documents.codeActions(9, 30)).filter((title) => title.startsWith('Prove it')),
    [],
  );
  await editor.page.keyboard.press('Escape');
  await editor.openView('Faultline');
  await editor.tree('Functions').welcomeToContain('starts only after you trust it');
  assert.deepEqual(await editor.commands('Faultline: Start Emulator'), []);
  assert.equal(existsSync(path.join(editor.workspace, '.faultline')), false);
  await editor.screenshot('untrusted');
});
