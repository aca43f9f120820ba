import { english, type Translate } from '../../emulator/contract/webview.js';

/** Texts of the pages; the extension sends translations, the dashboard stays English. */
let texts: Readonly<Record<string, string>> = {};

export function useTexts(translations: Readonly<Record<string, string>>): void {
  texts = translations;
}

export const t: Translate = (message, ...args) => english(texts[message] ?? message, ...args);
