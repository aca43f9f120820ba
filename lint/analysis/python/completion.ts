import type { PythonModule } from './module.js';
import { child, childOfType, named, walkOwnPython } from './tree.js';
import type { PyNode } from './tree.js';

/**
 * Where a block can come to its end without `return` or `raise`: the statement that falls through, or the `except`
 * clause, whichever tells more; undefined where every way leaves.
 */
export function fallsThrough(module: PythonModule, block: PyNode | undefined): PyNode | undefined {
  let last = block;
  for (const each of named(block)) {
    last = ofStatement(module, each);
    // What comes after is never reached.
    if (last === undefined) return undefined;
  }
  return last;
}

/** True for a statement that stands after one that always leaves. */
export function isUnreachable(module: PythonModule, node: PyNode): boolean {
  const before = node.parent?.children.filter((each) => each.named && each.end <= node.start) ?? [];
  return before.some(
    (each) => each.type !== 'comment' && /_statement$/.test(each.type) && ofStatement(module, each) === undefined,
  );
}

function ofStatement(module: PythonModule, node: PyNode): PyNode | undefined {
  switch (node.type) {
    case 'return_statement':
    case 'raise_statement':
      return undefined;
    case 'if_statement':
      return ofIf(module, node);
    case 'try_statement':
      return ofTry(module, node);
    case 'with_statement':
      return fallsThrough(module, child(node, 'body'));
    case 'while_statement':
      return /^\(?(True|1)\)?$/.test(module.text(child(node, 'condition'))) && !breaks(node) ? undefined : node;
    case 'match_statement':
      return ofMatch(module, node);
    default:
      return /\b(exit|abort|_exit|fail|raise_\w*)\(/.test(module.text(node)) && node.type === 'expression_statement'
        ? undefined
        : node;
  }
}

function ofIf(module: PythonModule, node: PyNode): PyNode | undefined {
  const others = node.children.filter((each) => /^(elif|else)_clause$/.test(each.type));
  const branches = [child(node, 'consequence'), ...others.map((each) => childOfType(each, 'block'))];
  for (const each of branches) {
    const found = fallsThrough(module, each);
    if (found !== undefined) return found;
  }
  return others.some((each) => each.type === 'else_clause') ? undefined : node;
}

function ofTry(module: PythonModule, node: PyNode): PyNode | undefined {
  const last = childOfType(node, 'finally_clause');
  if (last !== undefined && fallsThrough(module, childOfType(last, 'block')) === undefined) return undefined;
  const otherwise = childOfType(node, 'else_clause');
  const body = fallsThrough(module, child(node, 'body'));
  if (body !== undefined) {
    const after = otherwise === undefined ? body : fallsThrough(module, childOfType(otherwise, 'block'));
    if (after !== undefined) return after;
  }
  const clauses = node.children.filter((each) => each.type === 'except_clause');
  return clauses.find((each) => fallsThrough(module, childOfType(each, 'block')) !== undefined);
}

function ofMatch(module: PythonModule, node: PyNode): PyNode | undefined {
  const cases = named(child(node, 'body')).filter((each) => each.type === 'case_clause');
  const open = cases.find((each) => fallsThrough(module, childOfType(each, 'block')) !== undefined);
  if (open !== undefined) return open;
  return cases.some((each) => /^case\s+_\s*:/.test(module.text(each))) ? undefined : node;
}

function breaks(loop: PyNode): boolean {
  let found = false;
  walkOwnPython(loop, (node) => {
    if (node !== loop && /^(while|for)_statement$/.test(node.type)) return false;
    if (node.type === 'break_statement') found = true;
    return !found;
  });
  return found;
}
