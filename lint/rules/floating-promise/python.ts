import type { PythonModule } from '../../analysis/python/module.js';
import { ancestor, child, childOfType, isAsync, named } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

const tasks =
  /^asyncio\.(create_task|ensure_future|(get_event_loop|get_running_loop|new_event_loop)\(\)\.create_task)$/;
const coroutines =
  /^(asyncio\.(sleep|gather|wait|wait_for|to_thread)|httpx\.AsyncClient\(\)\.(get|post|put|patch|delete|request|aclose)|aiofiles\.open)$/;

/** Looks at statements that call a coroutine function, or start a task, and drop what comes back. */
export const python: PythonRule = {
  create(context) {
    return {
      expression_statement(node) {
        const call = named(node)[0];
        if (call?.type === 'call' && named(node).length === 1) check(context, call);
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
  if (tasks.test(path)) {
    context.report({ at: call, message: 'task', data: { call: `\`${name}\`` } });
    return;
  }
  // A gather that is dropped runs, but so do its failures: into nothing.
  if (path === 'asyncio.gather') return;
  if (!coroutines.test(path) && !isCoroutine(module, callee)) return;
  const inAsync = enclosingDefinition(call);
  const edit = { start: call.start, end: call.start, text: 'await ' };
  context.report({
    at: call,
    message: 'coroutine',
    data: { call: `\`${name}(…)\``, name },
    // The coroutine did not run before, so awaiting it is a change.
    fixes: inAsync !== undefined && isAsync(inAsync) ? [fix('Await it', false, edit)] : [],
  });
}

function enclosingDefinition(node: PyNode): PyNode | undefined {
  return ancestor(node, 'function_definition');
}

/** An undecorated `async def` of this file, or a method of the same class. */
function isCoroutine(module: PythonModule, callee: PyNode): boolean {
  const definition = callee.type === 'attribute' ? methodNamed(module, callee) : namedFunction(module, callee);
  if (definition === undefined || definition.parent?.type === 'decorated_definition') return false;
  return isAsync(definition) && !yields(definition);
}

function namedFunction(module: PythonModule, callee: PyNode): PyNode | undefined {
  if (callee.type !== 'identifier' || module.origins.assigned(callee) !== undefined) return undefined;
  return module.origins.functionNamed(module.text(callee));
}

function methodNamed(module: PythonModule, callee: PyNode): PyNode | undefined {
  const object = child(callee, 'object');
  if (object?.type !== 'identifier' || module.text(object) !== 'self') return undefined;
  const body = child(ancestor(callee, 'class_definition'), 'body');
  const name = module.text(child(callee, 'attribute'));
  return body?.children.find(
    (each) => each.type === 'function_definition' && module.text(child(each, 'name')) === name,
  );
}

function yields(definition: PyNode): boolean {
  const body = child(definition, 'body');
  const has = (node: PyNode | undefined): boolean => {
    if (node === undefined || node.type === 'function_definition') return false;
    return node.type === 'yield' || childOfType(node, 'yield') !== undefined || node.children.some(has);
  };
  return has(body);
}
