import { isPythonIo } from '../../knowledge/io.js';
import type { PythonModule } from './module.js';
import { child, childOfType, named, walkOwnPython } from './tree.js';
import type { PyNode } from './tree.js';

/** A call whose exception leaves a function: the I/O itself, or a helper of the same file that does it. */
export interface PyEscape {
  readonly at: PyNode;
  readonly io: PyNode;
}

/** The known I/O of a function, same-file helpers included, whose exception nothing in it catches. */
export function pythonEscapes(module: PythonModule, fn: PyNode, seen = new Set<PyNode>()): PyEscape[] {
  const found: PyEscape[] = [];
  seen.add(fn);
  walkOwnPython(fn, (node) => {
    if (node.type !== 'call') return undefined;
    const io = failingIo(module, node, seen);
    if (io !== undefined && !isCaughtPython(module, node, fn)) found.push({ at: node, io });
    return undefined;
  });
  seen.delete(fn);
  return found;
}

function failingIo(module: PythonModule, node: PyNode, seen: Set<PyNode>): PyNode | undefined {
  const callee = child(node, 'function');
  if (isPythonIo(module.origins.path(callee))) return node;
  const helper = localPythonFunction(module, callee);
  if (helper === undefined || seen.has(helper) || seen.size > 6) return undefined;
  return pythonEscapes(module, helper, seen)[0]?.io;
}

/** The function of this file that a callee names, unless a decorator may change what it does. */
export function localPythonFunction(module: PythonModule, callee: PyNode | undefined): PyNode | undefined {
  if (callee?.type !== 'identifier') return undefined;
  const found = module.origins.functionNamed(module.text(callee));
  return found?.parent?.type === 'decorated_definition' ? undefined : found;
}

/** True when a broad enough `except` stands between the call and the end of the function. */
export function isCaughtPython(module: PythonModule, node: PyNode, fn: PyNode): boolean {
  for (let at = node, parent = node.parent; parent !== undefined && at !== fn; at = parent, parent = parent.parent) {
    // Already handling another failure: best effort.
    if (/^(except_clause|finally_clause|except_group_clause)$/.test(parent.type)) return true;
    if (
      parent.type === 'try_statement' &&
      at.field === 'body' &&
      exceptClauses(parent).some((each) => handles(module, each))
    ) {
      return true;
    }
    if (parent.type === 'with_statement' && /\bsuppress\(/.test(module.text(childOfType(parent, 'with_clause'))))
      return true;
  }
  return false;
}

export function exceptClauses(statement: PyNode): PyNode[] {
  return statement.children.filter((each) => each.type === 'except_clause');
}

/** Exceptions that are about the value, not about the dependency: catching only these leaves I/O failures to escape. */
const notIo =
  /^(\w+\.)*(KeyError|ValueError|TypeError|AttributeError|IndexError|JSONDecodeError|ImportError|AssertionError|UnicodeDecodeError|ValidationError)$/;

function handles(module: PythonModule, clause: PyNode): boolean {
  if (alwaysRaises(clause)) return false;
  const names = exceptionNames(module, clause);
  return names.length === 0 || names.some((name) => !notIo.test(name));
}

/** The exceptions a clause names; none for a bare `except:`. */
export function exceptionNames(module: PythonModule, clause: PyNode): string[] {
  const value = clause.children.filter((each) => each.named && each.type !== 'block' && each.type !== 'comment')[0];
  const pattern = value?.type === 'as_pattern' ? value.children[0] : value;
  if (pattern === undefined) return [];
  return pattern.type === 'tuple' ? named(pattern).map((each) => module.text(each)) : [module.text(pattern)];
}

/** True when the clause ends in `raise` and returns nowhere: it hands the failure on. */
export function alwaysRaises(clause: PyNode): boolean {
  const block = childOfType(clause, 'block');
  const last = named(block).at(-1);
  if (block === undefined || last?.type !== 'raise_statement') return false;
  let returns = false;
  walkOwnPython(block, (node) => {
    if (node.type === 'return_statement') returns = true;
    return !returns;
  });
  return !returns;
}
