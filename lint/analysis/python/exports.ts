import type { PythonModule } from './module.js';
import type { PyOrigin } from './origins.js';
import type { PyNode } from './tree.js';

/** A member of a module or of an instance. */
export function memberOf(origin: PyOrigin, name: string): PyOrigin {
  const path = origin.path.endsWith('.') ? origin.path + name : `${origin.path}.${name}`;
  const { namespace } = origin;
  if (namespace === undefined) return { path, ...madeAt(origin) };
  const target = namespace.from.imported(namespace.name);
  const made = target?.origins.named(name);
  if (made !== undefined) return made;
  if (target?.names.top(name) !== undefined) return { path, own: true };
  const inner = namespace.name.endsWith('.') ? namespace.name + name : `${namespace.name}.${name}`;
  return { path, namespace: { from: namespace.from, name: inner } };
}

export function madeAt(origin: PyOrigin | undefined): { creation?: PyNode } {
  return origin?.creation === undefined ? {} : { creation: origin.creation };
}

/** The values that a module gives a name, through what it imports itself from others of the project. */
export function exportedValues(module: PythonModule, name: string, steps = 0): readonly PyNode[] {
  const own = module.names.top(name);
  if (own !== undefined || steps > 6) return own ?? [];
  const imported = module.names.imports.get(name);
  if (imported?.member !== undefined) {
    const target = module.imported(imported.module);
    return target === undefined ? [] : exportedValues(target, imported.member, steps + 1);
  }
  if (imported !== undefined) return [];
  for (const star of module.names.stars) {
    const target = module.imported(star);
    const found = target === undefined ? [] : exportedValues(target, name, steps + 1);
    if (found.length > 0) return found;
  }
  return [];
}
