import { basename, relative } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { clean, type QuickInput } from './quick-input.js';
import { until, untilEqual } from './wait.js';

/** The text editors. */
export class Documents {
  readonly #page: Page;
  readonly #quick: QuickInput;
  readonly #workspace: string;

  constructor(page: Page, quick: QuickInput, workspace: string) {
    this.#page = page;
    this.#quick = quick;
    this.#workspace = workspace;
  }

  /** The editor that has the focus, or had it last. */
  get active(): Locator {
    return this.#page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  }

  /** Opens a file of the workspace as with Ctrl+P. @param file from the workspace's root, or absolute */
  async open(file: string, line?: number): Promise<void> {
    const path = file.startsWith('/') ? relative(this.#workspace, file) : file;
    const tab = this.#page.locator(
      `.editor-group-container.active .tab.active[data-resource-name="${basename(path)}"]`,
    );
    // A path with a place behind it is taken as it is typed, once the search has found the file.
    await this.#quick.open(line === undefined ? path : `${path}:${String(line)}`);
    await this.#quick.pick(basename(path));
    await tab.waitFor();
    await this.active.locator('.view-line').first().waitFor();
  }

  /** Waits until exactly these tabs are open, from left to right. */
  async tabs(): Promise<string[]> {
    return (await this.#page.locator('.tabs-container .tab .label-name').allTextContents()).map(clean);
  }

  /** The lines on the screen. */
  async text(): Promise<string> {
    const lines = await this.active.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.map((line) => line.replaceAll('\u00a0', ' ')).join('\n');
  }

  /** Types at the cursor, as keys. */
  async type(text: string): Promise<void> {
    await this.active.locator('.view-lines').click();
    await this.#page.keyboard.type(text);
  }

  async save(): Promise<void> {
    await this.#page.keyboard.press('Control+S');
    await this.#page.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  get #lenses(): Locator {
    return this.active.locator('.codelens-decoration a');
  }

  /** The CodeLens links on the screen, from the top and from the left. */
  async codeLenses(): Promise<string[]> {
    const links = await this.#lenses.evaluateAll((elements) =>
      elements
        .map((element) => ({ box: element.getBoundingClientRect(), text: element.textContent }))
        .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
        .map(({ text }) => text),
    );
    return links.map(clean);
  }

  /** Waits until the lenses are exactly these. */
  async codeLensesToBe(expected: readonly string[], timeout?: number): Promise<void> {
    await untilEqual(this.#page, () => this.codeLenses(), [...expected], timeout);
  }

  /** Clicks the nth lens (from 0) with this text. */
  async clickCodeLens(text: string, nth = 0): Promise<void> {
    const links = this.#lenses.filter({ hasText: text });
    await until(
      this.#page,
      () => links.count(),
      (count) => count > nth,
      (count) => `${String(count)} CodeLenses '${text}', wanted number ${String(nth)}`,
    );
    // Lenses come in the order of their providers in the document tree, not of their lines.
    const tops = await links.evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().top));
    const order = tops.map((top, index) => ({ top, index })).sort((a, b) => a.top - b.top);
    await links.nth(order[nth]?.index ?? nth).click();
  }

  /** Underlined places on the screen, by severity. */
  async squiggles(): Promise<{ errors: number; warnings: number; infos: number }> {
    const count = (name: string): Promise<number> => this.active.locator(`.${name}`).count();
    const [errors, warnings, infos] = await Promise.all(
      ['squiggly-error', 'squiggly-warning', 'squiggly-info'].map(count),
    );
    return { errors: errors ?? 0, warnings: warnings ?? 0, infos: infos ?? 0 };
  }

  /** Puts the cursor at a place (from 1), opens its code actions and returns their titles. */
  async codeActions(line: number, column = 1): Promise<string[]> {
    await this.goTo(line, column);
    await this.#page.keyboard.press('Control+.');
    const items = this.#page.locator('.action-widget .monaco-list-row.action');
    await items.first().waitFor();
    return (await items.allInnerTexts()).map(clean);
  }

  /** Chooses a code action of a place, by the keyboard: the menu shields itself from a pointer that has not moved. */
  async applyCodeAction(title: string, line: number, column = 1): Promise<void> {
    const titles = await this.codeActions(line, column);
    if (!titles.some((one) => one.includes(title))) throw new Error(`no code action '${title}': ${titles.join(' | ')}`);
    const focused = this.#page.locator('.action-widget .monaco-list-row.action.focused');
    for (let i = 0; i < titles.length && !(await focused.innerText()).includes(title); i++)
      await this.#page.keyboard.press('ArrowDown');
    await this.#page.keyboard.press('Enter');
  }

  /** Moves the cursor (both from 1) and gives the editor the focus. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#quick.open(`:${String(line)}:${String(column)}`);
    await this.#page.keyboard.press('Enter');
    await this.#quick.widget.waitFor({ state: 'hidden' });
  }
}
