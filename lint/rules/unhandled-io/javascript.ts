import { outer } from '../../analysis/javascript/ast.js';
import type { FunctionNode } from '../../analysis/javascript/ast.js';
import { likelyEscapes } from '../../analysis/javascript/flow.js';
import type { Escape } from '../../analysis/javascript/flow.js';
import { listenersIn, routesOf } from '../../analysis/javascript/routes.js';
import type { JavaScriptModule } from '../../analysis/javascript/module.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** One finding a handler, at the first place a failure escapes: one try/catch mends them all. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        const done = new Set<FunctionNode>();
        for (const { fn, kind, guarded, name, convention } of context.module.handlers) {
          if (kind !== 'http' || guarded) continue;
          done.add(fn);
          const found = escapesIn(context.module, fn);
          report(context, name, found, convention === 'request-response' ? 'rejects' : 'escapes');
        }
        if (answersRejections(context)) return;
        for (const { fn, name } of routesOf(context.module)) {
          if (!done.has(fn)) report(context, name, escapesIn(context.module, fn), 'rejects');
          done.add(fn);
        }
      },
    };
  },
};

/** The failures that leave a handler, and those of the listeners in it, which leave the process. */
function escapesIn(module: JavaScriptModule, fn: FunctionNode): readonly Escape[] {
  const own = likelyEscapes(module, fn);
  if (own.length > 0) return own;
  return listenersIn(fn).flatMap((each) => (each.async ? likelyEscapes(module, each) : []));
}

/** Express answers 500 for a rejected route from version 5 on, or with a package that teaches it to. */
function answersRejections(context: JavaScriptContext): boolean {
  const version = context.around.installed('express');
  if (version !== undefined && Number.parseInt(version.replace(/^\D+/, ''), 10) >= 5) return true;
  const async = ['express-async-errors', 'express-promise-router'];
  return async.some((each) => context.around.installed(each) !== undefined || context.sourceCode.text.includes(each));
}

function report(
  context: JavaScriptContext,
  handler: string,
  found: readonly Escape[],
  message: 'escapes' | 'rejects',
): void {
  const first = found[0];
  if (first === undefined) return;
  const callee = outer(first.at.callee);
  const text = context.sourceCode.text.slice(callee.range[0], callee.range[1]).replace(/\s+/g, '');
  const dependency = dependencyOf(context.module.origins.path(first.io.callee));
  context.report({
    at: first.at,
    message: first.at === first.io ? message : `${message}Helper`,
    data: {
      call:
        first.at.type === 'NewExpression' ? 'this request' : `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``,
      handler,
      line: lineOf(context, first),
      more: more(found.length - 1),
    },
    handler,
    ...(dependency === undefined ? {} : { dependency }),
  });
}

/** "3", or "3 of store.ts". */
function lineOf(context: JavaScriptContext, { io }: Escape): string {
  const owner = context.module.ownerOf(io);
  const line = String(io.loc.start.line);
  return owner === context.module ? line : `${line} of ${owner.file.split('/').at(-1) ?? ''}`;
}

/** " (2 more calls do the same)" */
export function more(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (one more call here does the same)' : ` (${String(count)} more calls here do the same)`;
}
