import type { TextEdit } from '../../../emulator/contract/findings.js';
import type { PythonModule } from './module.js';
import { child, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** Whether a call has a keyword: `unknown` where `**kwargs` may bring it, `none` where it is given as `None`. */
export type KeywordState = { state: 'absent' | 'unknown' } | { state: 'none' | 'present'; value: PyNode };

/**
 * Looks for one of `names` among a call's keywords, those of a `functools.partial` that it calls, and those that a
 * dictionary brings. The value may be of another file.
 */
export function findKeyword(module: PythonModule, call: PyNode, names: readonly string[]): KeywordState {
  const own = keywordOf(module, call, names);
  const callee = child(call, 'function');
  const partial = own.state !== 'absent' || callee === undefined ? undefined : module.origins.of(callee)?.partial;
  return partial === undefined || partial === call ? own : keywordOf(module, partial, names);
}

function keywordOf(module: PythonModule, call: PyNode, names: readonly string[]): KeywordState {
  const list = argumentsOf(call);
  for (const argument of list) {
    const value = argument.type === 'keyword_argument' ? child(argument, 'value') : undefined;
    if (value !== undefined && names.includes(module.text(child(argument, 'name')))) return stateOf(module, value);
  }
  const splats = list.filter((each) => each.type === 'dictionary_splat');
  return firstState(splats.map((each) => inDictionary(module, named(each)[0], names)));
}

function stateOf(module: PythonModule, value: PyNode): KeywordState {
  return { state: module.origins.valueOf(value).type === 'none' ? 'none' : 'present', value };
}

/** What is shown counts before what is not, and that before nothing. */
function firstState(states: readonly KeywordState[]): KeywordState {
  return (
    states.find((each) => each.state === 'present' || each.state === 'none') ??
    states.find((each) => each.state === 'unknown') ?? { state: 'absent' }
  );
}

/** `**options`, where `options` is a dictionary that the project shows. */
function inDictionary(module: PythonModule, node: PyNode | undefined, names: readonly string[]): KeywordState {
  const value = node && module.origins.valueOf(node);
  if (node === undefined || value === undefined) return { state: 'unknown' };
  const owner = module.ownerOf(value);
  if (value.type === 'call' && owner.text(child(value, 'function')) === 'dict') {
    return added(module, node, keywordOf(owner, value, names));
  }
  if (value.type !== 'dictionary') return { state: 'unknown' };
  const states = named(value).map((pair): KeywordState => {
    if (pair.type === 'dictionary_splat') return inDictionary(owner, named(pair)[0], names);
    const key = stringValue(owner, child(pair, 'key'));
    const found = child(pair, 'value');
    if (key === undefined || found === undefined) return { state: 'unknown' };
    return names.includes(key) ? stateOf(owner, found) : { state: 'absent' };
  });
  return added(module, node, firstState(states));
}

/** Keys may still be added to a dictionary after it is written. */
function added(module: PythonModule, node: PyNode, shown: KeywordState): KeywordState {
  if (shown.state !== 'absent' || node.type !== 'identifier') return shown;
  const changes = new RegExp(`\\b${module.text(node)}\\s*(\\[|\\.(update|setdefault)\\(|\\|=)`);
  return changes.test(module.source) ? { state: 'unknown' } : shown;
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

/** The source text of an expression, and of what the names and fields in it stand for, also in other files. */
export function visiblePythonText(module: PythonModule, node: PyNode, depth = 0): string {
  const parts = [module.text(node)];
  if (depth > 3) return parts[0] ?? '';
  walkPython(node, (each) => {
    if (each.type !== 'identifier' && each.type !== 'attribute') return undefined;
    const values = [...module.origins.allAssigned(each), module.origins.valueOf(each)];
    for (const value of new Set(values)) {
      const shown = value !== each && value !== node && !/^(function|class)_definition$/.test(value.type);
      if (shown) parts.push(visiblePythonText(module.ownerOf(value), value, depth + 1));
    }
    return undefined;
  });
  return parts.join(' ');
}

/** A callee as messages show it: on one line, shortened, in backticks. */
export function callText(module: PythonModule, call: PyNode): string {
  const text = module.text(child(call, 'function')).replace(/\s+/g, '');
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}

/** The lines of a statement's indentation: what a fix puts before each line it adds. */
export function indentationOf(module: PythonModule, node: PyNode): string {
  const line = module.source.lastIndexOf('\n', node.start - 1) + 1;
  return /^[ \t]*/.exec(module.source.slice(line, node.start))?.[0] ?? '';
}
