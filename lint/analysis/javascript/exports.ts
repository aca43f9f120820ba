import type { TSESTree } from '@typescript-eslint/types';
import { keyName, unwrap } from './ast.js';
import type { Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** One value that a file exports, with its name: `default` for `export default` and `module.exports = fn`. */
export interface Exported {
  readonly name: string;
  readonly value: Node;
}

/** What a file exports, through ES modules or CommonJS. */
export function findExports(program: TSESTree.Program): Exported[] {
  return program.body.flatMap((statement) => {
    switch (statement.type) {
      case 'ExportDefaultDeclaration':
        return [{ name: 'default', value: statement.declaration }];
      case 'ExportNamedDeclaration':
        return named(statement);
      case 'TSExportAssignment':
        return [{ name: 'default', value: statement.expression }];
      case 'ExpressionStatement':
        return assigned(statement.expression);
      case 'VariableDeclaration':
        // `const handler = exports.handler = async () => …`
        return statement.declarations.flatMap((each) => (each.init ? assigned(each.init) : []));
      default:
        return [];
    }
  });
}

/** The value behind an exported name of a module, followed through what it exports again from others of the project. */
export function exportedValue(module: JavaScriptModule, name: string, depth = 0): Node | undefined {
  const own = findExports(module.program).find((each) => each.name === name);
  if (own !== undefined || depth > 6) return own?.value;
  for (const statement of module.program.body) {
    const again = exportedAgain(module, statement, name, depth + 1);
    if (again !== undefined) return again;
  }
  return undefined;
}

/** `export { name } from './other'`, `export * from './other'`. */
function exportedAgain(module: JavaScriptModule, statement: Node, name: string, depth: number): Node | undefined {
  if (statement.type === 'ExportAllDeclaration' && statement.exported === null && name !== 'default') {
    const target = module.imported(statement.source.value);
    return target && exportedValue(target, name, depth);
  }
  if (statement.type !== 'ExportNamedDeclaration' || !statement.source) return undefined;
  const specifier = statement.specifiers.find((each) => nameOf(each.exported) === name);
  const target = specifier && module.imported(statement.source.value);
  return target && exportedValue(target, nameOf(specifier.local), depth);
}

function nameOf(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

function named(statement: TSESTree.ExportNamedDeclaration): Exported[] {
  if (statement.source) return [];
  const found: Exported[] = [];
  const declaration = statement.declaration;
  if (
    /^(Function|Class)Declaration$/.test(declaration?.type ?? '') &&
    declaration &&
    'id' in declaration &&
    declaration.id?.type === 'Identifier'
  ) {
    found.push({ name: declaration.id.name, value: declaration });
  }
  if (declaration?.type === 'VariableDeclaration') {
    for (const each of declaration.declarations) {
      if (each.id.type === 'Identifier' && each.init) found.push({ name: each.id.name, value: each.id });
    }
  }
  for (const specifier of statement.specifiers) {
    found.push({ name: nameOf(specifier.exported), value: specifier.local });
  }
  return found;
}

function assigned(expression: Node): Exported[] {
  const node = unwrap(expression);
  if (node.type !== 'AssignmentExpression') return [];
  const name = exportedName(node.left);
  const value = unwrap(node.right);
  if (name === 'default' && value.type === 'ObjectExpression') {
    return value.properties.flatMap((property) => {
      const key = property.type === 'Property' ? keyName(property) : undefined;
      return property.type === 'Property' && key !== undefined ? [{ name: key, value: property.value }] : [];
    });
  }
  return [...(name === undefined ? [] : [{ name, value }]), ...assigned(value)];
}

function exportedName(target: Node): string | undefined {
  if (target.type !== 'MemberExpression') return undefined;
  const name = keyName(target);
  if (isModuleExports(target)) return 'default';
  const object = target.object;
  return (object.type === 'Identifier' && object.name === 'exports') || isModuleExports(object) ? name : undefined;
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    keyName(node) === 'exports'
  );
}
