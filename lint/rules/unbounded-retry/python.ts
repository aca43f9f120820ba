import { argumentsOf, callText, positionalOf } from '../../analysis/python/calls.js';
import { exceptClauses } from '../../analysis/python/flow.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { handlerFor } from '../../analysis/python/reach.js';
import { ancestor, child, childOfType, named, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { isPythonIo } from '../../knowledge/io.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { checkRetryLibrary } from './libraries.js';

/** Looks at loops that end by success only, at functions that call themselves after a failure, and at libraries. */
export const python: PythonRule = {
  create(context) {
    return {
      while_statement: (node) => checkLoop(context, node),
      for_statement(node) {
        if (context.module.origins.path(child(child(node, 'right'), 'function')) === 'itertools.count') {
          checkLoop(context, node);
        }
      },
      except_clause: (node) => checkRecursion(context, node),
      decorator(node) {
        const expression = named(node)[0];
        if (expression !== undefined) checkRetryLibrary(context, expression);
      },
      call(node) {
        if (node.parent?.type !== 'decorator') checkRetryLibrary(context, node);
      },
    };
  },
};

/** Words of a limit: a count, a clock. */
const limit =
  /attempt|retr(y|ies)_?(count|left|num|no|limit)|max_|\btries\b|\bretries\b|num_|count|deadline|timeout|elapsed|remaining|time\.(time|monotonic|perf_counter)\(|datetime\.|\bi\b|backoff_?max/i;

function checkLoop(context: PythonContext, loop: PyNode): void {
  const { module } = context;
  const body = child(loop, 'body');
  if (body === undefined) return;
  if (loop.type === 'while_statement') {
    const leftOver = unprocessedCall(module, loop, body);
    if (leftOver !== undefined) {
      report(context, loop, 'unprocessed', leftOver, {});
      return;
    }
  }
  if (!runsUntilSuccess(module, loop, body) || isBounded(module, loop)) return;
  for (const attempt of named(body)) {
    if (attempt.type !== 'try_statement') continue;
    const io = ioIn(module, child(attempt, 'body'));
    if (io === undefined || !succeeds(module, loop, body, attempt)) continue;
    if (!exceptClauses(attempt).some((clause) => goesOn(module, clause))) continue;
    report(context, loop, 'loop', io, {});
    return;
  }
}

/** `while True`, `while not done` with `done = True` in the loop. */
function runsUntilSuccess(module: PythonModule, loop: PyNode, body: PyNode): boolean {
  if (loop.type === 'for_statement') return true;
  const condition = child(loop, 'condition');
  if (condition === undefined) return false;
  const text = module.text(condition);
  if (/^\(?(True|1)\)?$/.test(text)) return true;
  const flag =
    /^\(?(?:not\s+(\w+)|(\w+)\s+is\s+None|(\w+)\s*==\s*False|(retry|retrying|again|try_again|should_retry))\)?$/.exec(
      text,
    );
  const name = flag?.slice(1).find((each) => each !== undefined);
  return name !== undefined && new RegExp(`\\b${name}\\s*=[^=]`).test(module.text(body));
}

/** A counter, a clock, or the rest of the invocation is looked at in the loop. */
function isBounded(module: PythonModule, loop: PyNode): boolean {
  let bounded = false;
  walkOwnPython(loop, (node) => {
    if (node.type === 'comparison_operator' && limit.test(module.text(node))) bounded = true;
    if (node.type === 'call' && /get_remaining_time_in_millis/.test(module.text(node))) bounded = true;
    // `attempts -= 1`, `n += 1`: whatever is compared with it elsewhere.
    if (node.type === 'augmented_assignment' && /[+-]=\s*1\s*$/.test(module.text(node))) {
      const counter = module.text(child(node, 'left'));
      bounded ||= comparesWith(module, loop, counter);
    }
    return !bounded;
  });
  return bounded;
}

function comparesWith(module: PythonModule, loop: PyNode, counter: string): boolean {
  const condition = new RegExp(`\\b(if|while|and|or|not)\\b[^\\n]*\\b${counter.replace(/[^\w.]/g, '')}\\b`);
  return condition.test(module.text(loop));
}

/** The loop ends when the attempt has worked: a worker that polls for ever is no retry. */
function succeeds(module: PythonModule, loop: PyNode, body: PyNode, attempt: PyNode): boolean {
  if (loop.type === 'while_statement' && !/^\(?(True|1)\)?$/.test(module.text(child(loop, 'condition')))) return true;
  const after = named(body).filter((each) => each.start > attempt.end);
  const parts = [child(attempt, 'body'), childOfType(attempt, 'else_clause')].filter((each) => each !== undefined);
  return (
    parts.some((each) => leavesDirectly(each)) || after.some((each) => /^(break|return)_statement$/.test(each.type))
  );
}

function leavesDirectly(block: PyNode): boolean {
  const statements = block.type === 'else_clause' ? named(childOfType(block, 'block')) : named(block);
  return statements.some((each) => /^(break|return)_statement$/.test(each.type));
}

/** The clause comes back to the loop on some way, instead of raising, returning or breaking on all. */
function goesOn(module: PythonModule, clause: PyNode): boolean {
  const last = named(childOfType(clause, 'block')).at(-1);
  if (last === undefined || /^(raise|return|break)_statement$/.test(last.type)) return false;
  let leaves = false;
  walkOwnPython(clause, (node) => {
    if (/^(return|break)_statement$/.test(node.type)) leaves = true;
    if (node.type === 'call' && /^(sys\.exit|exit|quit|os\._exit)$/.test(module.text(child(node, 'function'))))
      leaves = true;
    return !leaves;
  });
  return !leaves;
}

/** The first call of a block that may fail: known I/O, else, where the file does any, the first call but a log. */
function ioIn(module: PythonModule, block: PyNode | undefined): PyNode | undefined {
  if (block === undefined) return undefined;
  const calls: PyNode[] = [];
  walkOwnPython(block, (node) => {
    if (node.type === 'call') calls.push(node);
    return undefined;
  });
  const known = calls.find((each) => isPythonIo(module.origins.path(child(each, 'function'))));
  const harmless =
    /^(print|len|str|int|input|next|range|log\w*\.\w+|logging\.\w+|json\.\w+|time\.\w+|queue\.\w+|\w+\.(get_nowait|get|accept|recv|next|register))$/;
  return known ?? calls.find((each) => !harmless.test(module.text(child(each, 'function'))));
}

/** The call of `while unprocessed: unprocessed = client.batch_write_item(…)["UnprocessedItems"]` without any limit. */
function unprocessedCall(module: PythonModule, loop: PyNode, body: PyNode): PyNode | undefined {
  if (!/UnprocessedItems/.test(module.text(loop)) || isBounded(module, loop)) return undefined;
  if (/sleep\(/.test(module.text(body)) && /backoff|\*\*|\* ?2/.test(module.text(body))) return undefined;
  let found: PyNode | undefined;
  walkOwnPython(body, (node) => {
    if (node.type === 'call' && /\.batch_write_item$/.test(module.text(child(node, 'function')))) found ??= node;
    return found === undefined;
  });
  return found;
}

/** `except …: return fetch(url)` within `fetch`, with nothing counted. */
function checkRecursion(context: PythonContext, clause: PyNode): void {
  const { module } = context;
  const fn = ancestor(clause, 'function_definition');
  const attempt = ancestor(clause, 'try_statement');
  const block = childOfType(clause, 'block');
  if (fn === undefined || attempt === undefined || block === undefined) return;
  const name = module.text(child(fn, 'name'));
  let again: PyNode | undefined;
  walkOwnPython(block, (node) => {
    if (node.type === 'call' && module.text(child(node, 'function')).replace(/^(self|cls)\./, '') === name)
      again ??= node;
    return again === undefined;
  });
  if (again === undefined || limit.test(module.text(child(fn, 'parameters')))) return;
  const counts = argumentsOf(again).some((each) => /[+-]\s*1\b|False|True/.test(module.text(each)));
  const decided = ancestor(again, 'if_statement');
  const bounded =
    decided !== undefined && decided.start > block.start && limit.test(module.text(child(decided, 'condition')));
  const io = ioIn(module, child(attempt, 'body'));
  if (
    counts ||
    bounded ||
    io === undefined ||
    positionalOf(again).some((each) => /\[1:\]|\bnext/.test(module.text(each)))
  )
    return;
  report(context, again, 'recursion', io, { name });
}

function report(
  context: PythonContext,
  at: PyNode,
  message: string,
  io: PyNode,
  data: Readonly<Record<string, string>>,
): void {
  const { module } = context;
  // A program of its own may wait for ever; what a handler calls, or a library offers, may not.
  const handler = handlerFor(module, at);
  const inFunction = ancestor(at, 'function_definition') !== undefined;
  if (handler === undefined && (!inFunction || /__name__/.test(module.source))) return;
  const place = at.type === 'call' ? at : (at.children[0] ?? at);
  context.report({
    at: at.type === 'call' ? at : (headOf(at) ?? place),
    message,
    data: { call: callText(module, io), ...data },
    ...(handler === undefined ? {} : { handler: handler.name }),
  });
}

/** What a loop runs on: its condition, so that the finding is one line. */
function headOf(loop: PyNode): PyNode | undefined {
  return child(loop, 'condition') ?? child(loop, 'right');
}
