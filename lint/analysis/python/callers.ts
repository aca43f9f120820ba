import type { PythonModule } from './module.js';
import { ancestor, child, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

const calls = new WeakMap<PythonModule, Map<string, PyNode[]>>();

/** The calls of a file by the last name of what they call; computed once a file. */
function callsByName(module: PythonModule): Map<string, PyNode[]> {
  const cached = calls.get(module);
  if (cached !== undefined) return cached;
  const found = new Map<string, PyNode[]>();
  walkPython(module.root, (node) => {
    if (node.type !== 'call') return undefined;
    const callee = child(node, 'function');
    const name = module.text(callee?.type === 'attribute' ? child(callee, 'attribute') : callee);
    found.set(name, [...(found.get(name) ?? []), node]);
    return undefined;
  });
  calls.set(module, found);
  return found;
}

/**
 * What the calls of a function in its own file give the parameter that an identifier names; empty where it is none, or
 * where one of the calls does not show it.
 */
export function givenTo(module: PythonModule, identifier: PyNode): readonly PyNode[] {
  const owner = module.ownerOf(identifier);
  const definition = ancestor(identifier, 'function_definition');
  if (definition === undefined) return [];
  const name = owner.text(identifier);
  const parameters = named(child(definition, 'parameters'))
    .map((each) => owner.text(each.type === 'identifier' ? each : (child(each, 'name') ?? named(each)[0])))
    .filter((each) => each !== 'self' && each !== 'cls');
  const index = parameters.indexOf(name);
  if (index === -1 || owner.origins.allAssigned(identifier).length > 0) return [];
  const given = (callsByName(owner).get(owner.text(child(definition, 'name'))) ?? [])
    .filter((call) => !(call.start >= definition.start && call.end <= definition.end))
    .map((call) => argumentOf(owner, call, name, index));
  return given.every((each) => each !== undefined) ? given : [];
}

function argumentOf(module: PythonModule, call: PyNode, name: string, index: number): PyNode | undefined {
  const list = named(child(call, 'arguments'));
  if (list.some((each) => /splat/.test(each.type))) return undefined;
  const keyword = list.find((each) => each.type === 'keyword_argument' && module.text(child(each, 'name')) === name);
  return keyword === undefined
    ? list.filter((each) => each.type !== 'keyword_argument')[index]
    : child(keyword, 'value');
}
