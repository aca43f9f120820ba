import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The loop as the editor's own API sees it: findings, lenses, start, stop. */

const folder = (): vscode.Uri => {
  const found = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(found, 'no folder is open');
  return found;
};

const open = async (file: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), file));
  await vscode.window.showTextDocument(document);
  return document;
};

/** The rule ids of our findings in a document, once there are some. */
async function findings(uri: vscode.Uri): Promise<string[]> {
  const read = (): string[] =>
    vscode.languages
      .getDiagnostics(uri)
      .filter(({ source }) => source === 'Faultline')
      .map(({ code }) => String(typeof code === 'object' ? code.value : code));
  return new Promise((resolve) => {
    const check = (): void => {
      const found = read();
      if (found.length === 0) return;
      listener.dispose();
      resolve(found.sort());
    };
    const listener = vscode.languages.onDidChangeDiagnostics(check);
    check();
  });
}

describe('the loop', function () {
  this.timeout(60_000);
  // The harness proves itself on a sample extension, which has none of this.
  before(function () {
    if (process.env['FAULTLINE_SUITE_EXTENSION'] !== undefined) this.skip();
  });

  it('finds what is missing in a handler', async () => {
    const { uri } = await open('orders/orders.mjs');
    assert.deepEqual(await findings(uri), ['missing-timeout', 'unhandled-io', 'unsafe-parse']);
  });

  it('offers to invoke above the handler', async () => {
    const { uri } = await open('orders/orders.mjs');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    const titles = lenses.map(({ command }) => command?.title.replace(/\$\([^)]*\)\s*/g, ''));
    for (const title of ['Invoke', 'Invoke with…'])
      assert.ok(titles.includes(title), `${title}: ${titles.join(' | ')}`);
  });

  it('starts and stops the emulator, and leaves nothing behind', async () => {
    const settings = vscode.workspace.getConfiguration('faultline');
    await settings.update('gatewayPort', 0, vscode.ConfigurationTarget.Global);
    await settings.update('controlPort', 0, vscode.ConfigurationTarget.Global);
    const state = path.join(folder().fsPath, '.faultline/emulator.json');
    await vscode.commands.executeCommand('faultline.start');
    assert.equal(existsSync(state), true);
    await vscode.commands.executeCommand('faultline.stop');
    assert.equal(existsSync(state), false);
  });
});
