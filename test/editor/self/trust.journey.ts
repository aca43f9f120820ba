import { journey, setup } from '../harness/journey.js';

setup({
  workspace: 'test/fixtures/editor-sample/workspace',
  extensions: ['test/fixtures/editor-sample/extension'],
  trust: false,
});

journey('starts untrusted and is trusted later', async (editor) => {
  await editor.declineTrust();
  await editor.openFile('shop.js');
  await editor.statusBar('Restricted Mode');
  await editor.statusBar('Sample restricted');
  await editor.runCommand('Workspaces: Manage Workspace Trust');
  await editor.page
    .locator('.workspace-trust-editor')
    .getByRole('button', { name: /^Trust/ })
    .first()
    .click();
  await editor.statusBar('Sample trusted');
});
