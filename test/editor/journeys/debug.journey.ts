// One invocation under the editor's own debugger, in TypeScript: the breakpoint binds, and no timeout fires.
import { journey, setup } from '../harness/journey.js';
import { freePorts } from './support.js';

setup({ workspace: 'examples', settings: freePorts, timeout: 120_000 });

journey('Debug stops at a breakpoint in TypeScript, and goes on to the result', async (editor) => {
  await editor.openFile('counter/counter-ts/counter.ts');
  await editor.documents.codeLensesToBe(['Invoke', 'Debug', 'Invoke with…', 'Faults'], 30_000);
  await editor.documents.goTo(22, 3);
  await editor.runCommand('Debug: Toggle Breakpoint');
  await editor.clickCodeLens('Debug', 0);
  const paused = editor.page.locator('.debug-top-stack-frame-line, .debug-top-stack-frame-column').first();
  await paused.waitFor({ timeout: 60_000 });
  await editor.screenshot('debugging');
  await editor.runCommand('Debug: Continue');
  await editor.page.getByText('Invocation 1 of counter-ts').first().waitFor();
});
