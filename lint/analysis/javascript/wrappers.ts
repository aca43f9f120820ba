import { plainWrapper, registrations, transparentMiddleware, transparentWrapper } from '../../knowledge/handlers.js';
import type { Convention } from '../../knowledge/handlers.js';
import type { HandlerKind } from '../../deployment.js';
import { isFunction, keyName, stringOf, unwrap, walk } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import { rethrows } from './flow.js';
import type { JavaScriptModule } from './module.js';

/** The function inside its wrappers. */
export interface Unwrapped {
  readonly fn: FunctionNode;
  /** A wrapper answers errors, or may. */
  readonly guarded: boolean;
  /** A wrapper may change what is answered, or what the handler is given. */
  readonly shaped: boolean;
  /** Type annotations met on the way. */
  readonly types: readonly string[];
  /** What the library that it was given to calls it by. */
  readonly contract?: { readonly kind: HandlerKind; readonly convention: Convention };
}

type Call = Extract<Node, { type: 'CallExpression' }>;

/** Follows `middy(fn).use(…)`, `wrap(fn)`, `object.method.bind(object)` and names to the function of this file. */
export function unwrapHandler(module: JavaScriptModule, value: Node, depth = 0): Unwrapped | undefined {
  const node = unwrap(value);
  if (depth > 8) return undefined;
  if (isFunction(node)) return { fn: madeBy(node), guarded: false, shaped: false, types: [] };
  if (node.type === 'Identifier') return named(module, node, depth);
  if (node.type === 'MemberExpression') return method(module, node);
  if (node.type === 'CallExpression') return called(module, node, depth);
  if (node.type === 'AssignmentExpression') return unwrapHandler(module, node.right, depth + 1);
  return undefined;
}

/** `(handler) => async (event, context) => …`: a wrapper that is exported, whose inner function the platform calls. */
function madeBy(fn: FunctionNode): FunctionNode {
  const [parameter] = fn.params;
  if (fn.async || parameter?.type !== 'Identifier' || !/^(handler|fn|func|lambda|next|inner)$/i.test(parameter.name))
    return fn;
  const body = fn.body.type === 'BlockStatement' ? fn.body.body.at(-1) : fn.body;
  const inner = body?.type === 'ReturnStatement' ? body.argument : body;
  return isFunction(inner) && inner.params.length >= 1 ? inner : fn;
}

function named(module: JavaScriptModule, node: Node, depth: number): Unwrapped | undefined {
  const variable = module.origins.variable(node);
  const place = variable?.defs[0]?.node as Node | undefined;
  if (place?.type === 'FunctionDeclaration') return unwrapHandler(module, place, depth + 1);
  if (place?.type !== 'VariableDeclarator' || place.id.type !== 'Identifier') return undefined;
  const init = place.init ?? (variable?.references.find((each) => each.writeExpr)?.writeExpr as Node | undefined);
  const inner = init && unwrapHandler(module, init, depth + 1);
  // `handler.use(…)` after the declaration.
  const used = inner === undefined ? false : usedLater(module, variable);
  const type = place.id.typeAnnotation;
  if (inner === undefined) return undefined;
  const types = type === undefined ? inner.types : [...inner.types, module.text(type)];
  return { ...inner, types, guarded: inner.guarded || used, shaped: inner.shaped || used };
}

function usedLater(module: JavaScriptModule, variable: ReturnType<JavaScriptModule['origins']['variable']>): boolean {
  return (variable?.references ?? []).some((reference) => {
    const member = (reference.identifier as Node).parent;
    const call =
      member?.type === 'MemberExpression' && member.object === reference.identifier ? member.parent : undefined;
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression') return false;
    return (
      keyName(member) === 'onError' ||
      (keyName(member) === 'use' && call.arguments.some((each) => mayAnswer(module, each)))
    );
  });
}

/** `instance.handler` of a class of this file. */
function method(module: JavaScriptModule, node: Extract<Node, { type: 'MemberExpression' }>): Unwrapped | undefined {
  const name = keyName(node);
  let found: Unwrapped | undefined;
  const object = unwrap(node.object);
  if (name === undefined || !/^(Identifier|NewExpression)$/.test(object.type)) return undefined;
  walk(module.program, (each) => {
    const named = each.type === 'MethodDefinition' && each.key.type === 'Identifier' && each.key.name === name;
    if (named && isFunction(each.value)) found ??= { fn: each.value, guarded: false, shaped: false, types: [] };
    return found === undefined;
  });
  return found;
}

function called(module: JavaScriptModule, node: Call, depth: number): Unwrapped | undefined {
  const callee = unwrap(node.callee);
  const contract = registrationOf(module, callee);
  if (contract !== undefined) {
    const inner = firstFunction(module, node.arguments, depth);
    return inner && { ...inner, contract };
  }
  if (callee.type === 'MemberExpression') {
    const name = keyName(callee);
    if (name === 'bind') return unwrapHandler(module, callee.object, depth + 1);
    if (name !== undefined && /^(use|before|after|onError|handler)$/.test(name)) {
      return chained(module, node, callee.object, name, depth);
    }
  }
  const inner = firstFunction(module, node.arguments, depth);
  if (inner === undefined) return undefined;
  const plain = plainWrapper.test(module.origins.path(callee));
  return { ...inner, guarded: inner.guarded || !isTransparent(module, callee), shaped: inner.shaped || !plain };
}

function registrationOf(module: JavaScriptModule, callee: Node): Unwrapped['contract'] {
  const path = module.origins.path(callee);
  const found = path === '' ? undefined : registrations.find(([pattern]) => pattern.test(path));
  return found && { kind: found[1], convention: found[2] };
}

/** Handlers that a file gives to a platform's library without exporting them. */
export function registered(module: JavaScriptModule): (Unwrapped & { name: string })[] {
  return module.program.body.flatMap((statement) => {
    const call = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined;
    if (call?.type !== 'CallExpression' || registrationOf(module, unwrap(call.callee)) === undefined) return [];
    const inner = called(module, call, 0);
    return inner === undefined ? [] : [{ ...inner, name: stringOf(call.arguments[0]) ?? 'handler' }];
  });
}

function chained(module: JavaScriptModule, node: Call, base: Node, name: string, depth: number): Unwrapped | undefined {
  const inner =
    name === 'handler' ? firstFunction(module, node.arguments, depth) : unwrapHandler(module, base, depth + 1);
  if (inner === undefined) return undefined;
  const uses = [...(name === 'use' ? node.arguments : []), ...(name === 'handler' ? middlewaresOf(base) : [])];
  const answers =
    name === 'onError' || uses.some((each) => mayAnswer(module, each)) || (name === 'handler' && hasOnError(base));
  const shapes = name === 'after' || name === 'before' || uses.some((each) => mayShape(module, each));
  return { ...inner, guarded: inner.guarded || answers, shaped: inner.shaped || answers || shapes };
}

/** In `middy().use(a).use(b).handler(fn)` the middlewares stand before the function. */
function middlewaresOf(base: Node): Node[] {
  const node = unwrap(base);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  return [...(keyName(node.callee) === 'use' ? node.arguments : []), ...middlewaresOf(node.callee.object)];
}

function hasOnError(base: Node): boolean {
  const node = unwrap(base);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  return keyName(node.callee) === 'onError' || hasOnError(node.callee.object);
}

function firstFunction(module: JavaScriptModule, values: readonly Node[], depth: number): Unwrapped | undefined {
  for (const value of values) {
    const node = unwrap(value);
    // `app.http('name', { handler: … })`.
    const inner =
      node.type === 'ObjectExpression'
        ? firstFunction(
            module,
            node.properties.flatMap((each) =>
              each.type === 'Property' && keyName(each) === 'handler' ? [each.value] : [],
            ),
            depth + 1,
          )
        : unwrapHandler(module, node, depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function middlewarePaths(module: JavaScriptModule, middleware: Node): string[] {
  const node = unwrap(middleware);
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((each) => (each === null ? [] : middlewarePaths(module, each)));
  return [node.type === 'CallExpression' ? module.origins.path(node.callee) : module.origins.path(node)];
}

function mayAnswer(module: JavaScriptModule, middleware: Node): boolean {
  return middlewarePaths(module, middleware).some((path) => !transparentMiddleware.test(path));
}

function mayShape(module: JavaScriptModule, middleware: Node): boolean {
  return middlewarePaths(module, middleware).some((path) => !plainWrapper.test(path));
}

/** True for wrappers known to hand errors on: by name, or because their code is here and catches nothing. */
function isTransparent(module: JavaScriptModule, callee: Node): boolean {
  if (transparentWrapper.test(module.origins.path(callee))) return true;
  const local = module.origins.functionOf(callee);
  if (local === undefined) return false;
  let answers = false;
  const names = local.params.flatMap((each) => (each.type === 'Identifier' ? [each.name] : []));
  walk(local, (node) => {
    if (node.type === 'TryStatement' && node.handler && !rethrows(node.handler)) answers = true;
    if (node.type === 'CallExpression' && isGuardCall(module, node, names)) answers = true;
    return !answers;
  });
  return !answers;
}

/** `.catch(…)`, `.onError(…)`, a middleware that may answer, or the handler given on to a wrapper that is not here. */
function isGuardCall(module: JavaScriptModule, node: Call, names: readonly string[]): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (name === 'catch' || name === 'onError') return true;
  if (name === 'use') return node.arguments.some((each) => mayAnswer(module, each));
  const given = node.arguments.some((each) => each.type === 'Identifier' && names.includes(each.name));
  return given && name !== 'bind' && !transparentWrapper.test(module.origins.path(callee));
}
