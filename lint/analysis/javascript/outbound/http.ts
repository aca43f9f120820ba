import { enclosingFunction, isCallLike, isFunction, keyName, parentOf, stringOf, unwrap, walk } from '../ast.js';
import type { CallLike, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { numberOf } from '../numbers.js';
import { findOption } from '../options.js';
import type { OptionState } from '../options.js';
import { scopeOf } from './around.js';
import { findOff, neverAborted, signalBound } from './bounds.js';
import { bounded, unbounded, unknown } from './types.js';
import type { Mend, OutboundState } from './types.js';

type Call = Extract<Node, { type: 'CallExpression' }>;

/**
 * `http.request` and `http.get`. Seen: `{ timeout }` without a `'timeout'` listener does nothing, so the bound is a
 * signal, or a timeout together with a listener on the request.
 */
export function judgeHttp(module: JavaScriptModule, node: CallLike): OutboundState {
  const first = node.arguments[0];
  if (first === undefined) return unknown;
  // After an options object comes the callback; after a URL may come options.
  const length = unwrap(first).type === 'ObjectExpression' ? 1 : 2;
  const options = node.arguments.slice(0, length).filter((each) => !isFunction(each));
  const signal = best(module, options, ['signal']);
  if (signal.state === 'unknown') return unknown;
  if (signal.state === 'present') return judgeSignal(module, signal, node);
  const timeout = best(module, options, ['timeout']);
  const heard = listening(module, node);
  if (heard.ends) {
    const value = heard.value ?? (timeout.state === 'present' ? timeout.value : undefined);
    const ms = value && numberOf(module.origins, value);
    return ms === undefined || value === undefined
      ? bounded
      : { kind: 'bounded', bound: { ms, attempts: 1, backoffMs: 0, value } };
  }
  if (timeout.state === 'unknown' || isHandedOn(module, node)) return unknown;
  if (heard.idle) return { kind: 'ineffective', reason: 'idleListener', option: 'timeout' };
  if (timeout.state === 'present' || heard.set)
    return { kind: 'ineffective', reason: 'noListener', option: 'timeout', ...mend(module, node) };
  if (options.some((each) => findOff(module, each, 'timeout')))
    return { kind: 'ineffective', reason: 'zero', option: 'timeout' };
  return best(module, options, ['agent']).state === 'present' && hasAgentTimeout(module, options) ? unknown : unbounded;
}

export function judgeSignal(module: JavaScriptModule, signal: OptionState, node: Node): OutboundState {
  if (neverAborted(module, signal)) return { kind: 'ineffective', reason: 'neverAborted', option: 'signal' };
  const bound = signalBound(module, signal, node);
  return bound === undefined ? bounded : { kind: 'bounded', bound };
}

function best(module: JavaScriptModule, options: readonly Node[], names: readonly string[]): OptionState {
  const states = options.map((each) => stateOf(module, each, names));
  return (
    states.find((each) => each.state === 'present') ??
    states.find((each) => each.state === 'unknown') ?? { state: 'absent' }
  );
}

/** A URL says nothing about limits; anything else that is not visible might. */
function stateOf(module: JavaScriptModule, argument: Node, names: readonly string[]): OptionState {
  return isTarget(module, argument) ? { state: 'absent' } : findOption(module.origins, unwrap(argument), names);
}

const targetName =
  /ur[il]|endpoint|host|port$|address|callback|webhook|location|^(cb|done|next|href|resolve|respond|on[A-Z]\w*|handle[A-Z]\w*)$/i;

/** True for an argument that is a URL or a callback by what it is or by its name, so that it has no options. */
export function isTarget(module: JavaScriptModule, argument: Node): boolean {
  const node = unwrap(argument);
  if (node.type === 'BinaryExpression' || node.type === 'TemplateLiteral' || stringOf(node) !== undefined) return true;
  const name = node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? (keyName(node) ?? '') : '';
  if (targetName.test(name) && !/opt|conf|param|init|setting/i.test(name)) return true;
  if (/(^|\.)URL\(\)|^url\.parse\(\)/.test(module.origins.path(node))) return true;
  const value = module.origins.valueOf(node);
  return isFunction(value) || isTemplate(value) || stringOf(value) !== undefined;
}

function isTemplate(node: Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'BinaryExpression' && node.operator === '+');
}

/** What the code does about the 'timeout' event of a request. */
interface Listening {
  /** A listener that may end the request. */
  ends: boolean;
  /** A listener that only writes to the log. */
  idle: boolean;
  /** `setTimeout(ms)` without anybody who listens. */
  set: boolean;
  /** The milliseconds that `setTimeout` was given. */
  value: Node | undefined;
}

function listening(module: JavaScriptModule, node: CallLike): Listening {
  const heard: Listening = { ends: false, idle: false, set: false, value: undefined };
  const holders = new Set([node, ...holdersOf(module, node)]);
  walk(scopeOf(module, node), (each) => {
    if (each.type !== 'CallExpression') return undefined;
    const callee = unwrap(each.callee);
    if (callee.type !== 'MemberExpression') return undefined;
    const object = root(callee.object);
    const own = holders.has(object) || holders.has(heldBy(module, object)) || isSocket(object) || isThis(object, node);
    if (own) listen(module, each, keyName(callee) ?? '', heard);
    return undefined;
  });
  return heard;
}

function listen(module: JavaScriptModule, call: Call, name: string, heard: Listening): void {
  if (name === 'setTimeout') {
    heard.value = call.arguments[0];
    if (call.arguments.length === 1) heard.set = true;
    else if (call.arguments.length > 1) hear(module, call.arguments[1], heard);
  } else if (/^(on|once|addListener)$/.test(name) && stringOf(call.arguments[0]) === 'timeout') {
    hear(module, call.arguments[1], heard);
  }
}

/** A listener that only rejects also ends the wait, so any counts but one that only logs. */
function hear(module: JavaScriptModule, listener: Node | undefined, heard: Listening): void {
  const fn = listener === undefined ? undefined : module.origins.functionOf(listener);
  if (fn === undefined) {
    heard.ends = true;
    return;
  }
  let ends = false;
  walk(fn.body, (each) => {
    if (each.type === 'CallExpression' && !isLogging(each)) ends = true;
    if (each.type === 'ThrowStatement' || each.type === 'AssignmentExpression') ends = true;
    return !ends;
  });
  if (ends) heard.ends = true;
  else heard.idle = true;
}

function isLogging(call: Call): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  return /^(log|info|warn|error|debug|trace)$/.test(keyName(callee) ?? '');
}

/** The start of a chain: `req` of `req.on(…).on(…)`. */
function root(node: Node): Node {
  let at = unwrap(node);
  while (at.type === 'CallExpression' && unwrap(at.callee).type === 'MemberExpression') {
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression' || !/^(on|once|addListener|setTimeout|end)$/.test(keyName(callee) ?? ''))
      break;
    at = unwrap(callee.object);
  }
  return at;
}

/** What the variable or field holds that an expression names. */
function heldBy(module: JavaScriptModule, holder: Node): Node {
  const write = module.origins.variable(holder)?.references.find((each) => each.writeExpr)?.writeExpr;
  return write === undefined || write === null ? holder : root(write as Node);
}

/** Places that hold the request by other ways than a variable: `this.req = http.request(…)`, a conditional. */
function holdersOf(module: JavaScriptModule, node: CallLike): Node[] {
  const found: Node[] = [];
  for (let at = parentOf(node); at !== undefined && !/Statement$|Declaration$/.test(at.type); at = parentOf(at)) {
    if (isFunction(at)) break;
    if (at.type === 'ConditionalExpression' || at.type === 'LogicalExpression') found.push(at);
    if (at.type === 'AssignmentExpression' && at.left.type === 'MemberExpression') {
      const name = keyName(at.left);
      walk(module.program, (each) => {
        if (each.type === 'MemberExpression' && keyName(each) === name) found.push(each);
        return undefined;
      });
    }
  }
  return found;
}

function isSocket(node: Node): boolean {
  return node.type === 'Identifier' && /^s(oc)?k?(et)?$/i.test(node.name);
}

/** `this` in a listener is the request; so it is only for `function` listeners, which is all that use it. */
function isThis(object: Node, node: Node): boolean {
  return object.type === 'ThisExpression' && object.range[0] > node.range[0];
}

/** True where the request itself is returned or given away: whoever gets it may listen. */
function isHandedOn(module: JavaScriptModule, node: CallLike): boolean {
  const outerNode = parentOf(node);
  const returned = outerNode?.type === 'ReturnStatement' || (isFunction(outerNode) && outerNode.body === node);
  if (returned) return reachesCaller(module, node);
  if (outerNode?.type === 'CallExpression' && outerNode.callee !== node) return true;
  if (outerNode?.type !== 'VariableDeclarator' || outerNode.id.type !== 'Identifier') return false;
  const variable = module.sourceCode.scopeManager.getDeclaredVariables(outerNode as never)[0];
  return (variable?.references ?? []).some((each) => {
    const parent = parentOf(each.identifier as Node);
    if (parent?.type === 'ReturnStatement') return reachesCaller(module, node);
    if (parent?.type !== 'CallExpression' || !parent.arguments.includes(each.identifier as never)) return false;
    // `stream.pipe(req)` listens to nothing.
    const callee = unwrap(parent.callee);
    return !(callee.type === 'MemberExpression' && /^(pipe|log)$/.test(keyName(callee) ?? ''));
  });
}

/** What a handler, a callback or a promise's executor returns is no request to anybody. */
function reachesCaller(module: JavaScriptModule, node: Node): boolean {
  const fn = enclosingFunction(node);
  if (fn === undefined || module.handlers.some((each) => each.fn === fn)) return false;
  return !isCallLike(parentOf(fn));
}

function hasAgentTimeout(module: JavaScriptModule, options: readonly Node[]): boolean {
  return options.some((each) => {
    const agent = findOption(module.origins, each, ['agent']);
    const made = agent.state === 'present' && agent.value ? module.origins.valueOf(agent.value) : undefined;
    if (made?.type !== 'NewExpression') return true;
    return findOption(module.origins, made.arguments[0], ['timeout']).state !== 'absent';
  });
}

/** A listener at the end of the call: `http.get(…)` → `http.get(…).on('timeout', function () { this.destroy(…) })`. */
function mend(module: JavaScriptModule, node: CallLike): { mend?: Mend } {
  if (module.ownerOf(node) !== module) return {};
  const text = `.on('timeout', function () { this.destroy(new Error('timeout')); })`;
  return {
    mend: { title: "Destroy the request on 'timeout'", edits: [{ start: node.range[1], end: node.range[1], text }] },
  };
}

/** Sockets and HTTP/2 sessions: `setTimeout`, a `'timeout'` listener, a timer that destroys. */
export function judgeSocket(module: JavaScriptModule): OutboundState {
  return /\.setTimeout\(|['"]timeout['"]|\bsetTimeout\(/.test(module.sourceCode.text) ? unknown : unbounded;
}
