import { callText } from '../../analysis/python/calls.js';
import { isCaughtPython } from '../../analysis/python/flow.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { calledFunction } from '../../analysis/python/reach.js';
import { child, named, walkOwnPython, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Looks at the loop over `event["Records"]` of queue and stream handlers. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const handler of context.module.handlers) {
          // One message a batch: it fails alone.
          if (handler.deployed?.batchSize === 1) continue;
          if (handler.kind === 'queue' || handler.kind === 'stream')
            check(context, handler, handler.fn, handler.event, 0);
        }
      },
    };
  },
};

/** Powertools' batch utilities, answers by item, and messages that are deleted one by one. */
const partial =
  /batchItemFailures|batch_item_failures|itemIdentifier|BatchProcessor|process_partial_response|sqs_batch_processor|SqsFifoPartialProcessor|\.delete_message(_batch)?\(/;

function check(context: PythonContext, handler: PyHandler, fn: PyNode, event: string, depth: number): boolean {
  const { module } = context;
  if (partial.test(module.source) || depth > 2) return false;
  let found = false;
  walkOwnPython(fn, (node) => {
    if (found) return false;
    if (/^(for_statement|for_in_clause)$/.test(node.type) && isRecords(module, child(node, 'right'), event)) {
      found = checkLoop(context, handler, node, fn);
    } else if (node.type === 'call') {
      // `process(event)`, `process(event["Records"])`
      const called = calledFunction(module, child(node, 'function'));
      const given = named(child(node, 'arguments')).findIndex((each) => module.text(each) === event);
      const parameter = named(child(called, 'parameters'))[given];
      if (called !== undefined && parameter?.type === 'identifier' && called !== fn) {
        found = check(context, handler, called, module.text(parameter), depth + 1);
      }
    }
    return !found;
  });
  return found;
}

/** `event["Records"]`, `event.get("Records", [])`, `event.records`, `enumerate(…)`, or a variable with one of them. */
function isRecords(module: PythonModule, value: PyNode | undefined, event: string, depth = 0): boolean {
  if (value === undefined || depth > 2) return false;
  if (value.type === 'identifier') {
    const assigned = module.origins.assigned(value);
    return assigned !== undefined && assigned !== value && isRecords(module, assigned, event, depth + 1);
  }
  if (value.type === 'call' && /^(enumerate|list|reversed|iter)$/.test(module.text(child(value, 'function')))) {
    return isRecords(module, named(child(value, 'arguments'))[0], event, depth + 1);
  }
  const inner = module.text(value).replace(/\s+/g, '');
  const records = /^(\w+)(?:\[["']Records["']\]|\.get\(["']Records["'](?:,.*)?\)|\.records)(?:or\[\])?$/.exec(inner);
  if (records === null) return false;
  return records[1] === event || /\w*(Event|event)$/.test(records[1] ?? '');
}

function checkLoop(context: PythonContext, handler: PyHandler, loop: PyNode, fn: PyNode): boolean {
  const { module } = context;
  const body = loop.type === 'for_statement' ? child(loop, 'body') : loop.parent;
  if (body === undefined || leavesAtOnce(body)) return false;
  const failing = failingCall(module, body, fn);
  if (failing === undefined) return false;
  context.report({
    at: loop.type === 'for_statement' ? (child(loop, 'right') ?? loop) : loop,
    message: handler.kind === 'stream' ? 'stream' : 'queue',
    data: { call: callText(module, failing), handler: handler.name },
    handler: handler.name,
  });
  return true;
}

/** `return` as the last statement: only the first record is taken. */
function leavesAtOnce(body: PyNode): boolean {
  return /^(return|break)_statement$/.test(named(body).at(-1)?.type ?? '');
}

/** Calls that fail only by a mistake in the code. */
const harmless =
  /^(print|len|str|int|float|bool|repr|dict|list|set|tuple|type|isinstance|range|enumerate|zip|sorted|max|min|sum|any|all|round|super|getattr|hasattr|Decimal|format)$|(^|\.)_?(log|logger|logging|tracer|metrics)\.\w+$|\.(get|items|keys|values|append|extend|format|strip|split|lower|upper|replace|decode|encode|startswith|endswith|join|update|add|pop|isoformat|strftime|utcnow|now|info|debug|warning|error|exception|dumps|set_tag|getenv|uuid4|hexdigest)$/i;

/** Parsing fails by the record; alone, with nothing done to be done again, that is no reason to speak. */
const parsing =
  /^(json|base64|gzip|zlib|urllib\.parse|ast)\.\w+$|(^|\.)(loads|b64decode|decompress|unquote|unquote_plus)$/;

/** The first call of a loop that may raise because of the record or a dependency, with nothing around it in the loop. */
function failingCall(module: PythonModule, body: PyNode, fn: PyNode): PyNode | undefined {
  let first: PyNode | undefined;
  let works = false;
  walkPython(body, (node) => {
    if (/^(function_definition|lambda)$/.test(node.type)) return false;
    if (node.type !== 'call' || works) return !works;
    const callee = child(node, 'function');
    if (harmless.test(module.text(callee)) || isCaughtPython(module, node, fn)) return undefined;
    const helper = calledFunction(module, callee);
    if (helper !== undefined && catchesAll(helper)) return undefined;
    // A class: making a value of it does nothing.
    if (helper === undefined && /^[A-Z]\w*$/.test(module.text(callee))) return undefined;
    first ??= node;
    works = !parsing.test(module.text(callee));
    return !works;
  });
  return works ? first : undefined;
}

/** A helper that is one `try` with an `except` that does not raise. */
function catchesAll(fn: PyNode): boolean {
  const statements = named(child(fn, 'body')).filter((each) => each.type !== 'expression_statement');
  const only = statements.length > 0 && statements.every((each) => /^(try|return)_statement$/.test(each.type));
  let raises = false;
  walkOwnPython(fn, (node) => {
    if (node.type === 'raise_statement') raises = true;
    return !raises;
  });
  return only && statements.some((each) => each.type === 'try_statement') && !raises;
}
