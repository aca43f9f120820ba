import { readFile } from 'node:fs/promises';

/** Where an exported handler begins, for annotations. */

const escape = (text: string): string => text.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&');

/** Line of the export in the text, from 1; 1 when it is not recognised (`export * from`, a computed export). */
export function findHandlerLine(text: string, exported: string): number {
  const name = escape(exported);
  const forms = [
    new RegExp(`^\\s*export\\s+(?:default\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+${name}\\b`),
    new RegExp(`^\\s*(?:module\\.)?exports\\.${name}\\s*=`),
    new RegExp(`^(?:async\\s+)?def\\s+${name}\\s*\\(`),
    new RegExp(`^\\s*(?:async\\s+)?(?:function\\s*\\*?|const|let|var)\\s+${name}\\b`),
    new RegExp(`^${name}\\s*=`),
  ];
  const lines = text.split('\n');
  for (const form of forms) {
    const index = lines.findIndex((line) => form.test(line));
    if (index >= 0) return index + 1;
  }
  return 1;
}

/** The place of a handler on disk; line 1 when its file cannot be read. */
export async function handlerPlace(file: string, exported: string): Promise<{ file: string; line: number }> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return { file, line: findHandlerLine(text, exported) };
}
