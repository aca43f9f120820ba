import type { TSESTree } from '@typescript-eslint/types';
import { keyName, unwrap } from './ast.js';
import type { Node } from './ast.js';

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

function named(statement: TSESTree.ExportNamedDeclaration): Exported[] {
  if (statement.source) return [];
  const found: Exported[] = [];
  const declaration = statement.declaration;
  if (declaration?.type === 'FunctionDeclaration' && declaration.id) {
    found.push({ name: declaration.id.name, value: declaration });
  }
  if (declaration?.type === 'VariableDeclaration') {
    for (const each of declaration.declarations) {
      if (each.id.type === 'Identifier' && each.init) found.push({ name: each.id.name, value: each.id });
    }
  }
  for (const specifier of statement.specifiers) {
    const name = specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value;
    found.push({ name, value: specifier.local });
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
