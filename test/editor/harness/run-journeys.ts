import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { artifactsDir } from '../../../scripts/lib/for-tests.mjs';
import { launchBrowser } from './browser.js';
import { startEditor, type Editor, type EditorOptions } from './editor.js';
import { takeJourneys, type Journey, type JourneyFile } from './journey.js';
import type { Workbench } from './workbench.js';

export interface Tally {
  passed: number;
  failed: number;
}

export interface RunOptions {
  /** Bundled journey files. */
  readonly files: readonly string[];
  /** Where the packaged extension is installed; left out, a file's own extensions are all there is. */
  readonly extensionsDir?: string;
  /** Only journeys whose name contains this text. */
  readonly grep?: string;
}

interface Window {
  readonly editor: Editor;
  readonly workbench: Workbench;
}

/** Runs journey files one after the other, each in an editor of its own. */
export async function runJourneys({ files, extensionsDir, grep = '' }: RunOptions): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const browser = await launchBrowser();
  try {
    for (const file of files) {
      await import(pathToFileURL(file).href);
      const declared = takeJourneys();
      const journeys = declared.journeys.filter(({ name }) => name.includes(grep));
      if (journeys.length === 0) continue;
      console.log(basename(file, '.journey.js'));
      await runFile(browser, { ...declared, journeys }, extensionsDir, tally);
    }
  } finally {
    await browser.close();
  }
  return tally;
}

async function runFile(browser: Browser, file: JourneyFile, extensionsDir: string | undefined, tally: Tally) {
  const options: EditorOptions = {
    workspace: 'test/fixtures/editor-sample/workspace',
    ...file.options,
    ...(extensionsDir === undefined ? {} : { extensionsDir }),
  };
  let window: Window | undefined;
  for (const journey of file.journeys) {
    const begin = Date.now();
    try {
      window ??= await openWindow(browser, options);
      await journey.run(window.workbench);
      tally.passed += 1;
      console.log(`  ✓ ${journey.name} (${seconds(begin)})`);
    } catch (error) {
      tally.failed += 1;
      console.log(`  ✗ ${journey.name} (${seconds(begin)})`);
      console.log(String(error instanceof Error ? error.stack : error).replace(/^/gm, '      '));
      if (window !== undefined) await keepEvidence(window, journey);
      await window?.editor.dispose();
      // What comes next must not suffer from what this one left behind.
      window = undefined;
    }
  }
  await window?.editor.dispose();
}

const seconds = (begin: number): string => `${((Date.now() - begin) / 1000).toFixed(1)} s`;

async function openWindow(browser: Browser, options: EditorOptions): Promise<Window> {
  const editor = await startEditor(browser, options);
  try {
    return { editor, workbench: await editor.openWorkbench() };
  } catch (error) {
    console.log((await editor.logs()).slice(-4_000).replace(/^/gm, '      '));
    await editor.dispose();
    throw error;
  }
}

/** A failed journey leaves a picture and all logs behind. */
async function keepEvidence({ editor, workbench }: Window, { name }: Journey): Promise<void> {
  const label = `failed-${name.replace(/[^\w.-]+/g, '-').slice(0, 80)}`;
  const picture = await workbench.screenshot(label).catch((error: unknown) => `no picture: ${String(error)}`);
  const folder = join(artifactsDir, 'logs');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${label}.log`), await editor.logs());
  console.log(`      see ${picture}\n      and ${join(folder, `${label}.log`)}`);
}
