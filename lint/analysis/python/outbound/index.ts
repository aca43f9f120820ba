import type { Dependency } from '../../../../emulator/contract/findings.js';
import { factOf, known as knownOf, pythonClients } from '../../../knowledge/clients/index.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import { findKeyword, positionalOf, stringValue } from '../calls.js';
import type { PythonModule } from '../module.js';
import { child, walkPython } from '../tree.js';
import type { PyNode } from '../tree.js';
import { judge } from './judge.js';
import { targetText } from './text.js';
import type { PyOutbound } from './types.js';

export type { PyBound, PyOutbound, PyOutboundState, PyReason } from './types.js';

type Installed = (name: string) => string | undefined;

const analyses = new WeakMap<PythonModule, PyOutboundCalls>();

/** The outbound calls and clients of a file; computed once a file. */
export function pyOutboundOf(module: PythonModule, installed: Installed): PyOutboundCalls {
  const cached = analyses.get(module);
  if (cached !== undefined) return cached;
  const made = new PyOutboundCalls(module, installed);
  analyses.set(module, made);
  return made;
}

/** Every outbound call of a file, the clients they are made on, and what bounds each. All outbound rules stand on it. */
export class PyOutboundCalls {
  readonly #module: PythonModule;
  readonly #installed: Installed;
  readonly #known = new Map<PyNode, PyOutbound | undefined>();
  #all: readonly PyOutbound[] | undefined;

  constructor(module: PythonModule, installed: Installed) {
    this.#module = module;
    this.#installed = installed;
  }

  /** In source order. */
  get all(): readonly PyOutbound[] {
    return (this.#all ??= this.#find());
  }

  #find(): PyOutbound[] {
    const found: PyOutbound[] = [];
    walkPython(this.#module.root, (node) => {
      const outbound =
        node.type === 'call' ? this.at(node) : node.type === 'assignment' ? this.#ignored(node) : undefined;
      if (outbound !== undefined) found.push(outbound);
      return undefined;
    });
    return found;
  }

  /** The outbound call or client that a call of this file is. */
  at(node: PyNode): PyOutbound | undefined {
    if (this.#known.has(node)) return this.#known.get(node);
    const path = this.#module.origins.path(child(node, 'function'));
    const known = factOf('python', path, this.#installed);
    const outbound = known && this.#judged(node, path, known);
    this.#known.set(node, outbound);
    return outbound;
  }

  #judged(node: PyNode, path: string, known: KnownClient): PyOutbound {
    const module = this.#module;
    return {
      node,
      path,
      known,
      state: judge({ module, node, path, known }),
      dependency: dependencyOf(module, node, known),
    };
  }

  /** What a call waits for: itself, or the client that it is made on, perhaps of another file. */
  clientOf(call: PyNode): PyOutbound | undefined {
    const own = this.at(call);
    if (own !== undefined) return own;
    const callee = child(call, 'function');
    let creation = callee && this.#module.origins.of(callee)?.creation;
    for (let steps = 0; creation !== undefined && creation !== call && steps < 5; steps++) {
      const owner = this.#module.ownerOf(creation);
      const client = pyOutboundOf(owner, this.#installed).at(creation);
      if (client !== undefined) return client;
      const made: PyNode | undefined = child(creation, 'function');
      creation = made && owner.origins.of(made)?.creation;
    }
    return undefined;
  }

  /** `session.timeout = 5` sets an attribute that requests never reads. */
  #ignored(assignment: PyNode): PyOutbound | undefined {
    const target = child(assignment, 'left');
    const value = child(assignment, 'right');
    if (target?.type !== 'attribute' || value === undefined) return undefined;
    if (this.#module.text(child(target, 'attribute')) !== 'timeout') return undefined;
    const path = this.#module.origins.path(child(target, 'object'));
    if (!/^requests(\.sessions?)?\.[sS]ession\(\)$/.test(path)) return undefined;
    const fact = pythonClients.find((each) => each.client === 'requests');
    const known = fact && knownOf(fact, this.#installed);
    const state = { kind: 'ineffective', reason: 'ignoredAttribute', option: 'timeout', value } as const;
    return known && { node: assignment, path, known, state, dependency: { client: 'requests' } };
  }
}

function dependencyOf(module: PythonModule, node: PyNode, known: KnownClient): Dependency {
  const first = positionalOf(node)[0];
  if (known.fact.client === 'boto3') {
    const named = findKeyword(module, node, ['service_name']);
    const value = first ?? ('value' in named ? named.value : undefined);
    const service = value && stringValue(module, module.origins.valueOf(value));
    return { client: 'boto3', ...(service === undefined ? {} : { service }) };
  }
  const url = /https?:\/\/([\w.-]+(:\d+)?)/.exec(targetText(module, node))?.[1];
  return { client: known.fact.client, ...(url === undefined ? {} : { host: url }) };
}
