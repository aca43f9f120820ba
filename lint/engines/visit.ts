import type { Report, Rule } from '../rule.js';
import { isTooDeep } from '../problems.js';

export interface Visited<Place> {
  /** What rules reported that did not throw. */
  readonly reports: readonly { readonly rule: Rule; readonly report: Report<Place> }[];
  /** Rules that threw, and what. */
  readonly failed: ReadonlyMap<Rule, unknown>;
}

type Visitors<Place> = Readonly<Record<string, (node: Place) => void>>;

/**
 * Runs the visitors of rules over a tree, each node's in the order of the rules. A rule that throws is out, and what it
 * had reported with it.
 *
 * @param create the visitors of a rule, by type of node; undefined where it has none for this language
 * @param walk calls back with every node, parents first
 * @throws RangeError for a tree that is deeper than our stack
 */
export function visitAll<Place extends { readonly type: string }>(
  rules: readonly Rule[],
  create: (rule: Rule, report: (report: Report<Place>) => void) => Visitors<Place> | undefined,
  walk: (visit: (node: Place) => void) => void,
): Visited<Place> {
  const reports: { rule: Rule; report: Report<Place> }[] = [];
  const failed = new Map<Rule, unknown>();
  const listeners = new Map<string, { rule: Rule; visit: (node: Place) => void }[]>();
  const guarded = (rule: Rule, work: () => void): void => {
    if (failed.has(rule)) return;
    try {
      work();
    } catch (error) {
      if (isTooDeep(error)) throw error;
      failed.set(rule, error);
    }
  };
  for (const rule of rules) {
    guarded(rule, () => {
      const visitors = create(rule, (report) => reports.push({ rule, report })) ?? {};
      for (const [type, visit] of Object.entries(visitors)) {
        const known = listeners.get(type);
        if (known === undefined) listeners.set(type, [{ rule, visit }]);
        else known.push({ rule, visit });
      }
    });
  }
  walk((node) => {
    for (const { rule, visit } of listeners.get(node.type) ?? []) guarded(rule, () => visit(node));
  });
  return { reports: reports.filter(({ rule }) => !failed.has(rule)), failed };
}
