import type { TextEdit } from '../../../emulator/contract/findings.js';
import type { PythonModule } from './module.js';
import { child, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** Whether a call has a keyword: `unknown` where `**kwargs` may bring it. */
export type KeywordState = { state: 'absent' | 'unknown' | 'none' } | { state: 'present'; value: PyNode };

/** Looks for one of `names` among a call's keywords. `None` and `0` set no bound: state `none`. */
export function findKeyword(module: PythonModule, call: PyNode, names: readonly string[]): KeywordState {
  const list = argumentsOf(call);
  for (const argument of list) {
    if (argument.type !== 'keyword_argument') continue;
    const value = child(argument, 'value');
    if (value === undefined || !names.includes(module.text(child(argument, 'name')))) continue;
    return value.type === 'none' || module.text(value) === '0' ? { state: 'none' } : { state: 'present', value };
  }
  const splat = list.find((each) => each.type === 'dictionary_splat');
  return splat === undefined ? { state: 'absent' } : inSplat(module, splat, names);
}

/** `**options`, where `options` is a dictionary that the file shows. */
function inSplat(module: PythonModule, splat: PyNode, names: readonly string[]): KeywordState {
  const name = named(splat)[0];
  const value = name === undefined ? undefined : (module.origins.assigned(name) ?? name);
  if (value?.type !== 'dictionary') return { state: 'unknown' };
  for (const pair of named(value)) {
    const found = child(pair, 'value');
    if (pair.type !== 'pair' || found === undefined) return { state: 'unknown' };
    if (names.includes(stringValue(module, child(pair, 'key')) ?? '')) return { state: 'present', value: found };
  }
  // Keys may still be added to the dictionary elsewhere.
  return { state: 'unknown' };
}

export function argumentsOf(call: PyNode): PyNode[] {
  return named(child(call, 'arguments'));
}

export function positionalOf(call: PyNode): PyNode[] {
  return argumentsOf(call).filter((each) => each.type !== 'keyword_argument' && each.type !== 'dictionary_splat');
}

/** The text of a plain string literal. */
export function stringValue(module: PythonModule, node: PyNode | undefined): string | undefined {
  if (node?.type !== 'string' || node.children.some((each) => each.type === 'interpolation')) return undefined;
  return node.children
    .filter((each) => each.type === 'string_content')
    .map((each) => module.text(each))
    .join('');
}

/** The edit that gives a call one more keyword. */
export function addKeyword(module: PythonModule, call: PyNode, text: string): TextEdit | undefined {
  const list = child(call, 'arguments');
  if (list?.type !== 'argument_list') return undefined;
  const last = named(list).at(-1);
  if (last === undefined) return { start: list.end - 1, end: list.end - 1, text };
  // `f(x for x in y)` may not take a second argument without parentheses of its own.
  if (last.type === 'generator_expression' && module.text(last)[0] !== '(') return undefined;
  return { start: last.end, end: last.end, text: `, ${text}` };
}

/** The source text of an expression, and of what the names in it stand for. */
export function visiblePythonText(module: PythonModule, node: PyNode, depth = 0): string {
  const parts = [module.text(node)];
  if (depth > 3) return parts[0] ?? '';
  walkPython(node, (each) => {
    const value = each.type === 'identifier' ? module.origins.assigned(each) : undefined;
    if (value !== undefined && value !== node) parts.push(visiblePythonText(module, value, depth + 1));
    return undefined;
  });
  return parts.join(' ');
}
