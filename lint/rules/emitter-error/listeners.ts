import {
  enclosingFunction,
  isFunction,
  keyName,
  outer,
  parentOf,
  stringOf,
  unwrap,
} from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { JavaScriptModule } from '../../analysis/javascript/module.js';

/**
 * Who hears an emitter's errors: somebody (`heard`), nobody (`unheard`), or somebody has it whom we do not see. `returned`
 * leaves a function of unknown callers, or the file.
 */
export type Hearing = 'heard' | 'unheard' | 'unknown' | 'returned';

const listens = /^(on|once|addListener|prependListener|prependOnceListener)$/;
/** Functions that take streams and look after their errors. */
const looksAfter = /^(stream(\/promises)?\.(pipeline|finished|compose)|pump|util\.promisify)$|promisify/;

/** Follows an emitter through names, chains and pipes. */
export function hearingOf(module: JavaScriptModule, emitter: Node, seen = new Set<Node>()): Hearing {
  const at = outer(emitter);
  const parent = parentOf(at);
  if (parent === undefined || seen.has(at) || seen.size > 40) return 'unknown';
  seen.add(at);
  switch (parent.type) {
    case 'ExpressionStatement':
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'IfStatement':
      // Dropped, or only asked whether it is there.
      return 'unheard';
    case 'AwaitExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'SequenceExpression':
      return hearingOf(module, parent, seen);
    case 'ForOfStatement':
      return 'heard';
    case 'MemberExpression':
      return parent.object === at ? asObject(module, parent, seen) : 'unknown';
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? asVariable(module, parent.id, seen) : 'unknown';
    case 'AssignmentExpression':
      return asAssigned(module, parent, at, seen);
    case 'PropertyDefinition':
      return parent.key.type === 'Identifier' ? asField(module, parent, parent.key.name) : 'unknown';
    case 'CallExpression':
      return asArgument(module, parent, at);
    case 'Property':
      return asOption(module, parent, seen);
    case 'ReturnStatement':
      return asReturned(module, enclosingFunction(parent), seen);
    case 'ArrowFunctionExpression':
      return parent.body === at ? asReturned(module, parent, seen) : 'unknown';
    case 'ExportDefaultDeclaration':
      return 'returned';
    default:
      return 'unknown';
  }
}

function asObject(
  module: JavaScriptModule,
  member: Extract<Node, { type: 'MemberExpression' }>,
  seen: Set<Node>,
): Hearing {
  const call = parentOf(outer(member));
  if (call?.type !== 'CallExpression' || call.callee !== outer(member)) return 'unheard';
  const name = keyName(member) ?? '';
  if (!listens.test(name)) return name === 'promise' ? 'heard' : 'unheard';
  const event = call.arguments[0];
  const text = event === undefined ? undefined : stringOf(unwrap(event));
  if (text === undefined || text === 'error') return 'heard';
  return hearingOf(module, call, seen);
}

function asVariable(module: JavaScriptModule, name: Extract<Node, { type: 'Identifier' }>, seen: Set<Node>): Hearing {
  const variable = module.origins.variable(name);
  if (variable === undefined) return 'unknown';
  const uses = variable.references
    .filter((each) => each.isRead())
    .map((each) => hearingOf(module, each.identifier as Node, seen));
  const exported = variable.defs.some(
    (def) => parentOf((def.node as Node).parent ?? (def.node as Node))?.type === 'ExportNamedDeclaration',
  );
  return combined(exported ? [...uses, 'returned'] : uses);
}

function combined(uses: readonly Hearing[]): Hearing {
  return (['heard', 'unknown', 'returned'] as const).find((each) => uses.includes(each)) ?? 'unheard';
}

function asAssigned(
  module: JavaScriptModule,
  node: Extract<Node, { type: 'AssignmentExpression' }>,
  at: Node,
  seen: Set<Node>,
): Hearing {
  if (node.right !== at) return 'unknown';
  const target = unwrap(node.left);
  if (target.type === 'Identifier') return asVariable(module, target, seen);
  if (target.type !== 'MemberExpression') return 'unknown';
  const name = keyName(target);
  if (unwrap(target.object).type === 'ThisExpression' && name !== undefined) return asField(module, node, name);
  return /^(module\.)?exports\b/.test(module.text(target)) ? 'returned' : 'unknown';
}

/** A field of a class or an object: the file shows whether anybody listens on it. */
function asField(module: JavaScriptModule, _node: Node, name: string): Hearing {
  const text = module.sourceCode.text;
  const heard = new RegExp(
    `\\b${name.replaceAll('$', '\\$')}\\b[?!]?\\s*\\.(on|once|addListener)\\(\\s*['"\`]error`,
  ).test(text);
  return heard || /\b(pipeline|finished)\(/.test(text) ? 'heard' : 'unheard';
}

function asArgument(module: JavaScriptModule, call: Extract<Node, { type: 'CallExpression' }>, at: Node): Hearing {
  if (call.callee === at) return 'unknown';
  const callee = unwrap(call.callee);
  if (looksAfter.test(module.origins.path(callee))) return 'heard';
  const name = callee.type === 'MemberExpression' ? keyName(callee) : callee.type === 'Identifier' ? callee.name : '';
  if (name === 'pipeline' || name === 'finished') return 'heard';
  return name === 'pipe' ? 'unheard' : 'unknown';
}

/** `readline.createInterface({ input: stream })` does not listen for the errors of what it reads. */
function asOption(module: JavaScriptModule, property: Extract<Node, { type: 'Property' }>, seen: Set<Node>): Hearing {
  const object = parentOf(property);
  const holder = object === undefined ? undefined : parentOf(outer(object));
  if (keyName(property) !== 'input' || object?.type !== 'ObjectExpression') return 'unknown';
  if (holder?.type === 'CallExpression') return isReadline(module, holder) ? 'unheard' : 'unknown';
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier' || seen.has(holder)) return 'unknown';
  const uses = module.origins.variable(holder.id)?.references.filter((each) => each.isRead()) ?? [];
  const all = uses.every((each) => {
    const call = parentOf(each.identifier as Node);
    return call?.type === 'CallExpression' && isReadline(module, call);
  });
  return all ? 'unheard' : 'unknown';
}

function isReadline(module: JavaScriptModule, call: Extract<Node, { type: 'CallExpression' }>): boolean {
  if (module.origins.path(call.callee) !== 'readline.createInterface') return false;
  return !/\bfor await\b/.test(module.sourceCode.text);
}

/** A function that makes an emitter for others: what its callers in this file do with it. */
function asReturned(module: JavaScriptModule, fn: FunctionNode | undefined, seen: Set<Node>): Hearing {
  if (fn === undefined) return 'unknown';
  // What the executor of a promise returns is dropped.
  if (parentOf(outer(fn))?.type === 'NewExpression') return 'unheard';
  const holder = fn.type === 'FunctionDeclaration' ? fn : parentOf(outer(fn));
  if (holder?.type !== 'FunctionDeclaration' && holder?.type !== 'VariableDeclarator') {
    return holder?.type === 'ExportDefaultDeclaration' || holder?.type === 'AssignmentExpression'
      ? 'returned'
      : 'unknown';
  }
  const [variable] = module.ownerOf(fn).sourceCode.scopeManager.getDeclaredVariables(holder as never);
  const uses = (variable?.references ?? []).filter((each) => each.isRead()).map((each) => each.identifier as Node);
  const calls = uses.map((use) => parentOf(use)).filter((call) => call?.type === 'CallExpression' && !isFunction(call));
  if (calls.length === 0 || calls.length < uses.length) return 'returned';
  return combined(calls.map((call) => (call === undefined ? 'unknown' : hearingOf(module, call, seen))));
}
