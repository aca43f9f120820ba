import type { PythonModule } from './module.js';
import { decoratorsOf } from './origins.js';
import type { PyOrigin } from './origins.js';
import { child, named, walkOwnPython } from './tree.js';
import type { PyNode } from './tree.js';

/** Decorators that leave what a function returns as it is. */
const transparent =
  /^@\s*(functools\.)?(lru_cache|cache|cached|cached_property|property|staticmethod|classmethod|memoize|singleton|retry|(contextlib\.)?(async)?contextmanager|tracer\.capture_method|xray_recorder\.\w+)\b/;

/** What a call of the project's own function gives: the client that it makes and returns, or hands on. */
export function madeBy(module: PythonModule, callee: PyNode, call: PyNode): PyOrigin | undefined {
  const definition = module.origins.functionOf(callee);
  return definition === undefined ? undefined : returned(module, definition, call);
}

/** What a function, or a property, returns or yields: the first client among it. */
export function returned(module: PythonModule, definition: PyNode, call?: PyNode): PyOrigin | undefined {
  const owner = module.ownerOf(definition);
  if (!decoratorsOf(definition).every((each) => transparent.test(owner.text(each)))) return undefined;
  let origin: PyOrigin | undefined;
  walkOwnPython(definition, (node) => {
    if (node.type === 'return_statement' || (node.type === 'yield' && isContext(owner, definition))) {
      const value = named(node)[0];
      if (value !== undefined) origin ??= givenOrMade(module, owner, definition, value, call);
    }
    return origin === undefined;
  });
  return origin;
}

function isContext(owner: PythonModule, definition: PyNode): boolean {
  return decoratorsOf(definition).some((each) => /contextmanager\b/.test(owner.text(each)));
}

function givenOrMade(
  module: PythonModule,
  owner: PythonModule,
  definition: PyNode,
  value: PyNode,
  call: PyNode | undefined,
): PyOrigin | undefined {
  const names = named(child(definition, 'parameters')).map((each) => owner.text(child(each, 'name') ?? each));
  const index = value.type === 'identifier' ? names.indexOf(owner.text(value)) : -1;
  const given = index === -1 ? undefined : named(child(call, 'arguments'))[index];
  if (given !== undefined && given.type !== 'keyword_argument') return module.origins.of(given);
  const origin = owner.origins.of(value);
  // What a client answers is no client: `return client.query(…)` makes nothing.
  return origin?.creation !== undefined && isMade(origin.path) ? origin : undefined;
}

/** Calls that answer, in the paths of clients that were made. */
const answer =
  /\(\)\.(get|put|post|patch|delete|head|send|request|query|scan|execute|read|json|[a-z]+_[a-z_]+)\(\)|^requests\.(get|put|post|patch|delete|head|request)\(\)|urlopen\(\)|^subprocess\./;

function isMade(path: string): boolean {
  return /\(\)/.test(path) && !answer.test(path);
}
