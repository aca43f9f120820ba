import { findKey, findKeyword, positionalOf } from '../calls.js';
import type { KeywordState } from '../calls.js';
import type { PythonModule } from '../module.js';
import { numberIn } from '../numbers.js';
import { child } from '../tree.js';
import type { PyNode } from '../tree.js';
import { bounded, unbounded, unknown } from './types.js';
import type { PyOutboundState } from './types.js';

const limits = ['connect_timeout', 'read_timeout'];

/**
 * Clients and resources of boto3: bounded by a `Config` with a limit, in `config=`, or as the session's default. A
 * `Config` without one is none.
 */
export function judgeBoto(module: PythonModule, node: PyNode): PyOutboundState {
  const config = findKeyword(module, node, ['config']);
  if (config.state === 'unknown') return unknown;
  if (config.state === 'present') return judgeConfig(module, node, config.value);
  if (positionalOf(node).length > 9 || positionalOf(node).some((each) => each.type === 'list_splat')) return unknown;
  return hasSessionDefault(module) ? unknown : unbounded;
}

/** `session.set_default_client_config(config)` of botocore. */
function hasSessionDefault(module: PythonModule): boolean {
  return /\bset_default_client_config\(/.test(module.source);
}

function judgeConfig(module: PythonModule, node: PyNode, value: PyNode): PyOutboundState {
  const creation = module.origins.of(value)?.creation;
  if (creation === undefined) return unknown;
  const owner = module.ownerOf(creation);
  const path = owner.origins.path(child(creation, 'function'));
  // `config.merge(Config(…))` and what the project makes itself may bring a limit.
  if (!/^(botocore\.(config\.|client\.)?|boto3\.(session\.)?)Config$/.test(path)) return unknown;
  const states = limits.map((name) => findKeyword(owner, creation, [name]));
  if (states.some((each) => each.state === 'unknown')) return unknown;
  const read = states[1];
  if (read?.state === 'none' && 'value' in read) {
    return { kind: 'ineffective', reason: 'none', option: 'read_timeout', value: read.value };
  }
  if (states.every((each) => each.state !== 'present')) return unbounded;
  const seconds = states.map((each) => ('value' in each ? numberIn(module.ownerOf(each.value), each.value) : 0));
  const [connect, wait] = seconds;
  if (read?.state !== 'present' || connect === undefined || wait === undefined) return bounded;
  const service = positionalOf(node)[0];
  const attempts = attemptsOf(owner, creation, service !== undefined && /dynamodb/.test(module.text(service)));
  return { kind: 'bounded', bound: { ms: (connect + wait) * 1000, attempts, backoffMs: 0 } };
}

/** `max_attempts` of a Config counts retries, `total_max_attempts` every try; by default 5, 10 for DynamoDB, 3 in the newer modes. */
function attemptsOf(owner: PythonModule, creation: PyNode, dynamo: boolean): number {
  const retries = findKeyword(owner, creation, ['retries']);
  const byDefault = dynamo ? 10 : 5;
  if (retries.state !== 'present') return byDefault;
  const number = (state: KeywordState): number | undefined =>
    'value' in state ? numberIn(owner.ownerOf(state.value), state.value) : undefined;
  const total = number(findKey(owner, retries.value, ['total_max_attempts']));
  if (total !== undefined) return total;
  const max = number(findKey(owner, retries.value, ['max_attempts']));
  if (max !== undefined) return max + 1;
  const mode = findKey(owner, retries.value, ['mode']);
  return 'value' in mode && /standard|adaptive/.test(owner.text(mode.value)) ? 3 : byDefault;
}
