import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';

/** Runs in the page, whose types the tests do not have: hence a text. */
const observeOnce = `new Promise((done) => {
  const finish = () => (observer.disconnect(), done());
  const observer = new MutationObserver(finish);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  setTimeout(finish, 250);
})`;

/** Resolves at the page's next change; a quarter of a second later also without one, for what is not in the page. */
const nextChange = (page: Page): Promise<unknown> => page.evaluate(observeOnce);

/**
 * Reads until the value is accepted, once a change of the page.
 * @param describe what is said, with the last value, when it never was
 * @param timeout milliseconds
 */
export async function until<T>(
  page: Page,
  read: () => T | Promise<T>,
  accept: (value: T) => boolean,
  describe: (last: T) => string,
  timeout = 30_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > end) throw new Error(describe(value));
    await nextChange(page);
  }
}

/** Reads until the value equals the expected one; the error shows both. */
export const untilEqual = <T>(page: Page, read: () => T | Promise<T>, expected: T, timeout?: number): Promise<T> =>
  until(
    page,
    read,
    (value) => isDeepStrictEqual(value, expected),
    (last) => `expected\n${show(expected)}\nbut saw\n${show(last)}`,
    timeout,
  );

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A text without the line breaks and indentation of the source around it, for expectations written as templates. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  const margin = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0),
  );
  return lines.map((line) => line.slice(margin).trimEnd()).join('\n');
}
