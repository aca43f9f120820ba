import * as parser from '@typescript-eslint/parser';
import type { Linter as LinterTypes, SourceCode } from 'eslint';
import { Linter } from 'eslint/universal';

type LanguageOptions = NonNullable<LinterTypes.Config['languageOptions']>;

/**
 * JavaScript through ESLint's own parser: three times as fast. What it does not read (types, decorators, sloppy code) is
 * read by TypeScript's.
 */
const javascript: LanguageOptions = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  parserOptions: { ecmaFeatures: { jsx: true } },
};

/** How every file is read, by the rules and when an import is followed. */
export const languageOptions: LanguageOptions = {
  parser: parser as LinterTypes.Parser,
  sourceType: 'module',
  // A newer TypeScript than the parser knows is no news to the user.
  parserOptions: { ecmaFeatures: { jsx: true }, warnOnUnsupportedTypeScriptVersion: false },
};

/** Why a text does not parse; line and column from 1. */
export interface ParseProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const linter = new Linter({ configType: 'flat' });

/** The syntax tree, tokens and scopes of a text, with every node's parent set. */
export function parseSource(text: string, extension: string): SourceCode | ParseProblem {
  if (/^[cm]?jsx?$/.test(extension)) {
    const quick = parseWith(text, extension, javascript);
    if (!('message' in quick)) return quick;
  }
  return parseWith(text, extension, languageOptions);
}

function parseWith(text: string, extension: string, languageOptions: LanguageOptions): SourceCode | ParseProblem {
  const messages = linter.verify(text, [{ files: [`**/*.${extension}`], languageOptions }], {
    filename: `file.${extension}`,
  });
  // ESLint also calls comments fatal that it no longer reads (`eslint-env`): those are no news about the code.
  const fatal = messages.find((message) => message.fatal && message.message.startsWith('Parsing error'));
  if (fatal === undefined) return linter.getSourceCode();
  // The text is fine, only deeper than our stack: that is no mistake of its author.
  if (fatal.message.includes('Maximum call stack')) throw new RangeError('Maximum call stack size exceeded');
  const message = fatal.message.replace(/^Parsing error: /, '').replace(/\s+/g, ' ');
  // The TypeScript parser counts columns of its errors from 0.
  return { message, line: fatal.line, column: fatal.column + 1 };
}
