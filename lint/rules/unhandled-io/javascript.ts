import { outer } from '../../analysis/javascript/ast.js';
import { likelyEscapes } from '../../analysis/javascript/flow.js';
import type { Escape } from '../../analysis/javascript/flow.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** One finding a handler, at the first place a failure escapes: one try/catch mends them all. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const handler of context.module.handlers) {
          if (handler.kind === 'http' && !handler.guarded)
            report(context, handler, likelyEscapes(context.module, handler.fn));
        }
      },
    };
  },
};

function report(context: JavaScriptContext, handler: Handler, found: readonly Escape[]): void {
  const first = found[0];
  if (first === undefined) return;
  const callee = outer(first.at.callee);
  const text = context.sourceCode.text.slice(callee.range[0], callee.range[1]).replace(/\s+/g, '');
  context.report({
    at: first.at,
    message: first.at === first.io ? 'escapes' : 'escapesHelper',
    data: {
      call:
        first.at.type === 'NewExpression' ? 'this request' : `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``,
      handler: handler.name,
      line: String(first.io.loc.start.line),
      more: more(found.length - 1),
    },
  });
}

/** " (2 more calls do the same)" */
export function more(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (one more call here does the same)' : ` (${String(count)} more calls here do the same)`;
}
