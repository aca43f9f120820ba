import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** One import of one file. */
export interface Import {
  /** The importing file, from the repository's root. */
  readonly from: string;
  readonly line: number;
  /** What is imported: a file from the repository's root, or the name of a package. */
  readonly to: string;
  readonly ours: boolean;
}

/** Tests and what only they use may reach anywhere. */
const isTest = (file: string): boolean => /(\.test\.ts|\/fixtures?\.ts)$/.test(file);

/** Every import of the TypeScript sources in these folders, tests left out. */
export function importsOf(root: string, folders: readonly string[]): Import[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => /(?<!\.d)\.tsx?$/.test(file) && !isTest(file))
      .flatMap((file) => importsOfText(root, file, readFileSync(join(root, file), 'utf8'))),
  );
}

/** The imports of a source text: static, dynamic, `require` and types alike. */
export function importsOfText(root: string, from: string, text: string): Import[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName, pos }) => {
    const ours = fileName.startsWith('.');
    const path = relative(root, resolve(root, dirname(from), fileName)).replaceAll('\\', '/');
    const line = text.slice(0, pos).split('\n').length;
    return { from, line, ours, to: ours ? path.replace(/\.js$/, '.ts') : fileName };
  });
}
