import { positionalOf } from './calls.js';
import type { PyHandler } from './handlers.js';
import type { PythonModule } from './module.js';
import { ancestor, child, childOfType, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

const known = new WeakMap<PythonModule, ReadonlyMap<PyNode, PyHandler>>();

/** The functions of a file that its handlers call, directly or through each other, with one of those handlers. */
export function reachable(module: PythonModule): ReadonlyMap<PyNode, PyHandler> {
  const before = known.get(module);
  if (before !== undefined) return before;
  const found = new Map<PyNode, PyHandler>();
  const queue: [PyNode, PyHandler][] = module.handlers.map((each) => [each.fn, each]);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [fn, handler] = next;
    if (found.has(fn)) continue;
    found.set(fn, handler);
    walkPython(child(fn, 'body') ?? fn, (node) => {
      if (node.type !== 'call') return undefined;
      for (const each of [child(node, 'function'), ...positionalOf(node)]) {
        const called = calledFunction(module, each);
        if (called !== undefined && called !== fn) queue.push([called, handler]);
      }
      return undefined;
    });
  }
  known.set(module, found);
  return found;
}

/** The function of this file that an expression names: `load`, `self.load`, `Store().load` by its class. */
export function calledFunction(module: PythonModule, callee: PyNode | undefined): PyNode | undefined {
  if (callee?.type === 'identifier') {
    const value = module.origins.assigned(callee);
    if (value !== undefined) return value.type === 'function_definition' ? value : undefined;
    return module.origins.functionNamed(module.text(callee));
  }
  if (callee?.type !== 'attribute') return undefined;
  const object = child(callee, 'object');
  const name = module.text(child(callee, 'attribute'));
  if (object?.type === 'identifier' && /^(self|cls)$/.test(module.text(object))) {
    return methodOf(module, ancestor(callee, 'class_definition'), name);
  }
  return methodOf(module, classNamed(module, object), name);
}

/** The class of this file that an expression makes an instance of, or names. */
function classNamed(module: PythonModule, object: PyNode | undefined): PyNode | undefined {
  const value = object?.type === 'identifier' ? (module.origins.assigned(object) ?? object) : object;
  if (value?.type === 'class_definition') return value;
  const made = value?.type === 'call' ? child(value, 'function') : value;
  if (made?.type !== 'identifier') return undefined;
  const name = module.text(made);
  return module.root.children.find(
    (each) => each.type === 'class_definition' && module.text(child(each, 'name')) === name,
  );
}

export function methodOf(module: PythonModule, owner: PyNode | undefined, name: string): PyNode | undefined {
  for (const each of child(owner, 'body')?.children ?? []) {
    const fn = each.type === 'decorated_definition' ? childOfType(each, 'function_definition') : each;
    if (fn?.type === 'function_definition' && module.text(child(fn, 'name')) === name) return fn;
  }
  return undefined;
}

/** The handler whose work a place belongs to: its own, or that of a function it calls. */
export function handlerFor(module: PythonModule, node: PyNode): PyHandler | undefined {
  const functions = reachable(module);
  for (let at: PyNode | undefined = node; at !== undefined; at = at.parent) {
    const handler = functions.get(at);
    if (handler !== undefined) return handler;
  }
  return undefined;
}

/** True under `if __name__ == "__main__":`. */
export function isScriptOnly(module: PythonModule, node: PyNode): boolean {
  for (let at = ancestor(node, 'if_statement'); at !== undefined; at = ancestor(at, 'if_statement')) {
    if (/__name__/.test(module.text(child(at, 'condition')))) return true;
  }
  return false;
}
