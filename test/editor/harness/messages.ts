import type { Locator, Page } from 'playwright-core';
import { clean } from './quick-input.js';

/** Notifications and dialogs. */
export class Messages {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #toasts(): Locator {
    return this.#page.locator('.notifications-toasts .notification-list-item');
  }

  /** Texts of the notifications on the screen, newest first. */
  async texts(): Promise<string[]> {
    return (await this.#toasts.locator('.notification-list-item-message').allInnerTexts()).map(clean);
  }

  /** Waits for a notification that contains the text. */
  async waitFor(text: string | RegExp, timeout?: number): Promise<Locator> {
    const toast = this.#toasts.filter({ hasText: text }).first();
    await toast.waitFor(timeout === undefined ? {} : { timeout });
    return toast;
  }

  /** Waits for the notification and presses its button. */
  async click(text: string | RegExp, button: string): Promise<void> {
    const toast = await this.waitFor(text);
    await toast.locator('.monaco-button').getByText(button, { exact: true }).click();
  }

  get dialog(): Locator {
    return this.#page.locator('.monaco-dialog-box');
  }

  /** Waits for a modal dialog and presses its button. */
  async answer(button: string): Promise<void> {
    await this.dialog.getByRole('button', { name: button }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }
}
