import { english, type Translate } from '../emulator/contract/webview.js';

/**
 * The one way to text that users see. `activate` connects it to `vscode.l10n.t`; modules that never touch the editor
 * use it too, and so run in unit tests, where it stays English.
 */
let translate: Translate = english;

export function useTranslations(by: Translate): void {
  translate = by;
}

/** @param message English, with `{0}` for the first argument */
export const t: Translate = (message, ...args) => translate(message, ...args);
