import { statusOf } from '../../analysis/python/answers.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import { child, named, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { isAsynchronous } from '../../deployment.js';
import type { PythonContext, PythonRule } from '../../rule.js';

const sources: Readonly<Record<string, string>> = {
  queue: 'a queue',
  stream: 'a stream',
  schedule: 'a schedule',
  event: 'an event source',
};

/** Looks at what handlers return that a queue, a stream, a schedule or another event source calls. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const handler of context.module.handlers) {
          if (isAsynchronous(handler.kind) && handler.contract === 'lambda') check(context, handler);
        }
      },
    };
  },
};

function check(context: PythonContext, handler: PyHandler): void {
  const { module } = context;
  walkOwnPython(handler.fn, (node) => {
    if (node.type !== 'return_statement') return undefined;
    const value = named(node)[0];
    const status = failureStatus(context, value, node);
    if (status === undefined || /batchItemFailures/.test(module.text(value))) return undefined;
    context.report({
      at: node,
      message: 'answered',
      data: { handler: handler.name, source: sources[handler.kind] ?? 'an event source', status: String(status) },
      handler: handler.name,
    });
    return undefined;
  });
}

/** A 4xx or 5xx that a `return` answers; for a variable what was last assigned before it in the same block. */
function failureStatus(context: PythonContext, value: PyNode | undefined, at: PyNode): number | undefined {
  const { module } = context;
  const status = statusOf(module, value);
  if (typeof status === 'number') return status >= 400 ? status : undefined;
  if (value?.type !== 'identifier' || status === undefined) return undefined;
  const name = module.text(value);
  for (const each of [...(at.parent?.children ?? [])].reverse()) {
    const assignment = each.end <= at.start && each.type === 'expression_statement' ? named(each)[0] : undefined;
    if (assignment?.type !== 'assignment' || module.text(child(assignment, 'left')) !== name) continue;
    const last = statusOf(module, child(assignment, 'right'));
    return typeof last === 'number' && last >= 400 ? last : undefined;
  }
  return undefined;
}
