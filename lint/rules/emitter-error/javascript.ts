import type { TSESTree } from '@typescript-eslint/types';
import type { Fix } from '../../../emulator/contract/findings.js';
import { enclosingFunction, isFunction, keyName, parentOf, unwrap } from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { rejectAt } from '../../analysis/javascript/callbacks.js';
import { callbackParameter } from '../../analysis/javascript/completions.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { emitters } from '../../knowledge/emitters.js';
import type { EmitterFact } from '../../knowledge/emitters.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { hearingOf } from './listeners.js';

export const javascript: JavaScriptRule = {
  create(context) {
    const lines = new Set<number>();
    const check = (node: CallLike): void => {
      const fact = factOf(context, node);
      if (fact === undefined || /^(test|script|page)$/.test(roleOf(context.module))) return;
      // `https ? https.request(url) : http.request(url)`, `source.pipe(target)`: one listener's worth of finding.
      if (lines.has(node.loc.start.line) || !isUnheard(context, node, fact)) return;
      lines.add(node.loc.start.line);
      report(context, node, fact);
    };
    return {
      CallExpression: (node: TSESTree.CallExpression) => check(node),
      NewExpression: (node: TSESTree.NewExpression) => check(node),
    };
  },
};

function factOf(context: JavaScriptContext, node: CallLike): EmitterFact | undefined {
  const callee = unwrap(node.callee);
  const path = context.module.origins.path(callee);
  const method =
    callee.type === 'MemberExpression' && keyName(callee) === 'createReadStream' ? '.createReadStream' : '';
  const name = path === '' || path.startsWith('.') ? method : path;
  const fact = name === '' ? undefined : emitters.find((each) => each.made.test(name));
  if (fact === undefined) return undefined;
  if (/^(request)/.test(path))
    return node.arguments.some((each) => isFunction(unwrap(each))) || !isPiped(node) ? undefined : fact;
  // `new Pool()` and `pg.Pool` as a type or a mixin are not the same.
  return /^pg\./.test(path) && node.type !== 'NewExpression' ? undefined : fact;
}

function isPiped(node: Node): boolean {
  const member = parentOf(node);
  return member?.type === 'MemberExpression' && keyName(member) === 'pipe';
}

function isUnheard(context: JavaScriptContext, node: CallLike, fact: EmitterFact): boolean {
  const hearing = hearingOf(context.module, node);
  if (hearing === 'heard' || hearing === 'unknown') return false;
  if (hearing === 'returned') return /^pg\./.test(context.module.origins.path(node.callee));
  return fact.onlyKept !== true || isKept(context, node);
}

/** Made while the module loads, or into a variable of the module. */
function isKept(context: JavaScriptContext, node: Node): boolean {
  const fn = enclosingFunction(node);
  if (fn === undefined) return true;
  const parent = parentOf(node);
  if (parent?.type !== 'AssignmentExpression' || parent.left.type !== 'Identifier') return false;
  const place = context.module.origins.variable(parent.left)?.defs[0]?.node as Node | undefined;
  return place !== undefined && enclosingFunction(place) === undefined;
}

function report(context: JavaScriptContext, node: CallLike, fact: EmitterFact): void {
  const handler = handlerAround(context.module, node);
  const dependency = dependencyOf(context.module.origins.path(node.callee));
  context.report({
    at: node,
    message: 'unheard',
    data: {
      what: fact.what,
      when: fact.when,
      pipe: fact.kind === 'stream' ? ', or use `pipeline` of `node:stream/promises`' : '',
    },
    fixes: listener(context, node, fact),
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}

/** To whom an error can go at this place: the promise around it, or the handler's callback. */
function listener(context: JavaScriptContext, node: CallLike, fact: EmitterFact): Fix[] {
  if (isChosen(node)) return [];
  const end = node.range[1];
  if (fact.kind === 'kept') {
    if (/^redis/.test(context.module.origins.path(node.callee)) || parentOf(node)?.type !== 'VariableDeclarator')
      return [];
    const declaration = parentOf(parentOf(node) ?? node);
    const name = (parentOf(node) as TSESTree.VariableDeclarator).id;
    if (declaration?.type !== 'VariableDeclaration' || declaration.declarations.length !== 1) return [];
    const at = declaration.range[1];
    const text = `\n${indent(context, declaration)}${context.module.text(name)}.on('error', (error) => console.error(error));`;
    return [fix('Log its errors', false, { start: at, end: at, text })];
  }
  const handler = handlerAround(context.module, node);
  const callback =
    handler?.fn.async === false && handler.kind !== 'http' ? callbackParameter(handler.fn)?.name : undefined;
  const to = rejectAt(context.module, node) ?? callback;
  if (to === undefined) return [];
  return [fix(`Pass its errors to \`${to}\``, false, { start: end, end, text: `.on('error', ${to})` })];
}

function isChosen(node: Node): boolean {
  return (
    parentOf(node)?.type === 'ConditionalExpression' ||
    (node.type === 'NewExpression' && !/Declarator$/.test(parentOf(node)?.type ?? ''))
  );
}

function indent(context: JavaScriptContext, node: Node): string {
  return /^\s*/.exec(context.sourceCode.lines[node.loc.start.line - 1] ?? '')?.[0] ?? '';
}
