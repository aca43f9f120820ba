import type { Locator, Page } from 'playwright-core';
import { clean } from './quick-input.js';
import { dedent, until, untilEqual } from './wait.js';

/** A tree view of the side bar or the panel, read as it is painted. */
export class Tree {
  readonly #page: Page;
  readonly #name: string;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#name = name;
  }

  /** The section of the view, title included. */
  get pane(): Locator {
    // The only view of a container has no header of its own: the container's title says its name.
    const header = this.#page.locator(
      `.pane-header[aria-label^="${this.#name} "], .pane-header[aria-label="${this.#name}"]`,
    );
    return this.#page.locator('.pane').filter({ has: header }).first();
  }

  get #rows(): Locator {
    return this.pane.locator('.monaco-list-row');
  }

  /**
   * The rows on the screen, one a line: two spaces a level, `▾` or `▸` where it opens, the label, two spaces, the
   * description. Rows that are scrolled away are not there, as on the screen.
   */
  async text(): Promise<string> {
    const rows = await this.#rows.evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: element.getBoundingClientRect().top,
          level: Number(element.getAttribute('aria-level') ?? '1'),
          expanded: element.getAttribute('aria-expanded'),
          label: element.querySelector('.label-name')?.textContent ?? '',
          description: element.querySelector('.label-description')?.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top),
    );
    const least = Math.min(...rows.map(({ level }) => level));
    return rows
      .map(({ level, expanded, label, description }) => {
        const twistie = expanded === null ? '' : expanded === 'true' ? '▾ ' : '▸ ';
        const text = `${'  '.repeat(level - least)}${twistie}${clean(label)}`;
        return description === '' ? text : `${text}  ${clean(description)}`;
      })
      .join('\n');
  }

  /** Waits until the tree reads as this text (indentation of the template is taken off). */
  async toBe(expected: string, timeout?: number): Promise<void> {
    await untilEqual(this.#page, () => this.text(), dedent(expected), timeout);
  }

  /** Waits until the tree's text matches. */
  async toMatch(pattern: RegExp, timeout?: number): Promise<string> {
    return until(
      this.#page,
      () => this.text(),
      (text) => pattern.test(text),
      (last) => `expected the tree to match ${String(pattern)}, but saw\n${last}`,
      timeout,
    );
  }

  /** The row whose label is this text. */
  row(label: string): Locator {
    return this.#rows.filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) }).first();
  }

  async click(label: string): Promise<void> {
    await this.row(label).click();
  }

  /** Opens the row; nothing when it is open. */
  async expand(label: string): Promise<void> {
    await this.#toggle(label, 'true');
  }

  async collapse(label: string): Promise<void> {
    await this.#toggle(label, 'false');
  }

  async #toggle(label: string, wanted: 'true' | 'false'): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === wanted) return;
    await row.locator('.monaco-tl-twistie').click();
    await row.and(this.#page.locator(`[aria-expanded="${wanted}"]`)).waitFor();
  }

  /** Titles of the inline buttons of a row. */
  async actions(label: string): Promise<string[]> {
    const row = this.row(label);
    await row.hover();
    return row.locator('.actions .action-label').evaluateAll((buttons) => buttons.map((b) => b.ariaLabel ?? ''));
  }

  /** Clicks an inline button of a row. */
  async clickAction(label: string, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`.actions .action-label[aria-label^="${action}"]`).click();
  }

  /** Clicks a button in the view's title bar. */
  async clickTitleAction(action: string): Promise<void> {
    const button = this.pane
      .locator('.pane-header .action-label')
      .or(this.#page.locator('.part.sidebar > .composite.title .action-label'))
      .and(this.#page.locator(`[aria-label^="${action}"]`));
    await this.pane.hover();
    await button.first().click();
  }

  /** Chooses from a row's context menu. */
  async contextMenu(label: string, item: string): Promise<void> {
    await this.row(label).click({ button: 'right' });
    const entry = this.#page.locator('.context-view .action-menu-item').filter({
      has: this.#page.locator('.action-label').getByText(item, { exact: true }),
    });
    await entry.first().click();
  }

  /** Texts of the view's welcome page: paragraphs and buttons, in order. */
  async welcome(): Promise<string[]> {
    const parts = this.pane.locator('.welcome-view-content p, .welcome-view-content .monaco-button');
    await parts.first().waitFor();
    return (await parts.allInnerTexts()).map(clean);
  }

  /** Waits until a paragraph or a button of the welcome page contains the text. */
  async welcomeToContain(text: string): Promise<void> {
    await this.pane.locator('.welcome-view-content').getByText(text).first().waitFor();
  }

  async clickWelcome(button: string): Promise<void> {
    await this.pane.locator('.welcome-view-content .monaco-button, .welcome-view-content a').getByText(button).click();
  }
}
