import { callText } from '../../analysis/python/calls.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { handlerFor } from '../../analysis/python/reach.js';
import { ancestor, child, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { batchCalls } from '../../knowledge/batch.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Looks at batch calls of boto3 whose answer goes nowhere that could tell the failed entries. */
export const python: PythonRule = {
  create(context) {
    return {
      call(node) {
        const callee = child(node, 'function');
        if (callee?.type !== 'attribute') return;
        const batch = batchCalls[context.module.text(child(callee, 'attribute'))];
        if (batch === undefined || !isBoto3(context.module, callee)) return;
        if (isRead(context.module, node, batch.keys)) return;
        report(context, node, batch);
      },
    };
  },
};

function report(context: PythonContext, node: PyNode, batch: { service: string; keys: readonly string[] }): void {
  const handler = handlerFor(context.module, node);
  context.report({
    at: node,
    message: 'unchecked',
    data: { call: callText(context.module, node), key: batch.keys[0] ?? '' },
    dependency: { client: 'boto3', service: batch.service },
    ...(handler === undefined ? {} : { handler: handler.name }),
  });
}

/** A client of boto3, or a parameter or field that nothing shows, in a file that knows boto3. */
function isBoto3(module: PythonModule, callee: PyNode): boolean {
  const path = module.origins.path(callee);
  if (path !== '') return /^(boto3|aioboto3|aiobotocore|botocore)\b/.test(path) || /^aws_xray_sdk\b/.test(path);
  const object = child(callee, 'object');
  const own = object?.type === 'identifier' && module.text(object) === 'self';
  return !own && /\bboto3\b|\bbotocore\b/.test(module.source);
}

/** The function around the call names one of the keys, or hands the answer on to somebody who may. */
function isRead(module: PythonModule, call: PyNode, keys: readonly string[]): boolean {
  const owner = ancestor(call, 'function_definition') ?? module.root;
  const text = module.text(owner);
  if (keys.some((key) => new RegExp(`["'.]${key}\\b`).test(text))) return true;
  const value = ancestorValue(call);
  const parent = value.parent;
  if (parent === undefined || parent.type === 'expression_statement') return false;
  if (parent.type === 'return_statement') return !isHandler(module, owner);
  if (parent.type === 'assignment') {
    const target = child(parent, 'left');
    return target?.type !== 'identifier' || isHandedOn(module, owner, target, parent);
  }
  if (parent.type === 'argument_list') return !isTold(module, parent.parent);
  return parent.type !== 'await' && parent.type !== 'subscript' && parent.type !== 'attribute';
}

/** `await client.put_events(…)` and `(…)` are the call's value. */
function ancestorValue(call: PyNode): PyNode {
  let at = call;
  while (at.parent !== undefined && /^(await|parenthesized_expression)$/.test(at.parent.type)) at = at.parent;
  return at;
}

/** The answer's variable is returned, or given to something besides a log. */
function isHandedOn(module: PythonModule, owner: PyNode, target: PyNode, assignment: PyNode): boolean {
  const name = module.text(target);
  let handed = false;
  walkPython(owner, (node) => {
    if (node.type !== 'identifier' || node === target || node.start < assignment.end || module.text(node) !== name)
      return !handed;
    if (node.field === 'name' && node.parent?.type === 'keyword_argument') return undefined;
    const parent = node.parent;
    if (parent?.type === 'return_statement') handed ||= !isHandler(module, owner);
    else if (parent?.type === 'argument_list') handed ||= !isTold(module, parent.parent);
    else if (parent?.type === 'keyword_argument') handed ||= !isTold(module, ancestor(parent, 'call'));
    else if (/^(list|for_statement|assignment)$/.test(parent?.type ?? '') && node.field !== 'left') handed = true;
    return !handed;
  });
  return handed;
}

function isHandler(module: PythonModule, fn: PyNode): boolean {
  return module.handlers.some((each) => each.fn === fn);
}

/** A log, or text for one. */
function isTold(module: PythonModule, call: PyNode | undefined): boolean {
  const callee = module.text(child(call, 'function'));
  return /^(print|pprint|str|repr|len|type|json\.dumps|dict)$|(^|\.)_?(log|logger|logging)\.\w+$|^pprint\.\w+$/i.test(
    callee,
  );
}
