import { pythonEscapes } from '../../analysis/python/flow.js';
import type { PyEscape } from '../../analysis/python/flow.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import { child } from '../../analysis/python/tree.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { more } from './javascript.js';

/** One finding a handler, at the first place an exception escapes. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const handler of context.module.handlers) {
          if (handler.kind !== 'http' || handler.guarded) continue;
          report(context, handler, pythonEscapes(context.module, handler.fn));
        }
      },
    };
  },
};

function report(context: PythonContext, handler: PyHandler, found: readonly PyEscape[]): void {
  const first = found[0];
  if (first === undefined) return;
  const text = context.module.text(child(first.at, 'function')).replace(/\s+/g, '');
  context.report({
    at: first.at,
    message: first.at === first.io ? 'escapes' : 'escapesHelper',
    data: {
      call: `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``,
      handler: handler.name,
      line: String(context.module.source.slice(0, first.io.start).split('\n').length),
      more: more(found.length - 1),
    },
  });
}
