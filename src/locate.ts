/** Finds handlers in a text, well enough to put a lens above them while nothing runs. */

const escape = (name: string): string => name.replace(/\$/g, '\\$');

function scriptPatterns(name: string): RegExp[] {
  const id = escape(name);
  return [
    new RegExp(`^\\s*export\\s+(?:async\\s+)?function\\s*\\*?\\s*${id}\\b`),
    new RegExp(`^\\s*export\\s+(?:const|let|var)\\s+${id}\\b`),
    new RegExp(`^\\s*(?:module\\.)?exports\\.${id}\\s*=`),
    // A plain definition that is exported elsewhere: `module.exports = { handler }`, `export { handler }`.
    new RegExp(`^(?:async\\s+)?function\\s+${id}\\b`),
    new RegExp(`^(?:const|let|var)\\s+${id}\\s*(?::[^=]+)?=`),
    new RegExp(`^\\s*(?:module\\.exports\\s*=|export)\\s*\\{(?:[^}]*,)?\\s*(?:\\w+\\s+as\\s+)?${id}\\b`),
  ];
}

const pythonPatterns = (name: string): RegExp[] => [
  new RegExp(`^(?:async\\s+)?def\\s+${escape(name)}\\b`),
  new RegExp(`^${escape(name)}\\s*(?::[^=]+)?=`),
];

/**
 * Line of a handler.
 * @param lines of the file
 * @param name the export
 * @param python whether the file is Python
 * @returns from 0; undefined when it is not recognised
 */
export function locateHandler(lines: readonly string[], name: string, python: boolean): number | undefined {
  const patterns = python ? pythonPatterns(name) : scriptPatterns(name);
  for (const pattern of patterns) {
    const line = lines.findIndex((text) => pattern.test(text));
    if (line >= 0) return line;
  }
  if (python || name !== 'default') return undefined;
  const line = lines.findIndex((text) => /^\s*export\s+default\b/.test(text));
  return line < 0 ? undefined : line;
}

/** A function as its config names it. */
export interface ConfiguredHandler {
  readonly function: string;
  /** As written, without the ending: `orders/stock`. */
  readonly module: string;
  readonly export: string;
  /** Line in the config, from 0. */
  readonly line: number;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const unquote = (text: string): string => text.replace(/^(['"])(.*)\1$/, '$2');

/** Function names and handlers of a faultline.yaml, read by its lines: a lens needs no validated config. */
export function scanConfig(text: string): ConfiguredHandler[] {
  const found: ConfiguredHandler[] = [];
  let inFunctions = false;
  let indent: number | undefined;
  let current: { name: string; line: number } | undefined;
  for (const [number, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/\s+#.*$/, '');
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (indentOf(line) === 0) {
      inFunctions = /^functions\s*:/.test(line);
      indent = undefined;
      continue;
    }
    if (!inFunctions) continue;
    indent ??= indentOf(line);
    if (indentOf(line) === indent) {
      const name = /^\s*(['"]?)([A-Za-z0-9_-]+)\1\s*:/.exec(line)?.[2];
      current = name === undefined ? undefined : { name, line: number };
    }
    const handler = /(?:^|[\s{,])handler\s*:\s*('[^']*'|"[^"]*"|[^\s,}]+)/.exec(line)?.[1];
    const parts = handler === undefined ? undefined : /^(.+)\.([A-Za-z_$][\w$]*)$/.exec(unquote(handler));
    if (current && parts?.[1] && parts[2])
      found.push({ function: current.name, module: parts[1], export: parts[2], line: current.line });
  }
  return found;
}

const withoutEnding = (file: string): string => file.replace(/\.(?:[cm]?[jt]s|py)$/, '');

/** The handlers of a config that live in a file. @param file relative to the config's folder, with forward slashes */
export function handlersIn(configured: readonly ConfiguredHandler[], file: string): ConfiguredHandler[] {
  const module = withoutEnding(file);
  return configured.filter((one) => withoutEnding(one.module.replace(/^\.\//, '')) === module);
}
