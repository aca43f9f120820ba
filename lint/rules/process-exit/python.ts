import type { PythonModule } from '../../analysis/python/module.js';
import { handlerFor, isScriptOnly } from '../../analysis/python/reach.js';
import { ancestor, child, childOfType, named } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Looks at calls that end the process, in handlers, in what they call, and while their file loads. */
export const python: PythonRule = {
  create(context) {
    if (context.module.handlers.length === 0) return {};
    return {
      call(node) {
        if (endsProcess(context.module, node)) check(context, node);
      },
      raise_statement(node) {
        const value = named(node)[0];
        const raised = value?.type === 'call' ? child(value, 'function') : value;
        if (context.module.text(raised) === 'SystemExit') check(context, node);
      },
    };
  },
};

function endsProcess(module: PythonModule, call: PyNode): boolean {
  const callee = child(call, 'function');
  const text = module.text(callee);
  if (/^(sys\.exit|os\._exit|os\.abort)$/.test(module.origins.path(callee))) return true;
  // `exit` and `quit` are the interpreter's unless the file has its own.
  const own = module.origins.path(callee) !== '' || module.origins.functionNamed(text) !== undefined;
  return callee?.type === 'identifier' && /^(exit|quit)$/.test(text) && !own;
}

function check(context: PythonContext, node: PyNode): void {
  const { module } = context;
  if (isScriptOnly(module, node) || isCaught(module, node)) return;
  const call = node.type === 'call' ? module.text(child(node, 'function')) : 'raise SystemExit';
  const handler = handlerFor(module, node);
  if (handler !== undefined) {
    const instead =
      handler.kind === 'http'
        ? 'Answer a 5xx, or raise the error.'
        : 'Raise the error, so that the platform tries again.';
    context.report({
      at: node,
      message: 'python',
      data: { call, instead, handler: handler.name },
      handler: handler.name,
    });
    return;
  }
  const alone = ancestor(node, 'function_definition') === undefined && ancestor(node, 'class_definition') === undefined;
  const clause = ancestor(node, 'except_clause');
  const isLambda =
    module.handlers.some((each) => each.contract === 'lambda') && !/__main__|argparse/.test(module.source);
  if (
    alone &&
    isLambda &&
    clause !== undefined &&
    !/ImportError|ModuleNotFoundError/.test(textBeforeBlock(module, clause))
  ) {
    const first = module.handlers[0]?.name;
    context.report({
      at: node,
      message: 'atStart',
      data: { call },
      ...(first === undefined ? {} : { handler: first }),
    });
  }
}

/** `except SystemExit` around it: somebody wants it so. */
function isCaught(module: PythonModule, node: PyNode): boolean {
  for (let at = ancestor(node, 'try_statement'); at !== undefined; at = ancestor(at, 'try_statement')) {
    const clauses = at.children.filter((each) => each.type === 'except_clause');
    if (clauses.some((each) => /\bSystemExit\b/.test(textBeforeBlock(module, each)))) return true;
  }
  return false;
}

function textBeforeBlock(module: PythonModule, clause: PyNode): string {
  return module.source.slice(clause.start, childOfType(clause, 'block')?.start ?? clause.end);
}
