import { named } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix } from '../../rule.js';
import type { PythonRule } from '../../rule.js';

/** Looks at what an `except` names: a class or a tuple of classes is right, `or` and `and` between classes never. */
export const python: PythonRule = {
  create({ module, report }) {
    return {
      except_clause(clause) {
        const joined = joinedClasses(clause);
        if (joined === undefined) return;
        const classes = operands(joined).map((each) => module.text(each));
        // A class is true: `or` stops at the first, `and` goes on to the last.
        const caught = (operatorOf(joined) === 'or' ? classes[0] : classes.at(-1)) ?? '';
        const missed = classes.filter((each) => each !== caught);
        const at = joined.parent?.type === 'parenthesized_expression' ? joined.parent : joined;
        const tuple = classes.join(', ');
        report({
          at,
          message: 'joined',
          data: { caught, tuple, written: module.text(joined), missed: missed.map((each) => `\`${each}\``).join(', ') },
          // What was let through is caught from now on.
          fixes: [fix('Catch all of them', false, { start: at.start, end: at.end, text: `(${tuple})` })],
        });
      },
    };
  },
};

/** The `A or B` of a clause, whatever parentheses and `as name` are around it; undefined for anything but classes. */
function joinedClasses(clause: PyNode): PyNode | undefined {
  const value = clause.children.find((each) => each.named && each.type !== 'block' && each.type !== 'comment');
  const pattern = value?.type === 'as_pattern' ? value.children[0] : value;
  const inner = pattern?.type === 'parenthesized_expression' ? named(pattern)[0] : pattern;
  if (inner?.type !== 'boolean_operator') return undefined;
  return operands(inner).every((each) => /^(identifier|attribute)$/.test(each.type)) ? inner : undefined;
}

function operands(node: PyNode): PyNode[] {
  return named(node).flatMap((each) => (each.type === 'boolean_operator' ? operands(each) : [each]));
}

function operatorOf(node: PyNode): string {
  return node.children.find((each) => each.type === 'or' || each.type === 'and')?.type ?? 'or';
}
