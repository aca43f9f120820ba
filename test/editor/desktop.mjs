import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findCommand } from '../../scripts/lib/apt.mjs';
import { killGroup, start } from '../../scripts/lib/exec.mjs';
import { toolsDir } from '../../scripts/lib/paths.mjs';
import { makeTemp, removeTemp } from '../../scripts/lib/temp.mjs';

const releases = 'https://update.code.visualstudio.com/api/releases/stable';
const cachePath = join(toolsDir, 'vscode-test');

/** @typedef {{ name: string, executable: string }} Desktop */

/**
 * The desktop editor, downloaded when it can be: there is a network and a display. Undefined where not, after at most
 * a few seconds.
 * @returns {Promise<Desktop | undefined>}
 */
export async function findDesktopEditor() {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && findCommand(['Xvfb']) === undefined) return undefined;
  try {
    const reply = await fetch(releases, { signal: AbortSignal.timeout(4_000) });
    if (!reply.ok) return undefined;
    const [version] = /** @type {string[]} */ (await reply.json());
    const { downloadAndUnzipVSCode, SilentReporter } = await import('@vscode/test-electron');
    const reporter = new SilentReporter();
    const executable = await downloadAndUnzipVSCode({ version: String(version), cachePath, reporter, timeout: 60_000 });
    return existsSync(executable) ? { name: `VS Code ${String(version)}, the desktop editor`, executable } : undefined;
  } catch {
    // A closed network answers in many ways; all mean the same here.
    return undefined;
  }
}

/** A display of our own where there is none. @returns {Promise<{ DISPLAY?: string, close: () => void }>} */
async function display() {
  if (process.platform !== 'linux' || process.env['DISPLAY']) return { close: () => undefined };
  const child = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1440x900x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await new Promise((done, failed) => {
    child.stdout?.once('data', (chunk) => done(String(chunk).trim()));
    child.once('close', () => failed(new Error('Xvfb did not start')));
  });
  return { DISPLAY: `:${number}`, close: () => killGroup(child) };
}

/**
 * Runs the suite as @vscode/test-electron does.
 * @param {Desktop} desktop
 * @param {{ workspace: string, developmentPath: string, testsPath: string }} options
 */
export async function runSuiteInDesktop(desktop, { workspace, developmentPath, testsPath }) {
  const { runTests } = await import('@vscode/test-electron');
  const home = await makeTemp('desktop');
  const screen = await display();
  try {
    const file = join(home, 'result.json');
    const copy = join(home, 'workspace');
    await cp(workspace, copy, { recursive: true, filter: (file) => basename(file) !== '.faultline' });
    const args = [copy, '--user-data-dir', join(home, 'user'), '--extensions-dir', join(home, 'extensions')];
    args.push('--disable-workspace-trust', '--disable-gpu', '--skip-welcome');
    // Chromium's sandbox cannot be used by root, which is who runs in containers.
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    const code = await runTests({
      vscodeExecutablePath: desktop.executable,
      extensionDevelopmentPath: developmentPath,
      extensionTestsPath: testsPath,
      launchArgs: args,
      extensionTestsEnv: { FAULTLINE_SUITE_RESULT: file, ...(screen.DISPLAY && { DISPLAY: screen.DISPLAY }) },
    }).catch(() => 1);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`The desktop editor ended with ${String(code)} and without a result`);
    return JSON.parse(text);
  } finally {
    screen.close();
    await removeTemp(home);
  }
}
