import { enclosingFunction, isCallLike, isFunction, isWithin, keyName, parentOf, unwrap, walk } from '../ast.js';
import type { FunctionNode, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';

/** Limits that stand around a call instead of in its options. */

/** Helpers that end a promise: `withTimeout(promise, ms)`, `pTimeout`, `promise.timeout(ms)` of Bluebird. */
const limiter = /time_?out|deadline|timeLimit/i;

/**
 * True where the caller does not wait for the call itself but for a race with a timer: `Promise.race`, a helper whose name
 * says so, or a promise of its own that a timer settles.
 */
export function isRaced(module: JavaScriptModule, node: Node): boolean {
  let within: Node = node;
  for (let at = parentOf(node); at !== undefined; within = at, at = parentOf(at)) {
    if (isFunction(at)) {
      if (settlesByTimer(module, at)) return true;
      // A callback belongs to the call that it is given to; a named function may be raced where it is called.
      if (parentOf(at)?.type !== 'CallExpression' && parentOf(at)?.type !== 'NewExpression')
        return racedFunctions(module).has(at);
    }
    if (isCallLike(at) && limits(module, at, within)) return true;
    if (at.type === 'VariableDeclarator' && at.id.type === 'Identifier' && isRacedLater(module, at.id)) return true;
  }
  return false;
}

function limits(module: JavaScriptModule, call: Node, within: Node): boolean {
  if (!isCallLike(call)) return false;
  if (isRace(module, call)) return true;
  const callee = unwrap(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? keyName(callee) : '';
  if (name === undefined || !limiter.test(name) || name === 'setTimeout') return false;
  // `fetch(url).timeout(ms)` has the call in its callee, `withTimeout(fetch(url), ms)` among its arguments.
  return call.callee !== within || callee.type === 'MemberExpression';
}

function isRace(module: JavaScriptModule, call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const path = module.origins.path(call.callee);
  return path === 'global.Promise.race' || path === 'bluebird.race';
}

/** `const answer = fetch(url); await Promise.race([answer, timer]);` */
function isRacedLater(module: JavaScriptModule, name: Node): boolean {
  const references = variableOf(module, name)?.references ?? [];
  return references.some((each) => {
    for (
      let at = parentOf(each.identifier as Node);
      at !== undefined && !/Statement$/.test(at.type);
      at = parentOf(at)
    ) {
      if (isFunction(at)) return false;
      if (limits(module, at, each.identifier as Node)) return true;
    }
    return false;
  });
}

function variableOf(module: JavaScriptModule, name: Node): ReturnType<JavaScriptModule['origins']['variable']> {
  const declaration = parentOf(name);
  return declaration && module.sourceCode.scopeManager.getDeclaredVariables(declaration as never)[0];
}

/** `new Promise((resolve, reject) => { setTimeout(() => reject(…), ms); … })`, and the same in a helper. */
function settlesByTimer(module: JavaScriptModule, fn: FunctionNode): boolean {
  const call = parentOf(fn);
  if (call?.type !== 'NewExpression' || module.origins.path(call.callee) !== 'global.Promise') return false;
  const names = fn.params.flatMap((each) => (each.type === 'Identifier' ? [each.name] : []));
  return timers(module, fn).some((timer) => mentions(timer, (name) => names.includes(name) || endsWait.test(name)));
}

const endsWait = /^(abort|destroy|cancel|reject|resolve|done)$/i;

/** The `setTimeout(…)` calls within a node. */
export function timers(module: JavaScriptModule, scope: Node): Extract<Node, { type: 'CallExpression' }>[] {
  const found: Extract<Node, { type: 'CallExpression' }>[] = [];
  walk(scope, (each) => {
    if (each.type !== 'CallExpression') return undefined;
    const path = module.origins.path(each.callee);
    if (path === 'global.setTimeout' || path === 'timers.setTimeout') found.push(each);
    return undefined;
  });
  return found;
}

export function mentions(scope: Node, test: (name: string) => boolean): boolean {
  let found = false;
  walk(scope, (each) => {
    if (each.type === 'Identifier' && test(each.name)) found = true;
    return !found;
  });
  return found;
}

const raced = new WeakMap<JavaScriptModule, Set<FunctionNode>>();

/** The functions whose calls are raced somewhere in the file. */
function racedFunctions(module: JavaScriptModule): Set<FunctionNode> {
  const cached = raced.get(module);
  if (cached !== undefined) return cached;
  const found = new Set<FunctionNode>();
  raced.set(module, found);
  if (!/\brace\(|time_?out|deadline/i.test(module.sourceCode.text)) return found;
  walk(module.program, (call) => {
    if (call.type !== 'CallExpression' || !call.arguments.some((each) => limits(module, call, each))) return undefined;
    for (const argument of call.arguments) {
      walk(argument, (each) => {
        const fn = each.type === 'CallExpression' ? module.origins.functionOf(each.callee) : undefined;
        if (fn !== undefined) found.add(fn);
        return undefined;
      });
    }
    return undefined;
  });
  return found;
}

/**
 * A promise in `Promise.race([call, promise])` that nothing settles, so that the race waits for the call alone. Only
 * where the code shows all of it.
 */
export function emptyRace(module: JavaScriptModule, node: Node): Node | undefined {
  for (let at = parentOf(node); at !== undefined && !isFunction(at); at = parentOf(at)) {
    if (!isCallLike(at) || !isRace(module, at)) continue;
    const list = at.arguments[0];
    if (list?.type !== 'ArrayExpression') return undefined;
    const others = list.elements.filter((each) => each !== null && !isWithin(node, each));
    return others.length > 0 && others.every((each) => each !== null && neverSettles(module, each))
      ? (others[0] ?? undefined)
      : undefined;
  }
  return undefined;
}

function neverSettles(module: JavaScriptModule, expression: Node): boolean {
  const value = module.origins.valueOf(expression);
  if (value.type !== 'NewExpression' || module.origins.path(value.callee) !== 'global.Promise') return false;
  const executor = value.arguments[0];
  if (!isFunction(executor) || executor.params.some((each) => each.type !== 'Identifier')) return false;
  const names = executor.params.flatMap((each) => (each.type === 'Identifier' ? [each.name] : []));
  return !mentions(executor.body, (name) => names.includes(name) || /throw/.test(name));
}

/** The function, or the file, that a node's limits may be set in. */
export function scopeOf(module: JavaScriptModule, node: Node): Node {
  return enclosingFunction(node) ?? module.program;
}

const texts = new WeakMap<JavaScriptModule, string[]>();

/** True when the file, or one that it imports, has something that sets limits for all calls. */
export function isSetAround(module: JavaScriptModule, pattern: RegExp): boolean {
  let known = texts.get(module);
  if (known === undefined) {
    known = [module, ...importedModules(module)].map((each) => each.sourceCode.text);
    texts.set(module, known);
  }
  return known.some((text) => pattern.test(text));
}

function importedModules(module: JavaScriptModule): JavaScriptModule[] {
  const found = new Set<JavaScriptModule>();
  const pattern = /(?:from|import|require\()\s*['"](\.[^'"]+|[@~#][^'"]+)['"]/g;
  for (const [, specifier] of module.sourceCode.text.matchAll(pattern)) {
    const target = specifier === undefined ? undefined : module.imported(specifier);
    if (target !== undefined && target !== module) found.add(target);
  }
  return [...found];
}
