import { argumentsOf, findKeyword, positionalOf } from '../calls.js';
import type { PythonModule } from '../module.js';
import { numberIn } from '../numbers.js';
import { mountedAdapter } from '../sessions.js';
import { child, named } from '../tree.js';
import type { PyNode } from '../tree.js';
import type { PyBound } from './types.js';

/** Seconds that one attempt may take: a number, `(connect, read)`, `Timeout(connect=…, read=…)`, `Timeout(total=…)`. */
export function secondsOf(module: PythonModule, value: PyNode): number | undefined {
  const shown = module.origins.valueOf(value);
  const owner = module.ownerOf(shown);
  if (shown.type === 'tuple') return sum(named(shown).map((each) => numberIn(owner, each)));
  if (shown.type !== 'call' || !/Timeout$/.test(owner.text(child(shown, 'function')))) return numberIn(owner, shown);
  const total = findKeyword(owner, shown, ['total']);
  if ('value' in total) return numberIn(owner, total.value);
  const [only] = positionalOf(shown);
  if (only !== undefined && argumentsOf(shown).length === 1) return numberIn(owner, only);
  const parts = ['connect', 'read'].map((name) => findKeyword(owner, shown, [name]));
  return sum(parts.map((each) => ('value' in each ? numberIn(owner, each.value) : undefined)));
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.every((each) => each !== undefined) ? values.reduce((all: number, each) => all + each, 0) : undefined;
}

/** A limit in seconds with the attempts that `Retry(total=…)` of urllib3 makes of it, and its pauses. */
export function withAttempts(module: PythonModule, node: PyNode, seconds: number): PyBound {
  const once: PyBound = { ms: seconds * 1000, attempts: 1, backoffMs: 0 };
  const retry = retryOf(module, node);
  if (retry === undefined) return once;
  const owner = module.ownerOf(retry);
  const given = (name: string): number | undefined => {
    const found = findKeyword(owner, retry, [name]);
    return 'value' in found ? numberIn(owner, found.value) : undefined;
  };
  const total = given('read') ?? given('total') ?? (positionalOf(retry)[0] && numberIn(owner, positionalOf(retry)[0]));
  if (total === undefined || total < 1) return once;
  // urllib3 waits factor × 2^(n-1) before the n-th retry, nothing before the first, 120 s at most.
  const factor = given('backoff_factor') ?? 0;
  let backoff = 0;
  for (let each = 2; each <= Math.min(total, 20); each++) backoff += Math.min(120, factor * 2 ** (each - 1));
  return { ...once, attempts: total + 1, backoffMs: backoff * 1000 };
}

/** The `Retry(…)` of the session or the pool that a call goes through. */
function retryOf(module: PythonModule, node: PyNode): PyNode | undefined {
  const callee = child(node, 'function');
  const creation = callee && module.origins.of(callee)?.creation;
  const adapter = mountedAdapter(module, node);
  const holders = [adapter, creation].filter((each) => each !== undefined);
  for (const holder of holders) {
    const owner = module.ownerOf(holder);
    const found = findKeyword(owner, holder, ['max_retries', 'retries']);
    const value = 'value' in found ? owner.origins.valueOf(found.value) : undefined;
    if (value?.type === 'call' && /(^|\.)Retry$/.test(module.text(child(value, 'function')))) return value;
  }
  return undefined;
}
