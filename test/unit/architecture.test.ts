import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { violations } from './architecture.js';
import { importsOf, type Import } from './imports.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('imports only what DESIGN.md allows', () => {
  const imports = importsOf(root, ['src', 'emulator', 'lint', 'media']);
  expect(imports.length).toBeGreaterThan(50);
  expect(violations(imports).join('\n')).toBe('');
});

const ours = (from: string, to: string): Import => ({ from, to, line: 1, ours: true });
const wiring = ours('emulator/workspace.ts', 'emulator/instances/pool.ts');

it.each([
  ['a sibling by its inside', ours('emulator/gateway/index.ts', 'emulator/dispatch/index.ts')],
  ['the composition root', ours('emulator/gateway/index.ts', 'emulator/emulator.ts')],
  ['a part of the composition root', ours('emulator/gateway/index.ts', 'emulator/workspace.ts')],
  ['the extension', ours('emulator/gateway/index.ts', 'src/session.ts')],
  ['the engine from the extension', ours('src/session.ts', 'emulator/emulator.ts')],
  ['a room from the contract', ours('emulator/contract/config.ts', 'emulator/clock.ts')],
  ['the client from a page', ours('media/webview/panel.ts', 'emulator/client.ts')],
  ['the engine from lint', ours('lint/index.ts', 'emulator/config/types.ts')],
  ['lint from the engine', ours('emulator/config/load.ts', 'lint/index.ts')],
  ['vscode outside of src', { from: 'lint/index.ts', to: 'vscode', line: 1, ours: false }],
])('objects to %s', (_what, wrong) => {
  expect(violations([wiring, wrong])).toHaveLength(1);
});

it.each([
  ["a sibling's interface", ours('emulator/gateway/index.ts', 'emulator/dispatch/types.ts')],
  ['the contract from anywhere', ours('media/webview/panel.ts', 'emulator/contract/events.ts')],
  ['a tool of the top level', ours('emulator/gateway/index.ts', 'emulator/clock.ts')],
  ['anything from the composition root', ours('emulator/emulator.ts', 'emulator/gateway/listener.ts')],
  ['lint from the command line', ours('emulator/cli/lint.ts', 'lint/index.ts')],
  ['lint from the extension', ours('src/diagnostics.ts', 'lint/index.ts')],
  ['the client from the extension', ours('src/session.ts', 'emulator/client.ts')],
])('allows %s', (_what, right) => {
  expect(violations([wiring, right])).toEqual([]);
});
