import type { FrameLocator, Page } from 'playwright-core';
import { until } from './wait.js';

/** How many webviews a window is searched for: more than anyone opens. */
const many = 20;

/**
 * The document of the webview with this title (of the panel or the view). A webview is two frames in one another: the
 * outer belongs to the editor, the inner one to the extension.
 */
export async function findWebview(page: Page, title: string, timeout?: number): Promise<FrameLocator> {
  const outer = page.locator('iframe.webview.ready');
  const index = await until(
    page,
    async () => (await titles(page)).indexOf(title),
    (found) => found >= 0,
    () => `No webview '${title}' is visible`,
    timeout,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; there is: ${(await titles(page)).join(' | ') || 'none'}`);
  });
  return outer.nth(index).contentFrame().locator('#active-frame').contentFrame();
}

/** Titles of all webviews; an empty one for those that are hidden. */
async function titles(page: Page): Promise<string[]> {
  const outer = await page.locator('iframe.webview.ready').all();
  return Promise.all(
    outer.slice(0, many).map(async (frame) => {
      if (!(await frame.isVisible().catch(() => false))) return '';
      const inner = frame.contentFrame().locator('#active-frame');
      return (await inner.getAttribute('title', { timeout: 1_000 }).catch(() => '')) ?? '';
    }),
  );
}
