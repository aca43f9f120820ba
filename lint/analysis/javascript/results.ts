import type { Scope } from 'eslint';
import { enclosingFunction, isFunction, keyName, outer, parentOf, unwrap } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** Whether some fields of a call's result are looked at: `unknown` where somebody gets it whom we do not see. */
export type ResultUse = 'dropped' | 'read' | 'unknown';

interface Question {
  readonly module: JavaScriptModule;
  /** The fields that must be read. */
  readonly fields: ReadonlySet<string>;
  readonly seen: Set<Node>;
}

/** Follows the value of an expression (a promise counts as its value) to whoever reads one of `fields`. */
export function resultUse(module: JavaScriptModule, node: Node, fields: readonly string[]): ResultUse {
  return useOf({ module, fields: new Set(fields), seen: new Set() }, node);
}

function useOf(question: Question, node: Node): ResultUse {
  const at = outer(node);
  const parent = parentOf(at);
  if (question.seen.has(at) || question.seen.size > 60) return 'unknown';
  question.seen.add(at);
  switch (parent?.type) {
    case 'AwaitExpression':
      return useOf(question, parent);
    case 'ExpressionStatement':
      return 'dropped';
    case 'UnaryExpression':
      return parent.operator === 'void' ? 'dropped' : 'unknown';
    case 'VariableDeclarator':
      return ofPattern(question, parent.id);
    case 'AssignmentExpression':
      return parent.right === at && parent.left.type === 'Identifier' ? ofName(question, parent.left) : 'unknown';
    case 'MemberExpression':
      return parent.object === at ? ofMember(question, parent) : 'unknown';
    case 'ReturnStatement':
      return ofReturn(question, enclosingFunction(parent));
    case 'ArrowFunctionExpression':
      return parent.body === at ? ofReturn(question, parent) : 'unknown';
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return 'test' in parent && parent.test === at ? 'dropped' : useOf(question, parent);
    case 'ArrayExpression':
      return isPromiseAll(question, parentOf(parent)) ? useOf(question, parentOf(parent) ?? parent) : 'unknown';
    case 'CallExpression':
      return ofArgument(question, at, parent);
    default:
      return 'unknown';
  }
}

function ofPattern(question: Question, pattern: Node): ResultUse {
  if (pattern.type === 'Identifier') return ofName(question, pattern);
  if (pattern.type !== 'ObjectPattern') return 'unknown';
  const reads = pattern.properties.some((each) => each.type !== 'Property' || question.fields.has(keyName(each) ?? ''));
  return reads ? 'read' : 'dropped';
}

function ofName({ module, ...rest }: Question, name: Extract<Node, { type: 'Identifier' }>): ResultUse {
  const variable = module.origins.variable(name);
  return variable === undefined ? 'unknown' : ofVariable({ module, ...rest }, variable);
}

function ofVariable(question: Question, variable: Scope.Variable): ResultUse {
  return worst(
    variable.references.filter((each) => each.isRead()).map((each) => useOf(question, each.identifier as Node)),
  );
}

/** One reader is enough; then one who is not seen. */
function worst(uses: readonly ResultUse[]): ResultUse {
  return uses.find((each) => each === 'read') ?? uses.find((each) => each === 'unknown') ?? 'dropped';
}

function ofMember(question: Question, member: Extract<Node, { type: 'MemberExpression' }>): ResultUse {
  const name = keyName(member);
  if (name === undefined) return 'unknown';
  if (question.fields.has(name)) return 'read';
  const call = parentOf(outer(member));
  if (call?.type !== 'CallExpression' || call.callee !== outer(member)) return 'dropped';
  if (name === 'promise' || name === 'catch' || name === 'finally') return useOf(question, call);
  // A list of promises, waited for together: what is pushed is nobody's yet.
  if (name === 'push') return 'dropped';
  if (name !== 'then') return 'unknown';
  return ofCallback(question, call.arguments[0], 0);
}

/** The parameter of a callback that gets the result. */
function ofCallback(question: Question, argument: Node | undefined, index: number): ResultUse {
  const fn = argument === undefined ? undefined : unwrap(argument);
  if (!isFunction(fn)) return 'unknown';
  const parameter = fn.params[index];
  if (parameter === undefined) return 'dropped';
  if (parameter.type === 'ObjectPattern') return ofPattern(question, parameter);
  const variables = question.module.ownerOf(fn).sourceCode.scopeManager.getDeclaredVariables(fn as never);
  const variable = parameter.type === 'Identifier' ? variables.find((each) => each.name === parameter.name) : undefined;
  return variable === undefined ? 'unknown' : ofVariable(question, variable);
}

/** As `resultUse`, for what a callback gets at `index`. */
export function callbackResultUse(
  module: JavaScriptModule,
  fn: Node | undefined,
  index: number,
  fields: readonly string[],
): ResultUse {
  return ofCallback({ module, fields: new Set(fields), seen: new Set() }, fn, index);
}

function ofArgument(question: Question, node: Node, call: Extract<Node, { type: 'CallExpression' }>): ResultUse {
  if (call.callee === node) return 'unknown';
  const callee = unwrap(call.callee);
  const path = question.module.origins.path(callee);
  if (isPromiseAll(question, call)) return useOf(question, call);
  if (/^global\.(console\.\w+|JSON\.stringify)$/.test(path))
    return path.endsWith('stringify') ? useOf(question, call) : 'dropped';
  if (callee.type !== 'MemberExpression') return 'unknown';
  const name = keyName(callee) ?? '';
  const object = unwrap(callee.object);
  if (name === 'push' && object.type === 'Identifier') return ofName(question, object);
  return object.type === 'Identifier' && /^_?(log|logger)$/i.test(object.name) ? 'dropped' : 'unknown';
}

function isPromiseAll({ module }: Question, node: Node | undefined): boolean {
  return (
    node?.type === 'CallExpression' && /^global\.Promise\.(all|allSettled)$/.test(module.origins.path(node.callee))
  );
}

function ofReturn(question: Question, fn: FunctionNode | undefined): ResultUse {
  if (fn === undefined) return 'unknown';
  // Who gets it is the platform, which looks at no such field.
  if (question.module.handlers.some((each) => each.fn === fn)) return 'dropped';
  const parent = parentOf(outer(fn));
  if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression') {
    return /^(map|flatMap|then)$/.test(keyName(parent.callee) ?? '') ? useOf(question, parent) : 'unknown';
  }
  return worst(callsOf(question, fn)?.map((each) => useOf(question, each)) ?? ['unknown']);
}

/** Every call of a function that nobody else can call; undefined where somebody can. */
function callsOf(question: Question, fn: FunctionNode): Node[] | undefined {
  const parent = parentOf(outer(fn));
  const place = fn.type === 'FunctionDeclaration' ? fn : parent?.type === 'VariableDeclarator' ? parent : undefined;
  const holder = place?.type === 'VariableDeclarator' ? parentOf(place) : place;
  if (place === undefined || parentOf(holder ?? place)?.type === 'ExportNamedDeclaration') return undefined;
  const [variable] = question.module.ownerOf(fn).sourceCode.scopeManager.getDeclaredVariables(place as never);
  const reads = variable?.references.filter((each) => each.isRead()).map((each) => each.identifier as Node) ?? [];
  const calls = reads.map((use) => {
    const call = parentOf(use);
    if (call?.type !== 'CallExpression') return undefined;
    const listed = call.callee.type === 'MemberExpression' && keyName(call.callee) === 'map';
    return call.callee === use || listed ? call : undefined;
  });
  return calls.length === 0 || calls.includes(undefined) ? undefined : calls.filter((each) => each !== undefined);
}
