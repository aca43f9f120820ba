import { isFunction, keyName, outer, parentOf, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { localFunction, rethrows } from '../../analysis/javascript/flow.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** What handlers write that answer per record, by themselves or through a library. */
const partial =
  /batchItemFailures|BatchProcessor|processPartialResponse|[pP]artial-?[bB]atch|batchItemFailure|sqs-consumer|BatchItemFailure/;

/** One finding a handler, at its first loop over the records that lets a failure through. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        if (partial.test(context.sourceCode.text)) return;
        for (const handler of context.module.handlers) check(context, handler);
      },
    };
  },
};

function check(context: JavaScriptContext, handler: Handler): void {
  // One message a batch: it fails alone.
  if (handler.deployed?.batchSize === 1) return;
  const { kind, fn, guarded, convention } = handler;
  if ((kind !== 'queue' && kind !== 'stream') || guarded || convention !== 'lambda') return;
  const loop = failingLoop(context, fn, fn, 0);
  if (loop !== undefined) context.report({ at: loop, message: `${kind}Loop`, handler: handler.name });
}

/** The first loop over an event's records, in the function or in a helper that gets them, whose failure leaves it. */
function failingLoop(
  context: JavaScriptContext,
  root: FunctionNode,
  at: FunctionNode,
  depth: number,
): Node | undefined {
  let found: Node | undefined;
  walk(at.body, (node) => {
    if (found !== undefined || (isFunction(node) && !isPart(node))) return false;
    const body = loopBody(context, node);
    if (body !== undefined) {
      if (canFail(context, body) && !isCaught(node, at)) found = node;
      return false;
    }
    if (node.type !== 'CallExpression' || depth > 1) return undefined;
    const helper = getsRecords(context, node) ? localFunction(context.module, node.callee) : undefined;
    if (helper === undefined || helper === root || isCaught(node, at)) return undefined;
    // What another file does is told at the call.
    const inside = failingLoop(context, root, helper, depth + 1);
    if (inside !== undefined) found = context.module.ownerOf(inside) === context.module ? inside : node;
    return undefined;
  });
  return found;
}

/** A function that is called as part of the one around it: `Promise.all([…].map(async …))`, `(async () => …)()`. */
function isPart(fn: FunctionNode): boolean {
  const parent = parentOf(outer(fn));
  return (
    parent?.type === 'CallExpression' && (parent.callee === outer(fn) || parent.callee.type === 'MemberExpression')
  );
}

/** The code that runs once a record, where a node is a loop over them. */
function loopBody(context: JavaScriptContext, node: Node): Node | undefined {
  if (node.type === 'ForOfStatement') return isRecords(context, node.right) ? node.body : undefined;
  if (node.type === 'ForInStatement') return isRecords(context, node.right) ? node.body : undefined;
  if (node.type === 'ForStatement') {
    const test = node.test ?? undefined;
    return test !== undefined &&
      /\bRecords\.length\b/.test(context.module.text(test)) &&
      loops(node.body, node.init ?? undefined)
      ? node.body
      : undefined;
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const method = keyName(node.callee) ?? '';
  if (!/^(forEach|map|reduce|flatMap|each)$/.test(method) || !isRecords(context, node.callee.object)) return undefined;
  const callback = node.arguments[0];
  const fn = callback === undefined ? undefined : context.module.origins.functionOf(callback);
  if (fn === undefined || isSettled(context, node)) return undefined;
  // A dropped promise fails nothing: that is floating-promise.
  if (fn.async && (method === 'forEach' || isDropped(node))) return undefined;
  return fn.body;
}

function loops(body: Node, init: Node | undefined): boolean {
  return init !== undefined && body.type === 'BlockStatement';
}

function isDropped(call: Node): boolean {
  return parentOf(outer(call))?.type === 'ExpressionStatement';
}

/** `Promise.allSettled(event.Records.map(…))` lets every record end by itself. */
function isSettled(context: JavaScriptContext, node: Node): boolean {
  const parent = parentOf(outer(node));
  if (parent?.type === 'CallExpression') return /allSettled$/.test(context.module.origins.path(parent.callee));
  return parent?.type === 'VariableDeclarator' && /\ballSettled\(/.test(context.sourceCode.text);
}

/** `event.Records`, what was destructured of it, and what was made of it by filtering or sorting. */
function isRecords(context: JavaScriptContext, expression: Node, depth = 0): boolean {
  const node = unwrap(expression);
  if (depth > 5) return false;
  if (node.type === 'MemberExpression') return keyName(node) === 'Records';
  if (node.type === 'LogicalExpression') return isRecords(context, node.left, depth + 1);
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const method = keyName(node.callee) ?? '';
    const first = node.arguments[0];
    if (/^(entries|values|from)$/.test(method) && first !== undefined) return isRecords(context, first, depth + 1);
    return (
      /^(filter|slice|reverse|sort|map|entries|values)$/.test(method) &&
      isRecords(context, node.callee.object, depth + 1)
    );
  }
  if (node.type !== 'Identifier') return false;
  const def = context.module.origins.variable(node)?.defs[0];
  const place = def?.node as Node | undefined;
  if (place?.type === 'VariableDeclarator' && place.init) {
    if (place.id.type === 'ObjectPattern')
      return place.id.properties.some(
        (each) =>
          each.type === 'Property' && keyName(each) === 'Records' && context.module.text(each.value) === node.name,
      );
    return isRecords(context, place.init, depth + 1);
  }
  if (def?.type !== 'Parameter') return false;
  return /^_?records$/i.test(node.name) || node.name === 'messages';
}

function getsRecords(context: JavaScriptContext, call: Extract<Node, { type: 'CallExpression' }>): boolean {
  return call.arguments.some((each) => {
    const node = unwrap(each);
    return isRecords(context, node) || (node.type === 'Identifier' && /^(event|evt)$/.test(node.name));
  });
}

/** True when the code for one record may throw or reject: it waits for somebody, parses, or throws. */
function canFail(context: JavaScriptContext, body: Node, depth = 0): boolean {
  let fails = false;
  walk(body, (node) => {
    if (fails || (isFunction(node) && !isPart(node))) return false;
    const risky =
      node.type === 'AwaitExpression' ||
      node.type === 'ThrowStatement' ||
      (node.type === 'CallExpression' && isRisky(context, node, depth)) ||
      // `map((record) => send(record))` hands its promise to Promise.all.
      (node.type === 'ForOfStatement' && node.await);
    if (risky && !isCaught(node, body)) fails = true;
    return undefined;
  });
  return fails;
}

function isRisky(context: JavaScriptContext, node: Extract<Node, { type: 'CallExpression' }>, depth: number): boolean {
  const path = context.module.origins.path(node.callee);
  if (
    path === 'global.JSON.parse' ||
    /^(aws-sdk[./].*\(\)\.promise|axios\b.*|global\.fetch|@aws-sdk\/client-.*\.send)$/.test(path)
  )
    return true;
  const helper = depth > 2 ? undefined : localFunction(context.module, node.callee);
  return helper !== undefined && canFail(context, helper.body, depth + 1);
}

/** True when a failure at `node` ends before it leaves `root`: in a catch clause that goes on, or a `.catch`. */
function isCaught(node: Node, root: Node): boolean {
  for (
    let at = node, parent = parentOf(node);
    parent !== undefined && at !== root;
    at = parent, parent = parentOf(at)
  ) {
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler !== null) {
      if (!rethrows(parent.handler) && !throwsOn(parent.handler.body)) return true;
    }
    // What a catch clause does itself is no part of the record's work.
    if (parent.type === 'CatchClause') return true;
    if (parent.type === 'MemberExpression' && keyName(parent) === 'catch') return true;
  }
  return false;
}

function throwsOn(body: Node): boolean {
  let throws = false;
  walk(body, (node) => {
    if (node.type === 'ThrowStatement') throws = true;
    return !throws && !isFunction(node);
  });
  return throws;
}
