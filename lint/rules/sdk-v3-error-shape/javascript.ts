import type { TSESTree } from '@typescript-eslint/types';
import type { Fix } from '../../../emulator/contract/findings.js';
import {
  isCallLike,
  isFunction,
  keyName,
  outer,
  parentOf,
  stringOf,
  unwrap,
  walk,
} from '../../analysis/javascript/ast.js';
import type { Node } from '../../analysis/javascript/ast.js';
import { localFunction } from '../../analysis/javascript/flow.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

type Member = TSESTree.MemberExpression;

/** What v2's fields are called in v3. */
const shapes: Readonly<Record<string, string>> = {
  code: 'name',
  statusCode: '$metadata?.httpStatusCode',
  retryable: '$retryable',
};
const v3 = /^@aws-sdk\/(client|lib)-/;
/** Codes of the system, which errors of v3 have as well. */
const systemCode = /^(E[A-Z]{3,}\w*|ERR_\w+|UND_ERR_\w+|DEPTH_ZERO\w*|CERT_\w+|\d+)$/;

export const javascript: JavaScriptRule = {
  create(context) {
    // No name of v3 in the text, no error of v3.
    if (!context.sourceCode.text.includes('.code') && !/\.(statusCode|retryable)\b/.test(context.sourceCode.text))
      return {};
    return {
      MemberExpression(node: Member) {
        const field = keyName(node);
        const write = field === undefined ? undefined : shapes[field];
        if (field === undefined || write === undefined || isWritten(node)) return;
        const source = sourceOf(context, node.object);
        if (source === undefined || !isVersion3(context, node, source, field)) return;
        report(context, node, field, write, source);
      },
    };
  },
};

function isWritten(node: Member): boolean {
  const parent = parentOf(outer(node));
  return parent?.type === 'AssignmentExpression' && parent.left === outer(node);
}

/** The code whose failure an error is: the block of its try, the chain of its `.catch`, the `send` of its callback. */
function sourceOf(context: JavaScriptContext, object: Node): Node | undefined {
  const name = unwrap(object);
  if (name.type !== 'Identifier') return undefined;
  const def = context.module.origins.variable(name)?.defs[0];
  const place = def?.node as Node | undefined;
  if (place?.type === 'CatchClause') return place.parent.block;
  if (def?.type !== 'Parameter' || !isFunction(place) || place.params[0] !== def.name) return undefined;
  const call = parentOf(outer(place));
  if (call?.type !== 'CallExpression') return undefined;
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee);
  if (method === 'catch' && call.arguments[0] === place) return callee.object;
  if (method === 'then' && call.arguments[1] === place) return callee.object;
  return call.arguments.at(-1) === place && v3.test(context.module.origins.path(callee)) ? call : undefined;
}

/** True when the error can only be one of v3: by what is waited for, or by a name that only AWS gives. */
function isVersion3(context: JavaScriptContext, node: Member, source: Node, field: string): boolean {
  const compared = field === 'code' ? comparedWith(node) : [];
  if (compared.some((each) => systemCode.test(each))) return false;
  const { asks, others } = callsIn(context, source);
  if (!asks) return false;
  if (
    compared.length > 0 &&
    compared.every((each) =>
      /^[A-Z]\w*(Exception|NotFound|NoSuch\w+|AccessDenied)$|^NoSuch[A-Z]\w+$|^(NotFound|AccessDenied)$/.test(each),
    )
  )
    return true;
  return !others;
}

/** The texts that a code is compared with, in `===`, `switch` and `includes`. */
function comparedWith(node: Member): string[] {
  const at = outer(node);
  const parent = parentOf(at);
  if (parent?.type === 'BinaryExpression') {
    const text = stringOf(unwrap(parent.left === at ? parent.right : parent.left));
    return text === undefined ? [] : [text];
  }
  if (parent?.type === 'SwitchStatement' && parent.discriminant === at) {
    return parent.cases.flatMap((each) => stringOf(each.test) ?? []);
  }
  const list =
    parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression'
      ? unwrap(parent.callee.object)
      : undefined;
  return list?.type === 'ArrayExpression' ? list.elements.flatMap((each) => stringOf(each) ?? []) : [];
}

/** Whether some code asks AWS through v3, and whether anything else in it may fail with a code of its own. */
function callsIn(context: JavaScriptContext, source: Node, depth = 0): { asks: boolean; others: boolean } {
  let asks = false;
  let others = false;
  // Of `send(command, callback)`, the callback is where the error arrives.
  const callback =
    source.type === 'CallExpression' && source.arguments.length > 1 ? source.arguments.at(-1) : undefined;
  walk(source, (node) => {
    if (node === callback) return false;
    if (node.type === 'ThrowStatement') others = true;
    if (node.type === 'TaggedTemplateExpression') others = true;
    if (!isCallLike(node)) return undefined;
    const path = context.module.origins.path(node.callee);
    if (v3.test(path)) asks ||= node.type === 'CallExpression';
    else if (isHarmless(node, path)) return undefined;
    else {
      const helper = depth < 3 ? localFunction(context.module, node.callee) : undefined;
      const inside = helper === undefined ? undefined : callsIn(context, helper.body, depth + 1);
      asks ||= inside?.asks === true;
      others ||= inside === undefined ? isCommand(context, node) === false : inside.others;
    }
    return undefined;
  });
  return { asks, others };
}

/** Calls that nobody's code is in: the console, JSON, arrays, strings. */
function isHarmless(node: Node, path: string): boolean {
  if (
    /^global\.(console|JSON|Math|Date|Number|String|Boolean|Array|Object|Buffer|URL|URLSearchParams|parseInt|process\.env|Promise|Map|Set)\b/.test(
      path,
    )
  )
    return true;
  if (/^(crypto|uuid|ulid|nanoid)\b|^@aws-sdk\/util-|^@smithy\//.test(path)) return true;
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression') return false;
  if (/^_?(log|logger|console|tracer|metrics)$/i.test(callee.object.type === 'Identifier' ? callee.object.name : ''))
    return true;
  return /^(map|filter|forEach|join|split|push|toString|slice|trim|toISOString|transformToString|replace|find|reduce|then|catch|toLowerCase|toUpperCase|includes|keys|flatMap|concat)$/.test(
    keyName(callee) ?? '',
  );
}

function isCommand(context: JavaScriptContext, node: Node): boolean {
  return node.type === 'NewExpression' && /Command$|^Error$/.test(context.module.text(node.callee));
}

function report(context: JavaScriptContext, node: Member, field: string, write: string, source: Node): void {
  const handler = handlerAround(context.module, node);
  const dependency = asked(context, source);
  const object = context.module.text(node.object);
  context.report({
    at: node,
    message: 'shape',
    data: { field: `${object}.${field}`, write: `${object}.${write}` },
    fixes: rename(node, write),
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}

/** `safe` is never true: the branch that was dead comes to life. */
function rename(node: Member, write: string): Fix[] {
  if (node.computed) return [];
  const [start, end] = node.property.range;
  return [fix(`Read \`${write}\``, false, { start, end, text: write })];
}

function asked(context: JavaScriptContext, source: Node) {
  let path = '';
  walk(source, (node) => {
    if (node.type === 'CallExpression' && path === '' && v3.test(context.module.origins.path(node.callee)))
      path = context.module.origins.path(node.callee);
    return path === '';
  });
  return dependencyOf(path);
}
