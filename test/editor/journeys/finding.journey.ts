// A missing timeout: underlined, listed, explained by a page that opens without a network, proved, and mended.
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

journey(
  'a finding is proved in the emulator, its invocation opens, and an edit takes the mark away',
  async (editor) => {
    await editor.openFile('orders/orders.mjs');
    await editor.problemsToContain('missing-timeout');
    await editor.documents.applyCodeAction('Prove it: run the experiment of missing-timeout', 9, 30);
    await editor.problemsToContain('Confirmed: While', 'orders was stopped at its timeout of 3 s');
    for (const theme of ['light', 'hcDark', 'dark'] as const) {
      await editor.setTheme(theme);
      await editor.screenshot(`finding-proved-${theme}`);
    }
    await editor.documents.applyCodeAction('Show the invocation of its experiment', 9, 30);
    await editor.page.locator('.tab').filter({ hasText: 'orders #1.md' }).first().waitFor();
    await editor.screenshot('finding-proved-invocation');
    await editor.openFile('orders/orders.mjs');
    await editor.documents.goTo(5, 1);
    await editor.page.keyboard.type('// ');
    await editor.eventually(async () => (await editor.problems()).some((line) => line.includes('Confirmed')), false);
    await editor.page.keyboard.press('Control+Z');
  },
);

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
