// Breaking a dependency and mending it: tree, panel and callers see the same.
import assert from 'node:assert/strict';
import { journey, setup } from '../harness/journey.js';
import type { Workbench } from '../harness/workbench.js';
import { freePorts, order, startEmulator } from './support.js';

setup({ workspace: 'examples', settings: freePorts, timeout: 120_000 });

let gateway = '';

async function addStatusFault(editor: Workbench): Promise<void> {
  await editor.tree('Faults').clickWelcome('Add Fault…');
  await editor.quickPick('Status');
  await editor.quickPick('stock');
  await editor.quickPick('Add Fault');
}

journey('fault on: tree and panel show it, callers feel it', async (editor) => {
  gateway = await startEmulator(editor);
  assert.equal(await order(gateway, '/orders'), 201);
  await addStatusFault(editor);
  await editor.tree('Faults').toMatch(/^status {2}stock/);
  await editor.runCommand('Faultline: Open Metrics');
  const panel = await editor.webview('Faultline Metrics');
  await panel.getByText('status-1').or(panel.getByText('answers 503')).first().waitFor();
  for (let i = 0; i < 12; i++) {
    assert.equal(await order(gateway, '/orders'), 500);
    assert.equal(await order(gateway, '/orders-hardened'), 202);
  }
  await editor.tree('Faults').toMatch(/hit \d+/);
  await editor.tree('Functions').toMatch(/orders {2}.*100 % errors/);
  await panel.locator('canvas').first().waitFor();
  for (const theme of ['dark', 'light', 'hcDark', 'hcLight'] as const) {
    await editor.setTheme(theme);
    await editor.screenshot(`fault-${theme}`);
  }
  await editor.setTheme('dark');
});

journey('fault off: callers recover, and it can be switched on again', async (editor) => {
  await editor.tree('Faults').row('status').locator('.monaco-custom-toggle').click();
  await editor.tree('Faults').toMatch(/status {2}.*off/);
  assert.equal(await order(gateway, '/orders'), 201);
  await editor.screenshot('recovered');
  await editor.runCommand('Faultline: Clear All Faults');
  await editor.tree('Faults').welcomeToContain('Add Fault…');
});
