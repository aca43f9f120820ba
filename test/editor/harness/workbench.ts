import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { artifactsDir } from '../../../scripts/lib/for-tests.mjs';
import { Documents } from './documents.js';
import type { Editor } from './editor.js';
import { Messages } from './messages.js';
import { clean, QuickInput } from './quick-input.js';
import { Tree } from './tree.js';
import { until, untilEqual } from './wait.js';
import { findWebview } from './webviews.js';

const themes = {
  light: { name: 'Default Light Modern', className: 'vs' },
  dark: { name: 'Default Dark Modern', className: 'vs-dark' },
  hcDark: { name: 'Default High Contrast', className: 'hc-black' },
  hcLight: { name: 'Default High Contrast Light', className: 'hc-light' },
} as const;
export type Theme = keyof typeof themes;

/** The window, with what a user does in it. Everything waits for what it needs; nothing sleeps. */
export class Workbench {
  readonly page: Page;
  readonly documents: Documents;
  readonly messages: Messages;
  readonly quickInput: QuickInput;
  readonly #editor: Editor;

  constructor(page: Page, editor: Editor) {
    this.page = page;
    this.#editor = editor;
    this.quickInput = new QuickInput(page);
    this.documents = new Documents(page, this.quickInput, editor.workspace);
    this.messages = new Messages(page);
  }

  /** The temporary copy of the workspace that is open. */
  get workspace(): string {
    return this.#editor.workspace;
  }

  /** Runs a command by its full title, e.g. `Faultline: Start`. */
  runCommand(title: string): Promise<void> {
    return this.quickInput.runCommand(title);
  }

  /** Titles of the commands that the palette offers for a text. */
  commands(text: string): Promise<string[]> {
    return this.quickInput.commands(text);
  }

  /** Shows a view container by its icon's name in the activity bar; nothing when it is showing. */
  async openView(name: string): Promise<void> {
    const icon = this.page.locator(`.part.activitybar .action-item:has(> .action-label[aria-label^="${name}"])`);
    await icon.waitFor();
    if ((await icon.getAttribute('class'))?.includes('checked') !== true) await icon.click();
    await this.page.locator('.part.sidebar > .composite.title h2').getByText(name).first().waitFor();
  }

  /** A tree view by its name. With one view only in the container, leave it out or give the view's own name. */
  tree(view: string): Tree {
    return new Tree(this.page, view);
  }

  /** Opens a file of the workspace. */
  openFile(path: string, line?: number): Promise<void> {
    return this.documents.open(path, line);
  }

  codeLenses(): Promise<string[]> {
    return this.documents.codeLenses();
  }

  clickCodeLens(text: string, nth = 0): Promise<void> {
    return this.documents.clickCodeLens(text, nth);
  }

  notifications(): Promise<string[]> {
    return this.messages.texts();
  }

  /** Waits for a notification that contains the text. */
  notification(text: string | RegExp, timeout?: number): Promise<Locator> {
    return this.messages.waitFor(text, timeout);
  }

  clickNotification(text: string | RegExp, button: string): Promise<void> {
    return this.messages.click(text, button);
  }

  clearNotifications(): Promise<void> {
    return this.runCommand('Notifications: Clear All Notifications');
  }

  /** Waits for the entry of the open quick pick and chooses it. */
  quickPick(text: string, timeout?: number): Promise<void> {
    return this.quickInput.pick(text, timeout);
  }

  /** Types into the open input box and accepts it. */
  inputBox(text: string): Promise<void> {
    return this.quickInput.type(text);
  }

  /** Waits for the status bar item that contains the text. */
  async statusBar(text: string | RegExp, timeout?: number): Promise<Locator> {
    const item = this.page.locator('.part.statusbar .statusbar-item:visible').filter({ hasText: text }).first();
    await item.waitFor(timeout === undefined ? {} : { timeout });
    return item;
  }

  /** Lines of the Problems view, file by file, as `message source(code) [Ln 3, Col 4]`. */
  async problems(): Promise<string[]> {
    const rows = this.page.locator('.markers-panel-container .monaco-list-row');
    if (!(await this.page.locator('.markers-panel-container').isVisible())) {
      await this.runCommand('Problems: Focus on Problems View');
      await this.page.locator('.markers-panel-container').waitFor();
    }
    return (await rows.allInnerTexts()).map((text) => clean(text.replaceAll('\n', ' ')));
  }

  /** Waits until a line of the Problems view contains each of the texts. */
  async problemsToContain(...texts: readonly string[]): Promise<string[]> {
    return until(
      this.page,
      () => this.problems(),
      (lines) => texts.every((text) => lines.some((line) => line.includes(text))),
      (last) => `expected problems with ${texts.join(' and ')}, but saw\n${last.join('\n')}`,
    );
  }

  /** The document inside the visible webview of this title. */
  webview(title: string, timeout?: number): Promise<FrameLocator> {
    return findWebview(this.page, title, timeout);
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, className } = themes[theme];
    await this.#editor.set({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  /** Changes settings (not those of application scope); the extension sees the change within a second or two. */
  set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#editor.set(settings);
  }

  /** Trusts the workspace in the dialog with which it opened. */
  acceptTrust(): Promise<void> {
    return this.messages.answer('Yes, I trust the authors');
  }

  /** Stays in Restricted Mode. */
  declineTrust(): Promise<void> {
    return this.messages.answer("No, I don't trust the authors");
  }

  /** A picture of the window in artifacts/screenshots. Returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = join(artifactsDir, 'screenshots');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name.replace(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Waits until what is read equals the expected value; the error shows both. */
  eventually<T>(read: () => T | Promise<T>, expected: T, timeout?: number): Promise<T> {
    return untilEqual(this.page, read, expected, timeout);
  }

  /** Reloads the window, as `Developer: Reload Window` does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
  }

  /** Everything the editor and the extension have logged. */
  logs(): Promise<string> {
    return this.#editor.logs();
  }
}
