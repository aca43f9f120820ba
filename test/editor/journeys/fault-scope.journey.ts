// A fault for some invocations only, first as a dry run: which ones, what it would hit, and what an invocation's record tells.
import assert from 'node:assert/strict';
import { journey, setup } from '../harness/journey.js';
import type { Workbench } from '../harness/workbench.js';
import { freePorts, order, startEmulator } from './support.js';

setup({ workspace: 'examples', settings: freePorts, timeout: 120_000 });

async function inThemes(editor: Workbench, name: string): Promise<void> {
  for (const theme of ['light', 'hcDark', 'dark'] as const) {
    await editor.setTheme(theme);
    await editor.screenshot(`${name}-${theme}`);
  }
}

/** One of the rows that say what can be set. */
async function set(editor: Workbench, row: string, value: string): Promise<void> {
  await editor.quickPick(row);
  await editor.inputBox(value);
}

journey('kinds are grouped, and every invocation may be narrowed down', async (editor) => {
  const gateway = await startEmulator(editor);
  await editor.tree('Faults').clickWelcome('Add Fault…');
  await editor.page.getByText('What callers get').first().waitFor();
  await editor.screenshot('fault-kinds');
  await editor.quickPick('Network');
  await editor.quickPick('orders');
  await set(editor, 'mode', 'reset');
  await set(editor, 'Only when', 'route=POST /orders');
  await set(editor, 'Which ones', 'first 1');
  await editor.page.getByText('Add Fault: Network').waitFor();
  await editor.screenshot('fault-draft');
  await editor.quickPick('Add Fault');
  await editor.tree('Faults').toMatch(/network {2}orders.*POST \/orders, first 1/);
  assert.equal(await order(gateway, '/orders'), 500);
  assert.equal(await order(gateway, '/orders'), 201);
  await editor.tree('Faults').toMatch(/hit 1/);
  await editor.tree('Functions').expand('orders');
  await editor.tree('Functions').expand('Instance i1');
  await editor.tree('Functions').click('TypeError');
  const shown = editor.page.locator('.editor-group-container').last().locator('.view-lines');
  await shown.getByText('ECONNRESET').first().waitFor();
  await inThemes(editor, 'fault-record');
});

journey('a dry run tells what it would hit, and hits nobody', async (editor) => {
  await editor.runCommand('Faultline: Clear All Faults');
  await editor.tree('Faults').clickWelcome('Add Fault…');
  await editor.quickPick('Exception');
  await editor.quickPick('orders');
  await editor.quickPick('Dry run');
  await editor.quickPick('true');
  await editor.quickPick('Add Fault');
  await editor.tree('Faults').toMatch(/exception {2}dry run · orders/);
  await editor.runCommand('Faultline: Open Metrics');
  const panel = await editor.webview('Faultline Metrics');
  await inThemes(editor, 'fault-form');
  await panel.getByText('Which invocations, how many, dry run').click();
  await panel.getByText('At the same time').waitFor();
  await editor.screenshot('fault-form-more');
});
