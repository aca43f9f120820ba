import { isCallLike, isFunction, walk } from './ast.js';
import type { CallLike, FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

const known = new WeakMap<JavaScriptModule, Map<FunctionNode, CallLike[]>>();

/** The calls of a function in its own file. */
export function callersOf(module: JavaScriptModule, fn: FunctionNode): readonly CallLike[] {
  let calls = known.get(module);
  if (calls === undefined) {
    calls = new Map();
    known.set(module, calls);
    const byFunction = calls;
    walk(module.program, (node) => {
      const called = isCallLike(node) ? module.origins.functionOf(node.callee) : undefined;
      if (called !== undefined && isCallLike(node)) byFunction.set(called, [...(byFunction.get(called) ?? []), node]);
      return undefined;
    });
  }
  return calls.get(fn) ?? [];
}

/**
 * What a parameter is given by the calls of its function in the same file, its default where a call leaves it out.
 * Undefined where the node is no parameter, or nobody in the file calls the function.
 */
export function argumentsFor(module: JavaScriptModule, node: Node): readonly (Node | undefined)[] | undefined {
  const definition = module.origins.variable(node)?.defs[0];
  const fn = definition?.type === 'Parameter' ? (definition.node as Node) : undefined;
  if (!isFunction(fn)) return undefined;
  const index = fn.params.findIndex((each) => nameOf(each) === definition?.name);
  const parameter = fn.params[index];
  const calls = callersOf(module, fn);
  if (parameter === undefined || calls.length === 0) return undefined;
  const own = parameter.type === 'AssignmentPattern' ? parameter.right : undefined;
  const variable = module.origins.variable(node);
  const given = calls.map((call) => {
    const spread = call.arguments.slice(0, index + 1).some((each) => each.type === 'SpreadElement');
    return spread ? node : (call.arguments[index] ?? own);
  });
  // A function that calls itself hands on what it was given.
  return given.filter((each) => each === undefined || each === node || module.origins.variable(each) !== variable);
}

function nameOf(parameter: Node): unknown {
  return parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
}
