import type { PythonModule } from '../module.js';
import { child, named } from '../tree.js';
import type { PyNode } from '../tree.js';

/** Limits that stand around a call instead of in its arguments. */

const limiter = /time_?out|deadline|time_?limit/i;

/** `asyncio.wait_for(…)`, `async with asyncio.timeout(…)`, a decorator such as `@timeout(5)` of the function around. */
export function isLimitedAround(module: PythonModule, node: PyNode): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (at.type === 'call' && isLimiter(module, child(at, 'function'))) return true;
    if (at.type === 'with_statement' && withLimit(module, at)) return true;
    if (at.type === 'decorated_definition' && at.children.some((each) => decorates(module, each))) return true;
  }
  return false;
}

function isLimiter(module: PythonModule, callee: PyNode | undefined): boolean {
  const path = module.origins.path(callee) || module.text(callee);
  return /(^|\.)(wait_for|with_timeout|run_with_timeout|move_on_after|fail_after|func_timeout)$/.test(path);
}

function withLimit(module: PythonModule, statement: PyNode): boolean {
  const clause = statement.children.find((each) => each.type === 'with_clause');
  return named(clause).some((item) => {
    const value = child(item, 'value');
    const expression = value?.type === 'as_pattern' ? value.children[0] : value;
    return expression?.type === 'call' && limiter.test(module.text(child(expression, 'function')));
  });
}

function decorates(module: PythonModule, node: PyNode): boolean {
  if (node.type !== 'decorator') return false;
  const expression = named(node)[0];
  return limiter.test(module.text(expression?.type === 'call' ? child(expression, 'function') : expression));
}

const texts = new WeakMap<PythonModule, readonly string[]>();

/** True when the file, or one that it imports, has something that sets limits for all calls. */
export function isSetAround(module: PythonModule, pattern: RegExp): boolean {
  let known = texts.get(module);
  if (known === undefined) {
    known = [module, ...importedModules(module)].map((each) => each.source);
    texts.set(module, known);
  }
  return known.some((text) => pattern.test(text));
}

function importedModules(module: PythonModule): PythonModule[] {
  const { imports, stars } = module.names;
  const names = [...[...imports.values()].map((each) => each.module), ...stars];
  const found = names.map((each) => module.imported(each)).filter((each) => each !== undefined);
  return [...new Set(found)];
}
