import type { PythonModule } from '../../analysis/python/module.js';
import { ancestor, child, named, walkOwnPython, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';

/** What an `except` block does with the failure. */
export interface ExceptFacts {
  /** It raises, or hands the failure to something other than a log. */
  readonly uses: boolean;
  /** Variables that the rest of the function reads. */
  readonly kept: readonly PyNode[];
  /** It returns these values. */
  readonly returns: readonly PyNode[];
  readonly logs: boolean;
  /** A comment is there. */
  readonly commented: boolean;
  /** A comment says that going on is meant. */
  readonly meant: boolean;
}

/** Words of somebody who goes on on purpose. */
const onPurpose =
  /ignor|best[ -]?effort|swallow|purpose|intention|non[ -]?(critical|fatal|blocking)|not (critical|fatal)|don'?t (fail|raise|care|want|block|re-?try|throw)|do not (fail|raise|block|throw)|continue|optional|skip|fine|ok to|won'?t|deliberate|no need|safe|never (fail|raise|block)|must not|expected|already/i;

export function describeExcept(module: PythonModule, block: PyNode): ExceptFacts {
  const facts = {
    uses: false,
    kept: [] as PyNode[],
    returns: [] as PyNode[],
    logs: false,
    commented: false,
    meant: false,
  };
  const comment = (node: PyNode): void => {
    facts.commented = true;
    facts.meant ||= onPurpose.test(module.text(node));
  };
  const visit = (root: PyNode): void =>
    walkOwnPython(root, (node) => {
      switch (node.type) {
        case 'raise_statement':
        case 'delete_statement':
        case 'yield':
          facts.uses = true;
          return false;
        case 'comment':
          comment(node);
          return false;
        case 'return_statement':
          facts.returns.push(...named(node));
          return false;
        case 'assignment':
        case 'augmented_assignment':
          if (child(node, 'left')?.type !== 'identifier') facts.uses = true;
          else if (isKept(module, node, block)) facts.kept.push(node);
          return true;
        case 'call':
          if (isLog(module, node)) facts.logs = true;
          else if (isHarmless(module, node)) return true;
          else facts.uses = true;
          return false;
        default:
          return undefined;
      }
    });
  visit(block);
  // A comment on a line of its own before the first statement stands beside the block.
  for (const each of block.parent?.children ?? []) if (each.type === 'comment') comment(each);
  return facts;
}

/** What is assigned is read outside the block, or in it by something other than a log. */
function isKept(module: PythonModule, node: PyNode, block: PyNode): boolean {
  const target = child(node, 'left');
  const name = module.text(target);
  const fn = ancestor(node, 'function_definition');
  let kept = fn === undefined;
  walkPython(fn ?? block, (each) => {
    if (kept || each.type !== 'identifier' || module.text(each) !== name || each.field === 'left') return !kept;
    if (each.field === 'name' && each.parent?.type === 'keyword_argument') return undefined;
    const inside = each.start >= block.start && each.end <= block.end;
    kept = inside ? !isWithinLog(module, each, block) && !isWithinReturn(each, block) : each.start > block.end;
    return !kept;
  });
  return kept;
}

function isWithinLog(module: PythonModule, node: PyNode, block: PyNode): boolean {
  for (let at = node.parent; at !== undefined && at !== block; at = at.parent) {
    if (at.type === 'call' && isLog(module, at)) return true;
    if (at.type === 'assignment') return true;
  }
  return false;
}

/** The answer decides what a return is worth, not what its text is made of. */
function isWithinReturn(node: PyNode, block: PyNode): boolean {
  for (let at = node.parent; at !== undefined && at !== block; at = at.parent)
    if (at.type === 'return_statement') return true;
  return false;
}

const log =
  /^(print|pprint|log|log_\w+|print_\w+)$|(^|\.)_*(\w*log|\w*logger|logging|log_\w+|console)\.\w+$|^traceback\.print_\w+$|^warnings\.warn$|^sys\.(stderr|stdout)\.\w+$|^click\.s?echo$|^pprint\.pprint$/i;

export function isLog(module: PythonModule, call: PyNode): boolean {
  return log.test(module.text(child(call, 'function')));
}

/** Calls that only shape text. */
function isHarmless(module: PythonModule, call: PyNode): boolean {
  return /^(str|repr|type|len|int|format|dict|list|traceback\.format_\w+|json\.dumps|sys\.exc_info|datetime\.\w+(\.\w+)?|time\.time)$|\.(format|join|strip|split|isoformat|get)$/.test(
    module.text(child(call, 'function')),
  );
}
