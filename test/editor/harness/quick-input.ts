import type { Locator, Page } from 'playwright-core';
import { until } from './wait.js';

/** The command palette, quick picks and input boxes: one widget at the top of the window. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;
  readonly input: Locator;
  readonly rows: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget:visible');
    this.input = this.widget.locator('.quick-input-box input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Labels of the entries that are painted, top first. */
  async labels(): Promise<string[]> {
    const names = this.rows.locator('.quick-input-list-entry .quick-input-list-row:first-child .label-name');
    return (await names.allTextContents()).map(clean);
  }

  /** Opens the palette with this text in it: `>` commands, nothing for files, `@` symbols. */
  async open(text: string): Promise<void> {
    if (await this.widget.isVisible()) await this.close();
    await this.#page.keyboard.press('F1');
    await this.input.waitFor();
    await this.input.fill(text);
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** The entry with exactly this label, or, when there is none, the first whose label contains the text. */
  async #find(text: string): Promise<Locator | undefined> {
    const labels = await this.labels();
    const exact = labels.indexOf(text);
    const index = exact >= 0 ? exact : labels.findIndex((label) => label.includes(text));
    return index < 0 ? undefined : this.rows.nth(index);
  }

  /** Waits for the entry and chooses it; of a list that is longer than the window, it types what it looks for. */
  async pick(text: string, timeout?: number): Promise<void> {
    await this.rows.first().waitFor();
    if (!(await this.#find(text)) && (await this.#isLong())) await this.input.fill(text);
    const row = await until(
      this.#page,
      () => this.#find(text),
      (found) => found !== undefined,
      () => `No '${text}' to pick`,
      timeout,
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)}; there is: ${(await this.labels()).join(' | ') || 'nothing'}`);
    });
    await row?.locator('.quick-input-list-entry').click();
  }

  /** Whether there are entries that are not painted. */
  async #isLong(): Promise<boolean> {
    return this.rows.first().evaluate((row) => {
      const list = row.closest('.monaco-list');
      return (
        list !== null &&
        list.scrollHeight > 0 &&
        Number(row.getAttribute('aria-setsize') ?? 0) > list.querySelectorAll('.monaco-list-row').length
      );
    });
  }

  /** Runs a command by its title as the palette shows it. The exact title only: others are worth a failure. */
  async runCommand(title: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      await this.open(`>${title}`);
      const row = this.rows.filter({ has: this.#page.locator(`[aria-label]`) }).first();
      await row.waitFor({ timeout: 5_000 });
      const index = await until(
        this.#page,
        async () => (await this.labels()).indexOf(title),
        (found) => found >= 0,
        () => 'not there',
        2_000,
      ).catch(() => -1);
      if (index >= 0) return this.rows.nth(index).locator('.quick-input-list-entry').click();
      // The palette does not learn of commands that are contributed while it is open.
      const seen = await this.labels();
      await this.close();
      if (Date.now() > deadline) throw new Error(`No command '${title}'; there is: ${seen.join(' | ')}`);
    }
  }

  /** Titles of the commands that the palette offers for a text. */
  async commands(text: string): Promise<string[]> {
    await this.open(`>${text}`);
    await this.rows.first().waitFor();
    const labels = await this.labels();
    await this.close();
    return labels.filter((label) => label.toLowerCase().includes(text.toLowerCase()));
  }

  /** Types into the input box and accepts it. */
  async type(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
    await this.#page.keyboard.press('Enter');
  }
}

/** Icons are characters of a private area in the text. */
export const clean = (text: string): string =>
  text
    .replace(/[\ue000-\uf8ff\u00a0]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
