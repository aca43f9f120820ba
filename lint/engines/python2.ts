import type { Tree } from 'web-tree-sitter';

/** What only Python 2 has: such a file is one message, not one for each of its lines. The grammar reads most of it. */

const signs: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*print[ \t]+(?:["'\w]|>>)/gm, 'a `print` statement'],
  [/^[ \t]*exec[ \t]+["'\w]/gm, 'an `exec` statement'],
  // Since Python 3.14 a list of exceptions needs no brackets; names of caught errors are not names of classes.
  [/^[ \t]*except[ \t]+[\w.]+[ \t]*,[ \t]*(?:e|ex|exc|err|error|exception|why|msg)[ \t]*:/gm, '`except X, e`'],
  [/^[ \t]*except[ \t]*\([^)\n]*\)[ \t]*,[ \t]*\w+[ \t]*:/gm, '`except (X, Y), e`'],
  [/^[ \t]*raise[ \t]+[\w.]+[ \t]*,[ \t]*["'\w]/gm, '`raise X, "text"`'],
];

/** The first sign of Python 2; the line counts from 1. */
export function python2Mark(tree: Tree, text: string): { readonly line: number; readonly what: string } | undefined {
  let first: { readonly at: number; readonly what: string } | undefined;
  for (const [pattern, what] of signs) {
    for (const found of text.matchAll(pattern)) {
      const at = found.index + (/^[ \t]*/.exec(found[0])?.[0].length ?? 0);
      if (first !== undefined && at > first.at) break;
      if (isCode(tree, at)) first = { at, what };
    }
  }
  return first === undefined ? undefined : { line: text.slice(0, first.at).split('\n').length, what: first.what };
}

/** Not in a docstring, which may well talk of printing. */
function isCode(tree: Tree, at: number): boolean {
  for (let node = tree.rootNode.descendantForIndex(at, at); node !== null; node = node.parent) {
    if (node.type === 'string' || node.type === 'comment') return false;
  }
  return true;
}
