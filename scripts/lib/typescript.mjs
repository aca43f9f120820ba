import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import esbuild from 'esbuild';
import ts from 'typescript';
import { at } from './paths.mjs';

/**
 * The exports of a TypeScript module that imports nothing at run time.
 * @param {string} file from the root
 * @returns {Promise<Record<string, any>>}
 */
export async function importTypeScript(file) {
  const { code } = await esbuild.transform(await readFile(at(file), 'utf8'), { loader: 'ts', format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** @typedef {{ id: string, file: string | undefined, line: number }} RegistryLine `file` is a base name without `.ts` */

/**
 * The lines of a registry: the object or array literal that is exported and `satisfies` the type of its entries.
 * @param {string} path from the root
 * @returns {Promise<RegistryLine[]>}
 */
export async function registryLines(path) {
  const source = ts.createSourceFile(path, await readFile(at(path), 'utf8'), ts.ScriptTarget.Latest, true);
  const files = importedFiles(source);
  const literal = findRegistry(source);
  if (literal === undefined) throw new Error(`${path} exports no literal with \`satisfies\``);
  const entries = ts.isObjectLiteralExpression(literal) ? literal.properties : literal.elements;
  return entries.map((entry) => {
    const line = source.getLineAndCharacterOfPosition(entry.getStart()).line + 1;
    const value = ts.isPropertyAssignment(entry) ? entry.initializer : ts.isIdentifier(entry) ? entry : entry.name;
    const file = value === undefined ? undefined : files.get(value.getText());
    const key = ts.isPropertyAssignment(entry) ? entry.name : value;
    const name = key === undefined ? '' : ts.isStringLiteral(key) ? key.text : key.getText();
    return { id: name, file, line };
  });
}

/** Imported name → base name of its file. @param {ts.SourceFile} source */
function importedFiles(source) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    const { text } = /** @type {ts.StringLiteral} */ (statement.moduleSpecifier);
    const { namedBindings, name } = statement.importClause ?? {};
    const names = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.map((e) => e.name) : [];
    for (const each of [...names, ...(name ? [name] : [])]) files.set(each.text, basename(text, '.js'));
  }
  return files;
}

/** @param {ts.Node} node @returns {ts.ObjectLiteralExpression | ts.ArrayLiteralExpression | undefined} */
function findRegistry(node) {
  if (ts.isSatisfiesExpression(node)) {
    const inner = ts.isAsExpression(node.expression) ? node.expression.expression : node.expression;
    if (ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner)) return inner;
  }
  return ts.forEachChild(node, findRegistry);
}
