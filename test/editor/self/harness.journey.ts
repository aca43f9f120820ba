// Proves the harness itself, on a small extension that has one of each thing to see.
import assert from 'node:assert/strict';
import { journey, setup } from '../harness/journey.js';

setup({
  workspace: 'test/fixtures/editor-sample/workspace',
  extensions: ['test/fixtures/editor-sample/extension'],
});

journey('opens files, reads and clicks CodeLens, sees problems', async (editor) => {
  await editor.openFile('shop.js');
  await editor.documents.codeLensesToBe(['Run', 'Break', 'Run', 'Break']);
  await editor.clickCodeLens('Break', 1);
  await editor.notification('Hello Break order');
  await editor.problemsToContain('This is not done yet');
  assert.deepEqual(await editor.documents.squiggles(), { errors: 0, warnings: 1, infos: 0 });
  await editor.documents.goTo(3, 1);
  await editor.page.keyboard.press('Control+Shift+K');
  await editor.eventually(() => editor.problems(), []);
  await editor.clearNotifications();
  await editor.eventually(() => editor.notifications(), []);
});

journey('reads a tree, opens and closes it, clicks its buttons', async (editor) => {
  await editor.openView('Sample');
  const tree = editor.tree('Fruits');
  await tree.toBe(`
    ▾ Citrus  2
      Lemon  ripe
      Lime  ripe
    ▾ Berries  1
      Currant  ripe
  `);
  await tree.collapse('Citrus');
  await tree.toBe('▸ Citrus  2\n▾ Berries  1\n  Currant  ripe');
  assert.deepEqual(await tree.actions('Currant'), ['Eat']);
  await tree.clickAction('Currant', 'Eat');
  await editor.notification('Ate Currant');
});

journey('runs commands, picks, types and answers', async (editor) => {
  const titles = ['Ask', 'Eat', 'Focus on Fruits View', 'Hello', 'Open Panel'].map((title) => `Sample: ${title}`);
  assert.deepEqual(await editor.commands('Sample:'), titles);
  await editor.runCommand('Sample: Ask');
  await editor.quickPick('large');
  await editor.inputBox('Shop');
  await editor.clickNotification('Shop is large', 'Fine');
  await editor.notification('You said Fine');
  await assert.rejects(editor.quickInput.pick('nothing like it', 100));
});

journey('talks to a webview through its files and messages', async (editor) => {
  await editor.runCommand('Sample: Open Panel');
  const panel = await editor.webview('Sample panel');
  await panel.getByRole('button', { name: 'Ping' }).click();
  await panel.getByText('ping pong').waitFor();
});

journey('changes settings and themes, takes pictures', async (editor) => {
  await editor.set({ 'sample.greeting': 'Salut' });
  await editor.statusBar('Sample trusted');
  for (const theme of ['light', 'hcDark', 'hcLight', 'dark'] as const) {
    await editor.setTheme(theme);
    await editor.screenshot(`self-${theme}`);
  }
  await editor.runCommand('Sample: Hello');
  await editor.notification('Salut world');
});
