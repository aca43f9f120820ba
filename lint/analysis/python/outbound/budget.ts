import { isPythonIo } from '../../../knowledge/python-io.js';
import { findKeyword, positionalOf } from '../calls.js';
import type { PythonModule } from '../module.js';
import { numberIn } from '../numbers.js';
import { child, named } from '../tree.js';
import type { PyNode } from '../tree.js';
import { pyOutboundOf } from './index.js';
import { secondsOf } from './seconds.js';
import type { PyBound, PyOutbound } from './types.js';

/** How long the waits of a handler may take together, one after the other, when each takes as long as its limit lets it. */

/** One wait on the way through a handler. */
export interface PyWait {
  /** The call in the handler, or in a function that it calls. */
  readonly call: PyNode;
  readonly client: PyOutbound;
  readonly bound: PyBound;
  /** Milliseconds of all its attempts and pauses. */
  readonly ms: number;
}

type Waits = readonly PyWait[];
type Installed = (name: string) => string | undefined;

const nothing: Waits = [];

/** Clients that are only made: the calls on them wait. */
const onlyMade =
  /^(boto3|httpx\.(Async)?Client$|http\.client\.|aiohttp\.ClientSession$|httplib2|openai|anthropic|redis|pymongo|sqlalchemy)/;

export function sumOf(waits: Waits): number {
  return waits.reduce((total, each) => total + each.ms, 0);
}

/** The longest way through a function: the waits on it, in order. */
export function longestPythonWay(module: PythonModule, installed: Installed, fn: PyNode): Waits {
  return new Walker(module, installed).through(fn);
}

class Walker {
  readonly #module: PythonModule;
  readonly #installed: Installed;
  /** What is known of a function; nothing while it is being walked, so that recursion ends. */
  readonly #functions = new Map<PyNode, Waits>();

  constructor(module: PythonModule, installed: Installed) {
    this.#module = module;
    this.#installed = installed;
  }

  through(fn: PyNode): Waits {
    const known = this.#functions.get(fn);
    if (known !== undefined) return known;
    this.#functions.set(fn, nothing);
    const waits = this.#waits(child(fn, 'body')).slice(0, 200);
    this.#functions.set(fn, waits);
    return waits;
  }

  /** One after the other; a branch that leaves does not meet what follows it. */
  #statements(body: readonly PyNode[]): Waits {
    const found: PyWait[] = [];
    for (const [index, each] of body.entries()) {
      if (each.type === 'if_statement' && leaves(child(each, 'consequence'))) {
        const other = [...this.#alternatives(each), ...this.#statements(body.slice(index + 1))];
        return [
          ...found,
          ...this.#waits(child(each, 'condition')),
          ...longer(this.#waits(child(each, 'consequence')), other),
        ];
      }
      found.push(...this.#waits(each));
      if (leaves(each)) break;
    }
    return found;
  }

  #alternatives(statement: PyNode): Waits {
    const all = statement.children.filter((each) => each.field === 'alternative');
    return all.map((each) => this.#children(each)).reduce(longer, nothing);
  }

  #waits(node: PyNode | undefined): Waits {
    if (node === undefined) return nothing;
    switch (node.type) {
      case 'function_definition':
      case 'class_definition':
      case 'decorated_definition':
      case 'lambda':
        return nothing;
      case 'block':
        return this.#statements(named(node));
      case 'if_statement':
        return [
          ...this.#waits(child(node, 'condition')),
          ...longer(this.#waits(child(node, 'consequence')), this.#alternatives(node)),
        ];
      case 'conditional_expression':
        return named(node)
          .map((each) => this.#waits(each))
          .reduce(longer, nothing);
      case 'match_statement':
        return named(child(node, 'body'))
          .map((each) => this.#children(each))
          .reduce(longer, nothing);
      case 'try_statement':
        return this.#attempt(node);
      case 'for_statement':
        return repeated(
          [...this.#waits(child(node, 'right')), ...this.#waits(child(node, 'body'))],
          this.#rounds(node),
        );
      case 'call':
        return this.#call(node);
      default:
        return this.#children(node);
    }
  }

  #children(node: PyNode): Waits {
    return node.children.flatMap((each) => (each.named ? this.#waits(each) : nothing));
  }

  /** What is done after a failure comes on top of what failed. */
  #attempt(node: PyNode): Waits {
    const of = (type: RegExp): Waits =>
      node.children
        .filter((each) => type.test(each.type))
        .map((each) => this.#children(each))
        .reduce(longer, nothing);
    const after = longer(of(/^except/), of(/^else_clause$/));
    return [...this.#waits(child(node, 'body')), ...after, ...of(/^finally_clause$/)];
  }

  #call(node: PyNode): Waits {
    const callee = child(node, 'function');
    const owner = this.#owner(node);
    const path = owner.origins.path(callee);
    const given = named(child(node, 'arguments'));
    // At the same time the longest counts; what a task does is waited for elsewhere, if at all.
    if (/^asyncio\.(gather|wait)$/.test(path)) return given.map((each) => this.#waits(each)).reduce(longer, nothing);
    if (/^asyncio\.(create_task|ensure_future|wait_for)$|\.(submit|create_task)$/.test(path)) return nothing;
    const before = [
      ...(callee?.type === 'attribute' ? this.#waits(child(callee, 'object')) : nothing),
      ...given.flatMap((each) => this.#waits(each)),
    ];
    const bound = this.#bound(node, path);
    if (bound !== undefined) return [...before, bound];
    const fn = callee === undefined ? undefined : owner.origins.functionOf(callee);
    return fn === undefined ? before : [...before, ...this.through(fn)];
  }

  #owner(node: PyNode): PythonModule {
    return this.#module.ownerOf(node);
  }

  #bound(call: PyNode, path: string): PyWait | undefined {
    const owner = this.#owner(call);
    const client = pyOutboundOf(owner, this.#installed).clientOf(call);
    if (client?.state.kind !== 'bounded' || client.state.bound === undefined) return undefined;
    // Making a client asks nobody, nor does what is done with an answer.
    if (client.node === call ? onlyMade.test(client.path) : !isPythonIo(path)) return undefined;
    const own = client.node === call ? undefined : findKeyword(owner, call, ['timeout']);
    const seconds = own?.state === 'present' ? secondsOf(owner, own.value) : undefined;
    if (own?.state === 'present' && seconds === undefined) return undefined;
    const bound = seconds === undefined ? client.state.bound : { ms: seconds * 1000, attempts: 1, backoffMs: 0 };
    return { call, client, bound, ms: bound.ms * bound.attempts + bound.backoffMs };
  }

  /** Rounds of `for _ in range(3)`; 1 where the code does not show them. */
  #rounds(loop: PyNode): number {
    const call = child(loop, 'right');
    const owner = this.#owner(loop);
    if (call?.type !== 'call' || owner.text(child(call, 'function')) !== 'range' || endsEarly(loop)) return 1;
    const numbers = positionalOf(call).map((each) => (each.type === 'integer' ? numberIn(owner, each) : undefined));
    const [from, to] = numbers.length === 1 ? [0, numbers[0]] : numbers;
    return from === undefined || to === undefined ? 1 : Math.min(100, Math.max(1, to - from));
  }
}

/** A loop that tries again ends with the first success: its rounds are attempts, and those do add up when all fail. */
function endsEarly(loop: PyNode): boolean {
  const last = named(child(loop, 'body')).at(-1);
  return last !== undefined && /^(break|return|raise)_statement$/.test(last.type);
}

function longer(a: Waits, b: Waits): Waits {
  return sumOf(b) > sumOf(a) ? b : a;
}

function repeated(waits: Waits, times: number): Waits {
  return Array.from({ length: waits.length === 0 ? 0 : times }, () => waits).flat();
}

function leaves(node: PyNode | undefined): boolean {
  if (node === undefined) return false;
  if (/^(return|raise|continue|break)_statement$/.test(node.type)) return true;
  return node.type === 'block' && leaves(named(node).at(-1));
}
