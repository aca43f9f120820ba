import { findKeyword, positionalOf, visiblePythonText } from '../calls.js';
import type { PythonModule } from '../module.js';
import { child } from '../tree.js';
import type { PyNode } from '../tree.js';

/** The visible text of what a call goes to: its URL, its host; `certain` without what is one of several. */
export function targetText(module: PythonModule, node: PyNode, certain = false): string {
  const named = findKeyword(module, node, ['url', 'host', 'fullurl', 'dsn']);
  const targets = [...positionalOf(node).slice(0, 2), ...('value' in named ? [named.value] : [])];
  return targets.map((each) => visiblePythonText(module, each, certain)).join(' ');
}

/** The visible text of everything that a call is given. */
export function visibleCall(module: PythonModule, node: PyNode): string {
  const list = child(node, 'arguments');
  // Comments speak of timeouts as well.
  return list === undefined ? '' : visiblePythonText(module, list).replace(/(^|\s)#[^\n]*/g, ' ');
}
