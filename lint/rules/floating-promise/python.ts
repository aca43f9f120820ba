import type { PythonModule } from '../../analysis/python/module.js';
import { handlerFor } from '../../analysis/python/reach.js';
import { ancestor, child, childOfType, isAsync, named, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

const tasks =
  /^asyncio\.(create_task|ensure_future|(get_event_loop|get_running_loop|new_event_loop)\(\)\.create_task|gather)$/;
const coroutines =
  /^(asyncio\.(sleep|wait|wait_for|to_thread)|httpx\.AsyncClient\(\)\.(get|post|put|patch|delete|request|aclose)|aiofiles\.open)$/;

/** Looks at calls of coroutine functions, and at started tasks, whose result is dropped. */
export const python: PythonRule = {
  create(context) {
    return {
      expression_statement(node) {
        const call = named(node)[0];
        if (call?.type === 'call' && named(node).length === 1) check(context, call);
      },
      assignment(node) {
        const call = child(node, 'right');
        if (call?.type === 'call' && isNeverRead(context.module, node)) check(context, call);
      },
      return_statement(node) {
        const call = named(node)[0];
        if (call?.type === 'call') checkAnswer(context, call);
      },
    };
  },
};

function check(context: PythonContext, call: PyNode): void {
  const { module } = context;
  const callee = child(call, 'function');
  if (callee === undefined) return;
  const name = module.text(callee).replace(/\s+/g, '');
  const path = module.origins.path(callee);
  const handler = handlerFor(module, call)?.name;
  const more = handler === undefined ? {} : { handler };
  if (tasks.test(path)) {
    context.report({ at: call, message: 'task', data: { call: `\`${name}\`` }, ...more });
    return;
  }
  if (!coroutines.test(path) && !isCoroutine(module, callee)) return;
  const inAsync = ancestor(call, 'function_definition');
  const edit = { start: call.start, end: call.start, text: 'await ' };
  context.report({
    at: call,
    message: 'coroutine',
    data: { call: `\`${name}(…)\``, name },
    // The coroutine did not run before, so awaiting it is a change.
    fixes: inAsync !== undefined && isAsync(inAsync) ? [fix('Await it', false, edit)] : [],
    ...more,
  });
}

/** A plain handler that answers with a coroutine: the platform awaits nothing. */
function checkAnswer(context: PythonContext, call: PyNode): void {
  const { module } = context;
  const fn = ancestor(call, 'function_definition');
  const callee = child(call, 'function');
  const handler = module.handlers.find((each) => each.fn === fn);
  if (handler === undefined || handler.contract !== 'lambda' || isAsync(handler.fn) || callee === undefined) return;
  if (handler.guarded || !isCoroutine(module, callee)) return;
  const name = module.text(callee).replace(/\s+/g, '');
  context.report({
    at: call,
    message: 'answered',
    data: { call: `\`${name}(…)\``, handler: handler.name },
    handler: handler.name,
  });
}

/** A local variable that the rest of its function does not name. */
function isNeverRead(module: PythonModule, assignment: PyNode): boolean {
  const target = child(assignment, 'left');
  const fn = ancestor(assignment, 'function_definition');
  if (target?.type !== 'identifier' || fn === undefined) return false;
  const name = module.text(target);
  let read = false;
  walkPython(fn, (node) => {
    if (node.type === 'identifier' && node !== target && module.text(node) === name) read = true;
    return !read;
  });
  return !read;
}

/** An undecorated `async def` of the project: a function, or a method of a known class. */
function isCoroutine(module: PythonModule, callee: PyNode): boolean {
  if (!/^(identifier|attribute)$/.test(callee.type)) return false;
  const definition = module.origins.functionOf(callee);
  if (definition === undefined || definition.parent?.type === 'decorated_definition') return false;
  return isAsync(definition) && !yields(definition);
}

function yields(definition: PyNode): boolean {
  const body = child(definition, 'body');
  const has = (node: PyNode | undefined): boolean => {
    if (node === undefined || node.type === 'function_definition') return false;
    return node.type === 'yield' || childOfType(node, 'yield') !== undefined || node.children.some(has);
  };
  return has(body);
}
