import type { PythonModule } from './module.js';
import type { PyOrigin } from './origins.js';
import { ancestor, child, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** The project's class that an expression names, perhaps of another file. */
export function classOf(module: PythonModule, node: PyNode): PyNode | undefined {
  if (node.type !== 'identifier' && node.type !== 'attribute') return undefined;
  const value = module.origins.valueOf(node);
  return value.type === 'class_definition' ? value : undefined;
}

/** The project's class whose member an attribute of `object` is: of `self`, of an instance, of the class itself. */
export function instanceClass(module: PythonModule, object: PyNode): PyNode | undefined {
  if (object.type === 'identifier' && /^(self|cls)$/.test(module.text(object))) {
    return ancestor(object, 'class_definition');
  }
  if (object.type === 'call') {
    const callee = child(object, 'function');
    if (callee?.type === 'identifier' && module.text(callee) === 'super') return undefined;
    return callee === undefined ? undefined : classOf(module, callee);
  }
  if (object.type !== 'identifier' && object.type !== 'attribute') return undefined;
  const value = module.origins.valueOf(object);
  if (value.type === 'class_definition') return value;
  return value.type === 'call' && value !== object ? instanceClass(module.ownerOf(value), value) : undefined;
}

/** What a class, or the nearest of those it inherits from, gives a member. */
export function membersOf(module: PythonModule, definition: PyNode, name: string, steps = 0): readonly PyNode[] {
  const owner = module.ownerOf(definition);
  const own = owner.names.members(definition, name);
  if (own.length > 0 || steps > 5) return own;
  for (const base of bases(definition)) {
    const inherited = classOf(owner, base);
    const found =
      inherited === undefined || inherited === definition ? [] : membersOf(owner, inherited, name, steps + 1);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * The package's class that a class of the project extends without changing how it waits: `class Api(requests.Session)`.
 * None where it overrides what sends, or speaks of a timeout at all.
 */
export function libraryBase(module: PythonModule, definition: PyNode, steps = 0): PyOrigin | undefined {
  const owner = module.ownerOf(definition);
  if (steps > 5 || /timeout/i.test(owner.text(definition))) return undefined;
  if (overridesSending(owner, definition)) return undefined;
  for (const base of bases(definition)) {
    const inherited = classOf(owner, base);
    const origin =
      inherited === undefined
        ? owner.origins.of(base)
        : inherited === definition
          ? undefined
          : libraryBase(owner, inherited, steps + 1);
    if (origin !== undefined && origin.own !== true) return origin;
  }
  return undefined;
}

function bases(definition: PyNode): readonly PyNode[] {
  return named(child(definition, 'superclasses')).filter((each) => /^(identifier|attribute)$/.test(each.type));
}

function overridesSending(owner: PythonModule, definition: PyNode): boolean {
  let overrides = false;
  walkPython(definition, (node) => {
    if (
      node.type === 'function_definition' &&
      /^(send|request|__getattr\w*__)$/.test(owner.text(child(node, 'name')))
    ) {
      overrides = true;
    }
    return !overrides;
  });
  return overrides;
}
