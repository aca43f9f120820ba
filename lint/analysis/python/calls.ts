import type { TextEdit } from '../../../emulator/contract/findings.js';
import { givenTo } from './callers.js';
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

/** `**options`, where `options` is a dictionary that the project shows, or one of several. */
function inDictionary(module: PythonModule, node: PyNode | undefined, names: readonly string[]): KeywordState {
  if (node === undefined || following.has(node)) return unseen;
  following.add(node);
  try {
    return keyIn(module, node, names);
  } finally {
    following.delete(node);
  }
}

/** Functions may hand a dictionary to each other in a circle. */
const following = new Set<PyNode>();

function keyIn(module: PythonModule, node: PyNode, names: readonly string[]): KeywordState {
  const assigned = module.origins.allAssigned(node);
  if (assigned.length > 1) {
    const states = assigned.map((each) => (each === node ? unseen : inDictionary(module, each, names)));
    return states.every((each) => each.state === 'absent') ? added(module, node, firstState(states)) : unseen;
  }
  const value = module.origins.valueOf(node);
  const given = value.type === 'identifier' ? givenTo(module, value) : [];
  if (given.length > 0) return firstState(given.map((each) => inDictionary(module, each, names)));
  return added(module, node, inLiteral(module.ownerOf(value), value, names));
}

const unseen: KeywordState = { state: 'unknown' };

/** What is in a dictionary as it is written. */
function inLiteral(owner: PythonModule, value: PyNode, names: readonly string[]): KeywordState {
  if (value.type === 'call' && owner.text(child(value, 'function')) === 'dict') return keywordOf(owner, value, names);
  if (value.type !== 'dictionary') return unseen;
  const states = named(value).map((pair): KeywordState => {
    if (pair.type === 'dictionary_splat') return inDictionary(owner, named(pair)[0], names);
    const key = stringValue(owner, child(pair, 'key'));
    const found = child(pair, 'value');
    if (key === undefined || found === undefined) return unseen;
    return names.includes(key) ? stateOf(owner, found) : { state: 'absent' };
  });
  return firstState(states);
}

/** Looks for one of `names` among the keys of a dictionary that an expression is. */
export function findKey(module: PythonModule, dictionary: PyNode, names: readonly string[]): KeywordState {
  return inDictionary(module, dictionary, names);
}

/** Keys may still be added to a dictionary after it is written. */
function added(module: PythonModule, node: PyNode, shown: KeywordState): KeywordState {
  if (shown.state !== 'absent' || node.type !== 'identifier') return shown;
  const name = module.text(node);
  if (new RegExp(`\\b${name}\\s*(\\.update\\(|\\|=|\\.setdefault\\()`).test(module.source)) return unseen;
  const sets = module.source.matchAll(new RegExp(`\\b${name}\\s*\\[([^\\]]*)\\]\\s*=(?!=)`, 'g'));
  return [...sets].every(([, key = '']) => /^\s*(['"])(?!.*timeout)[\w-]+\1\s*$/i.test(key)) ? shown : unseen;
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

/**
 * The source text of an expression, and of what the names and fields in it stand for, also in other files.
 *
 * @param certain leaves out names that may stand for one of several things
 */
export function visiblePythonText(module: PythonModule, node: PyNode, certain = false, depth = 0): string {
  const parts = [module.text(node)];
  if (depth > 3) return parts[0] ?? '';
  walkPython(node, (each) => {
    if (each.type !== 'identifier' && each.type !== 'attribute') return undefined;
    const values = [...(certain ? [] : module.origins.allAssigned(each)), module.origins.valueOf(each)];
    for (const value of new Set(values)) {
      const shown = value !== each && value !== node && !/^(function|class)_definition$/.test(value.type);
      if (shown) parts.push(visiblePythonText(module.ownerOf(value), value, certain, depth + 1));
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
