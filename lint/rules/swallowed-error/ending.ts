import { answerOf } from '../../analysis/python/answers.js';
import { calledFunction, reachable } from '../../analysis/python/reach.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { ancestor, child, named, walkOwnPython, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { isAsynchronous } from '../../deployment.js';
import { isLog } from './except.js';
import type { Clause } from './python.js';
import { isWrite } from './work.js';

export type Ending = 'loggedOnly' | 'lostEvent';

/** What a handler ends with after an `except` that only logs; undefined when that is not visibly a success. */
export function endingAfter(module: PythonModule, each: Clause, handler: PyHandler): Ending | undefined {
  const returns: (PyNode | undefined)[] = [];
  let acts = dependsOn(module, each, handler.fn);
  walkOwnPython(handler.fn, (node) => {
    if (node.start <= each.statement.end) return undefined;
    if (node.type === 'return_statement') returns.push(named(node)[0]);
    if (node.type === 'raise_statement') acts = true;
    return undefined;
  });
  const answers = returns.map((value) => answerOf(module, handler, value));
  if (handler.contract === 'web' && answersBefore(module, each)) return 'loggedOnly';
  if (handler.kind === 'http' || (handler.kind === 'unknown' && answers.some((status) => status !== undefined))) {
    const good = answers.length > 0 && answers.every((status) => typeof status === 'number' && status < 300);
    if (good && !acts && handler.contract === 'lambda') return 'loggedOnly';
    return undefined;
  }
  if (acts || goesAnotherWay(module, each)) return undefined;
  if (isAsynchronous(handler.kind)) return reportsItems(module, handler) ? undefined : 'lostEvent';
  const silent = handler.kind === 'unknown' && !answersAnything(handler.fn) && handler.contract === 'lambda';
  return silent ? 'lostEvent' : undefined;
}

/** After the `try`, something decides by what it made: `if not result:`. */
function dependsOn(module: PythonModule, each: Clause, fn: PyNode): boolean {
  const made = new Set(each.facts.kept.map((one) => module.text(child(one, 'left'))));
  walkOwnPython(child(each.statement, 'body') ?? each.statement, (node) => {
    const target = node.type === 'assignment' ? child(node, 'left') : undefined;
    if (target?.type === 'identifier') made.add(module.text(target));
    return undefined;
  });
  let depends = false;
  walkOwnPython(fn, (node) => {
    if (node.start <= each.statement.end || depends) return !depends;
    if (!/^(if_statement|conditional_expression|while_statement)$/.test(node.type)) return undefined;
    const condition = child(node, 'condition') ?? named(node)[1];
    walkPython(condition ?? node, (inner) => {
      if (inner.type === 'identifier' && made.has(module.text(inner))) depends = true;
      return !depends;
    });
    return !depends;
  });
  return depends;
}

/** The `try` returns when it works: what follows is for the failure, if it is more than a log. */
function goesAnotherWay(module: PythonModule, each: Clause): boolean {
  if (named(child(each.statement, 'body')).at(-1)?.type !== 'return_statement') return false;
  const after = each.statement.parent?.children.filter((one) => one.start > each.statement.end) ?? [];
  let works = false;
  for (const one of after) {
    walkPython(one, (node) => {
      if (node.type === 'call' && !isLog(module, node)) works = true;
      return !works && node.type !== 'call';
    });
  }
  return works;
}

function reportsItems(module: PythonModule, handler: PyHandler): boolean {
  return /return\s[^\n]*(batchItemFailures|batch_item_failures)/.test(module.text(handler.fn));
}

/** `self.send_response(200)` within the `try`: the answer is out before the failure. */
function answersBefore(module: PythonModule, each: Clause): boolean {
  return /\.send_response\(\s*(2\d\d|HTTPStatus\.OK)/.test(module.text(child(each.statement, 'body')));
}

/** A handler that nowhere returns a value has nobody to answer: its event comes from a queue, a schedule or a bucket. */
export function answersAnything(fn: PyNode): boolean {
  let answers = false;
  walkOwnPython(fn, (node) => {
    if (node.type === 'return_statement' && named(node).some((each) => each.type !== 'none')) answers = true;
    return !answers;
  });
  return answers;
}

/** Names of helpers whose failure is nobody's loss. */
const sideIssue =
  /notif|alert|alarm|metric|log|track|report|clean|close|warm|audit|slack|telemetry|cache|stat|trace|monitor|debug|print|teardown|rollback|email/i;

/** A helper that logs and returns nothing, whose callers do not look either: what it was to do is lost. */
export function endingInHelper(
  module: PythonModule,
  each: Clause,
  fn: PyNode,
): { message: Ending; handler: PyHandler } | undefined {
  const handler = reachable(module).get(fn);
  const name = module.text(child(fn, 'name'));
  if (handler === undefined || sideIssue.test(name) || answersAnything(fn)) return undefined;
  if (!isWrite(module, each.work.call) || triesAgain(module, each) || !isDropped(module, fn)) return undefined;
  if (dependsOn(module, each, fn)) return undefined;
  if (isAsynchronous(handler.kind)) return { message: 'lostEvent', handler };
  if (handler.kind === 'unknown' && !answersAnything(handler.fn)) return { message: 'lostEvent', handler };
  return handler.kind === 'http' && each.work.io && handler.contract === 'lambda'
    ? { message: 'loggedOnly', handler }
    : undefined;
}

/** Every call of the function in this file is a statement of its own. */
function isDropped(module: PythonModule, fn: PyNode): boolean {
  let dropped = true;
  walkPython(module.root, (node) => {
    if (node.type === 'call' && calledFunction(module, child(node, 'function')) === fn) {
      dropped &&= node.parent?.type === 'expression_statement';
    }
    return dropped;
  });
  return dropped;
}

/** Within a loop whose attempt leaves it: the next round is the answer to the failure. */
export function triesAgain(module: PythonModule, each: Clause): boolean {
  const loop = ancestor(each.statement, 'while_statement') ?? ancestor(each.statement, 'for_statement');
  if (loop === undefined) return false;
  if (ancestor(each.clause, 'function_definition') !== ancestor(loop, 'function_definition')) return false;
  // In a `while` the attempt may be looked at after the `try`.
  const attempt = loop.type === 'while_statement' ? loop : each.statement;
  const leaves = /\b(return|break)\b/.test(module.text(child(attempt, 'body')));
  return (
    leaves || /\b(attempt|retry|retries|tries)\w*\b/i.test(module.text(child(loop, 'condition') ?? child(loop, 'left')))
  );
}

/** What the `try` returns or makes has another source, or a default, where it fails. */
export function fallsBack(module: PythonModule, each: Clause): boolean {
  const body = child(each.statement, 'body');
  const after = each.statement.parent?.children.filter((one) => one.named && one.start > each.statement.end) ?? [];
  const returns = named(body).some((one) => one.type === 'return_statement' && named(one).length > 0);
  if (returns && after.some((one) => one.type !== 'comment')) return true;
  const fn = ancestor(each.statement, 'function_definition');
  if (fn === undefined || body === undefined) return false;
  const made = new Set<string>();
  walkOwnPython(body, (node) => {
    const target = node.type === 'assignment' ? child(node, 'left') : undefined;
    if (target?.type === 'identifier') made.add(module.text(target));
    return undefined;
  });
  let preset = false;
  walkOwnPython(fn, (node) => {
    const target = node.type === 'assignment' && node.end <= each.statement.start ? child(node, 'left') : undefined;
    if (target !== undefined && made.has(module.text(target))) preset = true;
    return !preset;
  });
  return preset;
}
