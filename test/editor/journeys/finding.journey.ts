// A missing timeout: underlined, listed, explained by a page that opens without a network, and mended.
import { journey, setup } from '../harness/journey.js';
import { freePorts } from './support.js';

setup({ workspace: 'examples', settings: freePorts });

journey('a finding is shown and its link opens', async (editor) => {
  await editor.openFile('orders/orders.mjs');
  await editor.problemsToContain('Faultline missing-timeout', 'Faultline unhandled-io');
  await editor.screenshot('finding');
  await editor.page.locator('.markers-panel-container a').getByText('missing-timeout').first().click();
  await editor.page.locator('.tab').filter({ hasText: 'missing-timeout' }).first().waitFor();
  const page = await editor.webview('Preview missing-timeout.md');
  await page.getByRole('heading', { name: 'missing-timeout' }).waitFor();
  await editor.screenshot('finding-page');
});

journey('the quick fix writes a timeout, and the finding goes', async (editor) => {
  await editor.openFile('orders/orders.mjs');
  await editor.problemsToContain('missing-timeout');
  await editor.documents.applyCodeAction('signal: AbortSignal.timeout', 9, 30);
  await editor.eventually(async () => (await editor.documents.text()).includes('AbortSignal.timeout('), true);
  await editor.eventually(
    async () => (await editor.problems()).some((line) => line.includes('missing-timeout')),
    false,
  );
});
