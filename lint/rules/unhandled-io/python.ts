import { callText } from '../../analysis/python/calls.js';
import { pythonDependency } from '../../analysis/python/dependency.js';
import { pythonEscapes } from '../../analysis/python/flow.js';
import type { PyEscape } from '../../analysis/python/flow.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { more } from './javascript.js';

/** One finding a handler, at the first place an exception escapes. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const handler of context.module.handlers) {
          // A framework answers 500 by itself, as one would.
          if (handler.kind !== 'http' || handler.guarded || handler.contract === 'web') continue;
          report(context, handler, pythonEscapes(context.module, handler.fn));
        }
      },
    };
  },
};

function report(context: PythonContext, handler: PyHandler, found: readonly PyEscape[]): void {
  const first = found[0];
  if (first === undefined) return;
  const owner = context.module.ownerOf(first.io);
  const dependency = pythonDependency(context.module, first.io);
  const inHelper = first.at !== first.io && owner === context.module;
  context.report({
    at: first.at,
    message: inHelper ? 'escapesHelper' : 'escapes',
    data: {
      call: callText(context.module, first.at),
      handler: handler.name,
      line: String(owner.source.slice(0, first.io.start).split('\n').length),
      more: more(found.length - 1),
    },
    handler: handler.name,
    ...(dependency === undefined ? {} : { dependency }),
  });
}
