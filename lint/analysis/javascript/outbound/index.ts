import type { Dependency } from '../../../../emulator/contract/findings.js';
import { factOf } from '../../../knowledge/clients/index.js';
import { awsServiceOf } from '../../../knowledge/dependency.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import { isCallLike, stringOf, unwrap, walk } from '../ast.js';
import type { CallLike } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { findOption, visibleText } from '../options.js';
import { Calls, clientBehind } from './instances.js';
import { judge } from './judge.js';
import type { Bound, Outbound } from './types.js';

export { nameOf } from './judge.js';
export type { Bound, Outbound, OutboundState, Reason } from './types.js';

type Installed = (name: string) => string | undefined;

/** Words that only code of a page has, whose bundler fills them in. */
const bundled = /\bimport\.meta\.env\b|process\.env\.(REACT_APP|VUE_APP|NEXT_PUBLIC)_|^['"]use client['"]/m;

const analyses = new WeakMap<JavaScriptModule, OutboundCalls>();

/** The outbound calls and clients of a file; computed once a file. */
export function outboundOf(module: JavaScriptModule, installed: Installed): OutboundCalls {
  const cached = analyses.get(module);
  if (cached !== undefined) return cached;
  const made = new OutboundCalls(module, installed);
  analyses.set(module, made);
  return made;
}

/** Every outbound call of a file, the clients they are made on, and what bounds each. All outbound rules stand on it. */
export class OutboundCalls {
  readonly #module: JavaScriptModule;
  readonly #installed: Installed;
  readonly #calls: Calls;
  #all: readonly Outbound[] | undefined;
  readonly #byNode = new Map<CallLike, Outbound | undefined>();

  constructor(module: JavaScriptModule, installed: Installed) {
    this.#module = module;
    this.#installed = installed;
    this.#calls = new Calls(module);
  }

  /** In source order. Pages have none: the browser has its own limits. */
  get all(): readonly Outbound[] {
    return (this.#all ??= this.#find());
  }

  #find(): Outbound[] {
    const found: Outbound[] = [];
    walk(this.#module.program, (node) => {
      const outbound = isCallLike(node) ? this.at(node) : undefined;
      if (outbound !== undefined) found.push(outbound);
      return undefined;
    });
    const page = this.#module.isBrowser || bundled.test(this.#module.sourceCode.text);
    return page ? [] : found;
  }

  /** The outbound call or client that a node of this file is. */
  at(node: CallLike): Outbound | undefined {
    if (this.#byNode.has(node)) return this.#byNode.get(node);
    this.#byNode.set(node, undefined);
    const path = this.#pathOf(node);
    const known = factOf('javascript', path, this.#installed);
    const outbound = known && this.#judged(node, path, known);
    this.#byNode.set(node, outbound);
    return outbound;
  }

  /** The path of what is called; `(...args) => import('node-fetch').then(…)` stands for node-fetch. */
  #pathOf(node: CallLike): string {
    const path = this.#module.origins.path(node.callee);
    if (path !== '' || node.callee.type !== 'Identifier') return path;
    const fn = this.#module.origins.functionOf(node.callee);
    const hands = fn?.params.length === 1 && fn.params[0]?.type === 'RestElement';
    return hands && /\bimport\(\s*['"]node-fetch['"]\s*\)/.test(this.#module.text(fn)) ? 'node-fetch' : path;
  }

  #judged(node: CallLike, path: string, known: KnownClient): Outbound | undefined {
    const module = this.#module;
    const state = judge({ module, node, path, known, calls: this.#calls, installed: this.#installed });
    return state && { node, path, known, state, dependency: dependencyOf(module, node, path, known) };
  }

  /** What a call waits for: itself, or the client that it is made on, perhaps of another file. */
  clientOf(call: CallLike): Outbound | undefined {
    const own = this.at(call);
    if (own !== undefined) return own;
    const callee = unwrap(call.callee);
    const object = callee.type === 'MemberExpression' ? callee.object : callee;
    const creation = this.#module.origins.of(object)?.creation;
    if (creation === undefined) return undefined;
    const made = clientBehind(this.#module, creation) ?? creation;
    const client = outboundOf(this.#module.ownerOf(made), this.#installed).at(made);
    // `reply.json()` is made on what a call answered, which is no client.
    return client !== undefined && isClient(client) ? client : undefined;
  }

  /** How long a call on a client, or a call by itself, may take; undefined where the code does not show it. */
  boundOf(call: CallLike): { client: Outbound; bound: Bound } | undefined {
    const client = this.clientOf(call);
    if (client === undefined) return undefined;
    const state = client.node === call ? client.state : (this.#override(call) ?? client.state);
    return state.kind === 'bounded' && state.bound ? { client, bound: state.bound } : undefined;
  }

  /** A limit in the options of a call on a client stands in place of the client's; what it is, is not looked into. */
  #override(call: CallLike): Outbound['state'] | undefined {
    const own = call.arguments.some((each) => {
      const value = unwrap(each);
      if (value.type !== 'ObjectExpression') return false;
      return (
        findOption(this.#module.origins, value, ['timeout', 'signal', 'abortSignal', 'requestTimeout']).state ===
        'present'
      );
    });
    return own ? { kind: 'bounded' } : undefined;
  }
}

/** True for what calls are made on, false for a call that asks by itself. */
export function isClient({ node, path, known }: Outbound): boolean {
  if (node.type === 'NewExpression' || /^(instance|per-query|knex)$/.test(known.fact.special ?? '')) return true;
  return /\.(create[A-Z]\w*|connect|fromEnv)$|^(postgres|pg-promise\(\)|stripe|twilio)$/.test(path);
}

function dependencyOf(module: JavaScriptModule, node: CallLike, path: string, known: KnownClient): Dependency {
  const service = awsServiceOf(path);
  const host = service === undefined ? hostOf(module, node) : undefined;
  return {
    client: known.fact.client,
    ...(host === undefined ? {} : { host }),
    ...(service === undefined ? {} : { service }),
  };
}

/** The host that a call goes to, where a literal shows it. */
function hostOf(module: JavaScriptModule, node: CallLike): string | undefined {
  const first = node.arguments[0];
  if (first === undefined) return undefined;
  const url = /https?:\/\/([\w.-]+(:\d+)?)/.exec(visibleText(module.origins, module.sourceCode.text, first))?.[1];
  if (url !== undefined) return url;
  const named = findOption(module.origins, first, ['host', 'hostname']);
  const value = named.state === 'present' && named.value ? module.origins.valueOf(named.value) : undefined;
  const host = value && stringOf(value);
  return host === '' ? undefined : host;
}
