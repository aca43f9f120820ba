import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  installVsix,
  makeTemp,
  removeTemp,
  root,
  startServer,
  type EditorServer,
} from '../../../scripts/lib/for-tests.mjs';
import { newContext } from './browser.js';
import { Workbench } from './workbench.js';

export interface EditorOptions {
  /** Folder to open, from the repository's root or absolute. The editor gets a temporary copy of it. */
  readonly workspace: string;
  /** A packaged extension to install. */
  readonly vsix?: string;
  /** A folder where extensions are installed already; shared, never written to. */
  readonly extensionsDir?: string;
  /** Unpacked extensions, installed by copying. */
  readonly extensions?: readonly string[];
  /** An unpacked extension under development, and the module whose `run()` is the suite in its host. */
  readonly developmentPath?: string;
  readonly testsPath?: string;
  /** `false`: the folder opens in Restricted Mode and the editor asks; see `acceptTrust` and `declineTrust`. */
  readonly trust?: boolean;
  /** User settings over the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the editor and of what its extensions start. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds that helpers wait for what they look for. */
  readonly timeout?: number;
}

/** No greeting pages, updates, or questions: what a test sees is what the extension shows. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'window.autoDetectColorScheme': false,
  'window.commandCenter': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
};

/** A running editor on a copy of a workspace, with a profile of its own. */
export class Editor {
  /** The temporary copy of the workspace. */
  readonly workspace: string;
  readonly #home: string;
  readonly #server: EditorServer;
  readonly #options: EditorOptions;
  readonly #browser: Browser;
  readonly #console: string[] = [];
  #changed: Readonly<Record<string, unknown>> = {};
  #context: BrowserContext | undefined;

  constructor(home: string, workspace: string, server: EditorServer, browser: Browser, options: EditorOptions) {
    this.#home = home;
    this.workspace = workspace;
    this.#server = server;
    this.#browser = browser;
    this.#options = options;
  }

  /** Opens the window and waits until it is painted and, in a trusted folder, can be used. */
  async openWorkbench(): Promise<Workbench> {
    this.#context ??= await newContext(this.#browser, this.#options.timeout ?? 30_000);
    const page = await this.#context.newPage();
    this.#listen(page);
    await page.goto(this.#address());
    await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
    return new Workbench(page, this);
  }

  /**
   * Changes settings while the window is open; `undefined` takes a change back. They go where the settings of a remote
   * machine are: the web workbench watches those, but reads the user's own only when it opens. Settings of application
   * scope (trust) can therefore be given to `startEditor` only.
   */
  async set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#changed = { ...this.#changed, ...settings };
    await writeFile(settingsFile(this.#home, 'Machine'), JSON.stringify(this.#changed, null, 2));
  }

  /** Everything the editor wrote: its server, the extension host and every output channel, and the page's errors. */
  async logs(): Promise<string> {
    const folder = join(this.#home, 'data/data/logs');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const sections = files.map((file, index) => `==== ${file.slice(folder.length + 1)}\n${texts[index] ?? ''}`);
    return [`==== server\n${this.#server.output()}`, ...sections, `==== page\n${this.#console.join('\n')}`].join('\n');
  }

  /** Closes the window, ends the editor with all it started, and removes its files. */
  async dispose(): Promise<void> {
    await this.#context?.close().catch(() => undefined);
    await this.#server.stop();
    await removeTemp(this.#home);
  }

  #listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#console.push(message.text());
    });
    page.on('pageerror', (error) => this.#console.push(String(error.stack)));
  }

  #address(): string {
    const url = new URL(this.#server.url);
    const remote = (path: string): string => `vscode-remote://${url.host}${resolve(root, path)}`;
    const { developmentPath, testsPath } = this.#options;
    const payload = [
      ...(developmentPath === undefined ? [] : [['extensionDevelopmentPath', remote(developmentPath)]]),
      ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
    ];
    url.searchParams.set('folder', this.workspace);
    if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
    return url.href;
  }
}

const settingsFile = (home: string, kind: 'User' | 'Machine'): string => join(home, 'data/data', kind, 'settings.json');

const userSettings = ({ trust = true, settings = {} }: EditorOptions): Record<string, unknown> => ({
  ...quietSettings,
  'security.workspace.trust.enabled': !trust,
  ...settings,
});

/** Starts an editor. The caller disposes of it. */
export async function startEditor(browser: Browser, options: EditorOptions): Promise<Editor> {
  const home = await makeTemp('editor');
  try {
    const source = resolve(root, options.workspace);
    const workspace = join(home, basename(source));
    // What an emulator of the original left there is not the copy's.
    await cp(source, workspace, { recursive: true, filter: (file) => basename(file) !== '.faultline' });
    for (const [kind, settings] of [['User', userSettings(options)] as const, ['Machine', {}] as const]) {
      await mkdir(join(home, 'data/data', kind), { recursive: true });
      await writeFile(settingsFile(home, kind), JSON.stringify(settings, null, 2));
    }
    const server = await startServer({
      dataDir: join(home, 'data'),
      extensionsDir: await installExtensions(home, options),
      env: { ...options.env },
    });
    return new Editor(home, workspace, server, browser, options);
  } catch (error) {
    await removeTemp(home);
    throw error;
  }
}

async function installExtensions(home: string, options: EditorOptions): Promise<string> {
  const own = join(home, 'extensions');
  await mkdir(own);
  if (options.vsix !== undefined) await installVsix(resolve(root, options.vsix), own);
  for (const folder of options.extensions ?? []) {
    const source = resolve(root, folder);
    await cp(source, join(own, await folderName(source)), { recursive: true });
  }
  return options.extensionsDir ?? own;
}

/** `publisher.name-version`, as the editor names the folders of installed extensions. */
async function folderName(source: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const { publisher, name, version } = manifest as Record<string, string>;
  return `${String(publisher)}.${String(name)}-${String(version)}`;
}
