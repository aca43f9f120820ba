import { isFunction, keyName, outer, parentOf, unwrap, walk, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { isErrorName } from '../../analysis/javascript/callbacks.js';
import type { JavaScriptModule } from '../../analysis/javascript/module.js';

/**
 * Names of what goes on without end on purpose, or ends by itself: pages of a list, messages of a queue, the events of an
 * extension, and whatever looks at the clock or can be aborted.
 */
const polling =
  /getRemainingTimeInMillis|Date\.now|performance\.now|hrtime|deadline|elapsed|LastEvaluatedKey|ExclusiveStartKey|[nN]ext(Page)?Token|[nN]extMarker|ContinuationToken|\bcursor\b|\bpage\b|\.aborted\b|2020-01-01\/extension|2018-06-01\/runtime|ReceiveMessage|receiveMessage|nextEvent|\bnext\(|\.poll\(|\bpoll\w*\b|consume|AbortSignal|(?<!set|clear|request|response|connection|connect|socket|query)timeout(?!\s*:)/i;

export function isPolling(text: string): boolean {
  return polling.test(text);
}

/** True when something in the code counts, or compares sizes: then there may be a limit. */
export function isCounted(root: Node): boolean {
  let counts = false;
  walkOwn(root, (node) => {
    if (node.type === 'UpdateExpression') counts = true;
    if (node.type === 'AssignmentExpression' && /^[-+*]=$/.test(node.operator)) counts = true;
    if (node.type === 'BinaryExpression' && /^[<>]=?$/.test(node.operator) && !isStatus(node.left)) counts = true;
    return !counts;
  });
  return counts;
}

function isStatus(node: Node): boolean {
  const at = unwrap(node);
  return at.type === 'MemberExpression' && /^status(Code)?$/.test(keyName(at) ?? '');
}

/** True in a catch clause, a `.catch` callback, or behind `if (err)` and `if (res.status === 429)`, within `fn`. */
export function isFailureBranch(module: JavaScriptModule, node: Node, fn: FunctionNode): boolean {
  for (let at = node, parent = parentOf(node); parent !== undefined && at !== fn; at = parent, parent = parentOf(at)) {
    if (parent.type === 'CatchClause') return waitedFor(parent.parent.block);
    if (isFunction(at) && parent.type === 'CallExpression' && parent.callee.type === 'MemberExpression') {
      if (keyName(parent.callee) === 'catch' && parent.arguments[0] === outer(at)) return true;
    }
    if (parent.type === 'IfStatement' && parent.consequent === at && isFailure(module, parent.test)) return true;
  }
  return false;
}

/** True when a block waits for a promise or asks somebody: recursion over data has nothing to wait for. */
function waitedFor(block: Node): boolean {
  let waits = false;
  walk(block, (node) => {
    if (node.type === 'AwaitExpression') waits = true;
    return !waits && !isFunction(node);
  });
  return waits;
}

function isFailure(module: JavaScriptModule, test: Node): boolean {
  const node = unwrap(test);
  if (node.type === 'Identifier')
    return isErrorName(node.name) && module.origins.variable(node)?.defs[0]?.type === 'Parameter';
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const argument = unwrap(node.argument);
    return argument.type === 'MemberExpression' && keyName(argument) === 'ok';
  }
  if (node.type !== 'BinaryExpression') return false;
  const right = unwrap(node.right);
  return isStatus(node.left) && /^[=>]/.test(node.operator) && right.type === 'Literal' && Number(right.value) >= 429;
}
