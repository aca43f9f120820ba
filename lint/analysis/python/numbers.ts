import { positionalOf, stringValue } from './calls.js';
import type { PythonModule } from './module.js';
import { child, named } from './tree.js';
import type { PyNode } from './tree.js';

/**
 * The number that an expression is: literals, constants, arithmetic, and what the environment is given by default
 * (`int(os.environ.get("TIMEOUT", "3"))`). Undefined where the code does not show it.
 */
export function numberIn(module: PythonModule, node: PyNode | undefined, steps = 0): number | undefined {
  if (node === undefined || steps > 12) return undefined;
  const inner = (each: PyNode | undefined): number | undefined => numberIn(module, each, steps + 1);
  switch (node.type) {
    case 'integer':
    case 'float':
      return parsed(module.text(node));
    case 'string':
      return parsed(stringValue(module, node) ?? '');
    case 'parenthesized_expression':
      return inner(named(node)[0]);
    case 'unary_operator':
      return module.text(node).startsWith('-') ? negative(inner(child(node, 'argument'))) : undefined;
    case 'binary_operator':
      return calculate(module.text(child(node, 'operator')), inner(child(node, 'left')), inner(child(node, 'right')));
    case 'call':
      return inner(argumentThatCounts(module, node));
    case 'boolean_operator':
      return inner(named(node).at(-1));
    case 'identifier':
    case 'attribute': {
      const value = module.origins.valueOf(node);
      return value === node ? undefined : numberIn(module.ownerOf(value), value, steps + 1);
    }
    default:
      return undefined;
  }
}

/** `int(x)` is x; `os.environ.get(name, x)` and `os.getenv(name, x)` are x where nothing is set. */
function argumentThatCounts(module: PythonModule, call: PyNode): PyNode | undefined {
  const callee = child(call, 'function');
  const given = positionalOf(call);
  if (/^(int|float|round)$/.test(module.text(callee))) return given[0];
  return /^os\.(environ\.get|getenv)$/.test(module.origins.path(callee)) ? given[1] : undefined;
}

function parsed(text: string): number | undefined {
  const plain = text.replaceAll('_', '').trim();
  return /^\d+(\.\d*)?(e\d+)?$|^\.\d+$/i.test(plain) ? Number(plain) : undefined;
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function calculate(operator: string, left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '*') return left * right;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '/' && right !== 0 ? left / right : undefined;
}
