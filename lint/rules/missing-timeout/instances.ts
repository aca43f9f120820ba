import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { isCallLike, keyName, parentOf, unwrap, walk } from '../../analysis/javascript/ast.js';
import { isNoBound } from '../../analysis/javascript/options.js';
import type { JavaScriptContext } from '../../rule.js';

/** The calls of the file that are made on what `creation` made. */
export function instanceCalls(context: JavaScriptContext, creation: CallLike): CallLike[] {
  const calls: CallLike[] = [];
  walk(context.module.program, (node) => {
    if (node !== creation && isCallLike(node)) {
      const callee = unwrap(node.callee);
      const made = callee.type === 'MemberExpression' ? context.module.origins.of(callee.object) : undefined;
      if (made?.creation === creation && !/^(on|once|use|eject|connect|end)$/.test(keyName(callee as never) ?? '')) {
        calls.push(node);
      }
    }
    return undefined;
  });
  return calls;
}

/** `axios.defaults.timeout = …` (or on the instance that `node` makes), anywhere in the file. */
export function setsDefault(context: JavaScriptContext, node: CallLike): boolean {
  const isInstance = /^axios\.create$/.test(context.module.origins.path(node.callee));
  let found = false;
  walk(context.module.program, (each) => {
    if (each.type === 'AssignmentExpression' && !isNoBound(each.right)) {
      const target = targetPath(context, each.left);
      if (target === 'axios.defaults.timeout') found = true;
      if (isInstance && target === 'axios.create().defaults.timeout') found = true;
    }
    return !found;
  });
  return found;
}

function targetPath(context: JavaScriptContext, target: Node): string {
  if (target.type !== 'MemberExpression' || parentOf(target) === undefined) return '';
  return context.module.origins.path(target);
}
