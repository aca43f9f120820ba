import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemp, removeTemp } from '../../../scripts/lib/for-tests.mjs';
import { launchBrowser } from './browser.js';
import { startEditor } from './editor.js';
import type { Tally } from './run-journeys.js';

/** What the suite writes when it has run; see suite/index.ts. */
export interface SuiteResult extends Tally {
  readonly lines: readonly string[];
}

export interface SuiteOptions {
  readonly workspace: string;
  /** The unpacked extension that is tested. */
  readonly developmentPath: string;
  /** The bundled suite. */
  readonly testsPath: string;
  /** Milliseconds for the whole suite. */
  readonly timeout?: number;
}

/** The environment variable that tells the suite where its result goes. The extension host inherits it. */
export const resultVariable = 'FAULTLINE_SUITE_RESULT';

/** Runs the suite in the extension host of the web workbench. */
export async function runSuiteInWorkbench(options: SuiteOptions): Promise<SuiteResult> {
  const folder = await makeTemp('suite');
  const file = join(folder, 'result.json');
  const browser = await launchBrowser();
  try {
    const editor = await startEditor(browser, { ...options, env: { [resultVariable]: file } });
    try {
      const result = fileAppears(folder, file, options.timeout ?? 180_000);
      // The window closes its extension host when the suite has run; what counts is the file.
      await Promise.race([editor.openWorkbench().then(() => result), result]);
      return await result;
    } catch (error) {
      console.log((await editor.logs()).slice(-6_000).replace(/^/gm, '    '));
      throw error;
    } finally {
      await editor.dispose();
    }
  } finally {
    await browser.close();
    await removeTemp(folder);
  }
}

/** Waits for a file that is renamed into its folder when it is complete. */
export async function fileAppears(folder: string, file: string, timeout: number): Promise<SuiteResult> {
  const signal = AbortSignal.timeout(timeout);
  const read = (): Promise<SuiteResult | undefined> =>
    readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as SuiteResult,
      () => undefined,
    );
  return new Promise((done, failed) => {
    const watcher = watch(folder, { signal }, () => void check());
    const check = async (): Promise<void> => {
      const result = await read();
      if (result === undefined) return;
      watcher.close();
      done(result);
    };
    watcher.on('error', () => undefined);
    signal.addEventListener('abort', () => {
      failed(new Error(`The suite gave no result within ${String(timeout / 1000)} s`));
    });
  });
}
