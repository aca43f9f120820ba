import type { Language } from '../emulator/contract/findings.js';

const languages: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescript',
  py: 'python',
};

/** The language a file is linted as, from its name; undefined for what is not linted (`.d.ts` included). */
export function languageOf(file: string): Language | undefined {
  if (/\.d\.[cm]?ts$/i.test(file)) return undefined;
  const extension = /\.([a-z]+)$/i.exec(file)?.[1];
  return extension === undefined ? undefined : languages[extension.toLowerCase()];
}

/** The extension that makes the parser treat a text as its file asks for (JSX or not, modules or not). */
export function extensionOf(file: string, language: Language): string {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension !== undefined && languages[extension] === language) return extension;
  return language === 'javascript' ? 'js' : language === 'typescript' ? 'ts' : 'py';
}
