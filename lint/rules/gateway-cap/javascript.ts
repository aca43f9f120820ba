import { parentOf } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { JavaScriptRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Compares the timeout of each HTTP function of the configuration with what its gateway waits. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        if (context.around.functions.length === 0) return;
        for (const { name, fn, deployed } of context.module.handlers) {
          // Who is also called by a queue or a schedule has reason to be long.
          const onlyHttp = deployed?.kinds.every((each) => each === 'http') === true;
          if (deployed?.gatewayMs === undefined || !onlyHttp || deployed.timeoutMs <= deployed.gatewayMs) continue;
          context.report({
            at: nameOf(fn),
            message: 'outlives',
            data: {
              function: `"${deployed.name}"`,
              timeout: duration(deployed.timeoutMs),
              gateway: duration(deployed.gatewayMs),
            },
            handler: name,
          });
        }
      },
    };
  },
};

/** The name of a handler, so that not all of its body is underlined. */
function nameOf(fn: FunctionNode): Node {
  const parent = parentOf(fn);
  if (fn.id) return fn.id;
  if (parent?.type === 'VariableDeclarator') return parent.id;
  if (parent?.type === 'AssignmentExpression') return parent.left;
  return parent?.type === 'Property' || parent?.type === 'MethodDefinition' ? parent.key : fn;
}
