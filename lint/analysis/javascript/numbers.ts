import { keyName, unwrap } from './ast.js';
import type { Node } from './ast.js';
import type { Origins } from './origins.js';

/**
 * The number that an expression is: literals, constants, arithmetic, and what the environment is given by default
 * (`Number(process.env.TIMEOUT_MS ?? 3000)`). Undefined where the code does not show it.
 */
export function numberOf(origins: Origins, expression: Node, depth = 0): number | undefined {
  const node = unwrap(expression);
  if (depth > 12) return undefined;
  switch (node.type) {
    case 'Literal':
      return numeric(node.value);
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '+'
        ? negate(numberOf(origins, node.argument, depth + 1), node.operator === '-')
        : undefined;
    case 'BinaryExpression':
      return calculate(
        node.operator,
        numberOf(origins, node.left, depth + 1),
        numberOf(origins, node.right, depth + 1),
      );
    case 'LogicalExpression':
      return numberOf(origins, isEnvironment(origins, node.left) ? node.right : node.left, depth + 1);
    case 'CallExpression':
      return isNumberCall(origins, node.callee) && node.arguments[0] !== undefined
        ? numberOf(origins, node.arguments[0], depth + 1)
        : undefined;
    case 'Identifier':
    case 'MemberExpression': {
      const value = origins.valueOf(node);
      return value === node ? undefined : numberOf(origins, value, depth + 1);
    }
    default:
      return undefined;
  }
}

function numeric(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function negate(value: number | undefined, negative: boolean): number | undefined {
  return value === undefined ? undefined : negative ? -value : value;
}

function calculate(operator: string, left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '*') return left * right;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '/' && right !== 0 ? left / right : undefined;
}

/** True for what only the deployed function knows, so that the default beside it is what the code says. */
function isEnvironment(origins: Origins, expression: Node): boolean {
  const node = unwrap(expression);
  if (node.type === 'CallExpression') {
    return isNumberCall(origins, node.callee) && node.arguments[0] !== undefined
      ? isEnvironment(origins, node.arguments[0])
      : false;
  }
  return node.type === 'MemberExpression' && origins.path(node).startsWith('global.process.env');
}

function isNumberCall(origins: Origins, callee: Node): boolean {
  const node = unwrap(callee);
  if (node.type === 'MemberExpression') return keyName(node) === 'parseInt' || keyName(node) === 'parseFloat';
  return /^global\.(Number|parseInt|parseFloat)$/.test(origins.path(node));
}
