import { answerOf } from '../../analysis/javascript/answers.js';
import { isFunction, keyName, parentOf, unwrap, walk, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { isAsynchronous } from '../../deployment.js';
import type { JavaScriptContext } from '../../rule.js';
import { isLog } from './catch.js';
import type { Owner } from './javascript.js';

/** The status of a success that a catch clause of a handler answers; undefined where it answers none, or a failure. */
export function successIn(context: JavaScriptContext, body: Node, owner: Owner): number | string | undefined {
  if (isAsynchronous(owner.kind)) return undefined;
  if (owner.convention === 'request-response') return sentSuccess(body, owner.fn);
  if (owner.convention === 'web') return madeSuccess(body);
  if (owner.kind !== 'http') return saysError(body) ? 'a text' : undefined;
  const statuses: number[] = [];
  let failures = 0;
  walkOwn(body, (node) => {
    const value = node.type === 'ReturnStatement' ? node.argument : callbackAnswer(node, owner.fn);
    const answer = value ? answerOf(context.module, value) : undefined;
    if (typeof answer === 'number' && answer >= 200 && answer < 300) statuses.push(answer);
    else if (answer !== undefined || node.type === 'ThrowStatement') failures++;
    return undefined;
  });
  return failures === 0 ? statuses[0] : undefined;
}

/** `return 'Error loading it'` to a program that takes whatever is returned for the result. */
function saysError(body: Node): boolean {
  let says = false;
  let other = false;
  walkOwn(body, (node) => {
    if (/^(If|Switch|Throw)Statement$/.test(node.type)) other = true;
    const value = node.type === 'ReturnStatement' && node.argument ? unwrap(node.argument) : undefined;
    if (value?.type === 'Literal' && typeof value.value === 'string')
      says ||= /error|fail|unable|could not/i.test(value.value);
    return undefined;
  });
  return says && !other;
}

function callbackAnswer(node: Node, fn: FunctionNode): Node | undefined {
  const callback = fn.params[2];
  if (node.type !== 'CallExpression' || callback?.type !== 'Identifier') return undefined;
  if (node.callee.type !== 'Identifier' || node.callee.name !== callback.name) return undefined;
  return node.arguments[1];
}

const sending =
  /^(send|json|jsonp|end|sendFile|render|redirect|pipe|write|status|sendStatus|writeHead|type|set|header)$/;

/** True for a call on the response of a `(req, res)` function. */
export function isSent(node: Node, fn: FunctionNode): boolean {
  const response = fn.params[1];
  if (response?.type !== 'Identifier') return true;
  return node.type === 'Identifier' && node.name === response.name && parentOf(node) !== fn;
}

/** `res.json({ error })` without a status is 200. */
function sentSuccess(body: Node, fn: FunctionNode): number | undefined {
  const response = fn.params[1];
  let status: number | undefined;
  let unknown = false;
  walk(body, (node) => {
    if (isFunction(node) || node.type === 'ThrowStatement' || /^(If|Switch)Statement$/.test(node.type)) unknown = true;
    if (node.type === 'AssignmentExpression') unknown = true;
    if (node.type !== 'CallExpression' || isLog(node)) return !unknown;
    const name = methodOn(node, response);
    if (name === undefined) {
      if (!/^(JSON\.stringify|String)$/.test(textOf(node.callee))) unknown = true;
      return !unknown;
    }
    if (!sending.test(name)) unknown = true;
    const first = node.arguments[0];
    if (/^(status|sendStatus|writeHead)$/.test(name)) {
      const value = first?.type === 'Literal' ? first.value : undefined;
      if (typeof value !== 'number' || value >= 300) unknown = true;
      else status = value;
    } else if (/^(send|json|end)$/.test(name)) status ??= 200;
    if (/^(redirect|render)$/.test(name)) unknown = true;
    return !unknown;
  });
  return unknown ? undefined : status;
}

/** The method of a call in a chain that begins with the response: `send` of `res.status(200).send(…)`. */
function methodOn(node: Extract<Node, { type: 'CallExpression' }>, response: Node | undefined): string | undefined {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || response?.type !== 'Identifier') return undefined;
  let at = unwrap(callee.object);
  while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
    at = unwrap(at.type === 'CallExpression' ? at.callee : at.object);
  }
  return at.type === 'Identifier' && at.name === response.name ? keyName(callee) : undefined;
}

function textOf(node: Node): string {
  const callee = unwrap(node);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier'
    ? `${callee.object.name}.${keyName(callee) ?? ''}`
    : '';
}

/** `return new Response('error')`, `return Response.json({ error })`: 200, since nothing says otherwise. */
function madeSuccess(body: Node): number | undefined {
  let status: number | undefined;
  let other = false;
  walkOwn(body, (node) => {
    if (/^(If|Switch|Throw)Statement$/.test(node.type)) other = true;
    if (node.type !== 'ReturnStatement' || !node.argument) return !other;
    const value = unwrap(node.argument);
    const made =
      value.type === 'NewExpression' && textOf(value.callee) === 'Response'
        ? value
        : value.type === 'CallExpression' && /^(Next)?Response\.json$/.test(textOf(value.callee))
          ? value
          : undefined;
    if (made === undefined || made.arguments.length > 1) other = true;
    else status = 200;
    return !other;
  });
  return other ? undefined : status;
}
