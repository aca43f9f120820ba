import { isCallLike, isFunction, keyName, unwrap } from '../ast.js';
import type { CallLike, FunctionNode, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { numberOf } from '../numbers.js';
import { isClient, outboundOf } from './index.js';
import type { Bound, Outbound } from './types.js';

/** How long the waits of a handler may take together, one after the other, when each takes as long as its limit lets it. */

/** One wait on the way through a handler. */
export interface Wait {
  /** The call in the handler, or in a function that it calls. */
  readonly call: CallLike;
  readonly client: Outbound;
  readonly bound: Bound;
  /** Milliseconds of all its attempts and pauses. */
  readonly ms: number;
}

type Waits = readonly Wait[];

type Installed = (name: string) => string | undefined;

const nothing: Waits = [];

export function sum(waits: Waits): number {
  return waits.reduce((total, each) => total + each.ms, 0);
}

/** The longest way through a function: the waits on it, in order. */
export function longestWay(module: JavaScriptModule, installed: Installed, fn: FunctionNode): Waits {
  return new Walker(module, installed).through(fn);
}

class Walker {
  readonly #module: JavaScriptModule;
  readonly #installed: Installed;
  readonly #inside = new Set<FunctionNode>();

  constructor(module: JavaScriptModule, installed: Installed) {
    this.#module = module;
    this.#installed = installed;
  }

  through(fn: FunctionNode): Waits {
    if (this.#inside.has(fn) || this.#inside.size > 6) return nothing;
    this.#inside.add(fn);
    const waits = fn.body.type === 'BlockStatement' ? this.#statements(fn.body.body) : this.#awaited(fn.body);
    this.#inside.delete(fn);
    return waits;
  }

  /** One after the other; a branch that leaves does not meet what follows it. */
  #statements(body: readonly Node[]): Waits {
    const [first, ...rest] = body;
    if (first === undefined) return nothing;
    if (first.type === 'IfStatement' && leaves(first.consequent)) {
      const test = this.#waits(first.test);
      const other = [...(first.alternate ? this.#waits(first.alternate) : nothing), ...this.#statements(rest)];
      return [...test, ...longer(this.#waits(first.consequent), other)];
    }
    const own = this.#waits(first);
    return leaves(first) ? own : [...own, ...this.#statements(rest)];
  }

  #waits(node: Node): Waits {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassDeclaration':
        return nothing;
      case 'BlockStatement':
        return this.#statements(node.body);
      case 'IfStatement':
        return [
          ...this.#waits(node.test),
          ...longer(this.#waits(node.consequent), node.alternate ? this.#waits(node.alternate) : nothing),
        ];
      case 'ConditionalExpression':
        return [...this.#waits(node.test), ...longer(this.#waits(node.consequent), this.#waits(node.alternate))];
      case 'SwitchStatement':
        return node.cases.map((each) => this.#statements(each.consequent)).reduce(longer, nothing);
      case 'TryStatement':
        return [
          ...this.#waits(node.block),
          ...(node.handler ? this.#waits(node.handler.body) : nothing),
          ...(node.finalizer ? this.#waits(node.finalizer) : nothing),
        ];
      case 'ForStatement':
        return repeat(this.#waits(node.body), this.#rounds(node));
      case 'AwaitExpression':
        return this.#awaited(node.argument);
      case 'ReturnStatement':
        return node.argument ? this.#awaited(node.argument) : nothing;
      default:
        return this.#children(node);
    }
  }

  #children(node: Node): Waits {
    const found: Wait[] = [];
    for (const key in node) {
      if (key === 'parent' || key === 'typeAnnotation' || key === 'loc' || key === 'range') continue;
      const value: unknown = node[key as keyof Node];
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
        if (isNode(each)) found.push(...this.#waits(each));
    }
    return found;
  }

  /** What the promise of an expression waits for. */
  #awaited(expression: Node): Waits {
    const node = unwrap(expression);
    if (!isCallLike(node)) return this.#waits(node);
    const callee = unwrap(node.callee);
    const path = this.#module.origins.path(callee);
    if (/^global\.Promise\.(all|allSettled)$/.test(path)) return this.#parallel(node.arguments[0]);
    if (/^global\.Promise\.(race|any)$/.test(path)) return nothing;
    const bound = this.#bound(node);
    if (bound !== undefined) return [...node.arguments.flatMap((each) => this.#waits(each)), bound];
    const fn = this.#module.origins.functionOf(callee);
    if (fn !== undefined) return [...node.arguments.flatMap((each) => this.#waits(each)), ...this.through(fn)];
    // `fetch(url).then((reply) => reply.json())`, `s3.getObject(…).promise()`
    const object = callee.type === 'MemberExpression' ? this.#awaited(callee.object) : nothing;
    const then = callee.type === 'MemberExpression' && /^(then|finally)$/.test(keyName(callee) ?? '');
    const callback = then ? node.arguments.map((each) => this.#callback(each)).reduce(longer, nothing) : nothing;
    return [...object, ...callback];
  }

  #callback(node: Node): Waits {
    const fn = unwrap(node);
    return isFunction(fn) ? this.through(fn) : nothing;
  }

  /** At the same time: the longest counts. */
  #parallel(list: Node | undefined): Waits {
    const node = list === undefined ? undefined : unwrap(list);
    if (node?.type === 'ArrayExpression') {
      return node.elements.map((each) => (each === null ? nothing : this.#awaited(each))).reduce(longer, nothing);
    }
    if (node?.type !== 'CallExpression') return nothing;
    const callee = unwrap(node.callee);
    const maps = callee.type === 'MemberExpression' && keyName(callee) === 'map';
    return maps && node.arguments[0] ? this.#callback(node.arguments[0]) : nothing;
  }

  #bound(call: CallLike): Wait | undefined {
    const found = outboundOf(this.#module.ownerOf(call), this.#installed).boundOf(call);
    // Making a client asks nobody.
    if (found === undefined || (found.client.node === call && isClient(found.client))) return undefined;
    const { client, bound } = found;
    return { call, client, bound, ms: bound.ms * bound.attempts + bound.backoffMs };
  }

  /** Rounds of `for (let i = 0; i < 3; i++)`; 1 where the code does not show them. */
  #rounds(loop: Extract<Node, { type: 'ForStatement' }>): number {
    const test = loop.test ? unwrap(loop.test) : undefined;
    const start = loop.init?.type === 'VariableDeclaration' ? loop.init.declarations[0]?.init : undefined;
    if (test?.type !== 'BinaryExpression' || !/^<=?$/.test(test.operator) || !start) return 1;
    const [from, to] = [numberOf(this.#module.origins, start), numberOf(this.#module.origins, test.right)];
    if (from === undefined || to === undefined || test.right.type !== 'Literal') return 1;
    return Math.min(100, Math.max(1, to - from + (test.operator === '<=' ? 1 : 0)));
  }
}

function longer(a: Waits, b: Waits): Waits {
  return sum(b) > sum(a) ? b : a;
}

function repeat(waits: Waits, times: number): Waits {
  return Array.from({ length: waits.length === 0 ? 0 : times }, () => waits).flat();
}

function leaves(node: Node): boolean {
  if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true;
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : undefined;
  return last !== undefined && leaves(last);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
