// Invoking from above the code: with the event beside it, and what came of it.
import { journey, setup } from '../harness/journey.js';
import { freePorts } from './support.js';

setup({ workspace: 'examples', settings: freePorts });

journey('CodeLens Invoke starts the emulator, asks for the event and shows the result', async (editor) => {
  await editor.openFile('orders/orders.mjs');
  await editor.documents.codeLensesToBe(['Invoke', 'Debug', 'Invoke with…', 'Faults'], 30_000);
  await editor.clickCodeLens('Invoke', 0);
  await editor.quickPick('order.event.json', 30_000);
  const shown = editor.page.locator('.editor-group-container').last().locator('.view-lines');
  await shown.getByText('Invocation 1 of orders').waitFor();
  await shown.getByText('201').first().waitFor();
  await editor.openView('Faultline');
  await editor.tree('Functions').expand('orders');
  await editor.tree('Functions').toMatch(/▸ Instance i\d+ {2}idle/);
  await editor.screenshot('invoked');
});

journey('the second time Invoke takes the same event without asking', async (editor) => {
  await editor.openFile('orders/orders.mjs');
  await editor.clickCodeLens('Invoke', 0);
  await editor.page.getByText('Invocation 2 of orders').first().waitFor();
});
