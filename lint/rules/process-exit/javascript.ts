import type { TSESTree } from '@typescript-eslint/types';
import {
  enclosingFunction,
  isFunction,
  keyName,
  outer,
  parentOf,
  stringOf,
  unwrap,
  walk,
} from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { localFunction } from '../../analysis/javascript/flow.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

type Call = TSESTree.CallExpression;

/** Looks at every function of a file with a handler, and at the helpers of other files that it calls. */
export const javascript: JavaScriptRule = {
  create(context) {
    if (roleOf(context.module) !== 'handler') return {};
    return {
      CallExpression(node: Call) {
        const fn = enclosingFunction(node);
        if (fn === undefined || isOnPurpose(context, node)) return;
        if (isExit(context, node)) return report(context, node, undefined);
        const exit = exitOfHelper(context, node);
        if (exit !== undefined) report(context, node, exit);
      },
    };
  },
};

function isExit(context: JavaScriptContext, node: Call): boolean {
  const path = context.module.origins.path(node.callee);
  if (/^(global\.)?process\.(exit|abort|reallyExit)$/.test(path)) return true;
  const target = node.arguments[0];
  if (!/^(global\.)?process\.kill$/.test(path) || target === undefined) return false;
  return /process\.pid$/.test(context.module.origins.path(target)) && stringOf(node.arguments[1]) !== '0';
}

/** In a listener of a signal, in an extension, or in what a script starts the same file with. */
function isOnPurpose(context: JavaScriptContext, node: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (isFunction(at) && isShutdown(context, at)) return true;
    if (
      at.type === 'IfStatement' &&
      /require\.main\s*===?\s*module|import\.meta\.main/.test(context.module.text(at.test))
    )
      return true;
  }
  return /2020-01-01\/extension|SHUTDOWN/.test(context.sourceCode.text);
}

/** `process.on('SIGTERM', …)`, `const shutdown = …`, the main function of a script in the same file. */
function isShutdown(context: JavaScriptContext, fn: FunctionNode): boolean {
  const parent = parentOf(outer(fn));
  if (
    parent?.type === 'CallExpression' &&
    /^global\.process\.(on|once|addListener)$/.test(context.module.origins.path(parent.callee))
  )
    return true;
  if (handlerAround(context.module, fn)?.fn === fn) return false;
  const name =
    fn.type === 'FunctionDeclaration'
      ? fn.id?.name
      : parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
        ? parent.id.name
        : undefined;
  return (
    name !== undefined &&
    /^(main|cli|run|shutdown|graceful\w*|on\w*(exit|signal|sigterm|shutdown)|stop|terminate|exit)$/i.test(name)
  );
}

/** The call that ends the process in a helper of another file, where nothing there says that it is a shutdown. */
function exitOfHelper(context: JavaScriptContext, node: Call): Node | undefined {
  if (handlerAround(context.module, node) === undefined) return undefined;
  const helper = localFunction(context.module, node.callee);
  if (helper === undefined || context.module.ownerOf(helper) === context.module) return undefined;
  let exit: Node | undefined;
  walk(helper.body, (each) => {
    if (each.type === 'CallExpression' && isExit(context, each) && !isOnPurpose(context, each)) exit ??= each;
    return exit === undefined;
  });
  return exit;
}

function report(context: JavaScriptContext, node: Call, exit: Node | undefined): void {
  const handler = handlerAround(context.module, node);
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  context.report({
    at: node,
    message: exit === undefined ? 'exits' : 'helper',
    data: {
      call: exit === undefined && name !== undefined ? `process.${name}` : context.module.text(node.callee),
      line: String(exit?.loc.start.line ?? 0),
      file: exit === undefined ? '' : (context.module.ownerOf(exit).file.split('/').at(-1) ?? ''),
    },
    ...(handler === undefined ? {} : { handler: handler.name }),
  });
}
