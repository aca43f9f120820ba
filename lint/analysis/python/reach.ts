import { positionalOf } from './calls.js';
import type { PyHandler } from './handlers.js';
import type { PythonModule } from './module.js';
import { ancestor, child, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

const known = new WeakMap<PythonModule, ReadonlyMap<PyNode, PyHandler>>();

/** The functions that the handlers of a file call, directly or through each other, with one of those handlers. */
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

/** The project's function that an expression names: `load`, `self.load`, `Store().load`, also of another file. */
export function calledFunction(module: PythonModule, callee: PyNode | undefined): PyNode | undefined {
  return callee !== undefined && /^(identifier|attribute)$/.test(callee.type)
    ? module.origins.functionOf(callee)
    : undefined;
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
