import { findKeyword, positionalOf } from '../calls.js';
import type { PythonModule } from '../module.js';
import { numberIn } from '../numbers.js';
import { child } from '../tree.js';
import type { PyNode } from '../tree.js';
import { isLimitedAround, isSetAround } from './around.js';
import type { Judged } from './judge.js';
import { visibleCall } from './text.js';
import { bounded, unbounded, unknown } from './types.js';
import type { PyOutboundState } from './types.js';

/** aiohttp ends after 300 s in all, until somebody takes that away: `None`, `ClientTimeout(total=None)`, `total=0`. */
export function judgeAiohttp({ module, node }: Judged): PyOutboundState {
  const timeout = findKeyword(module, node, ['timeout']);
  if (timeout.state === 'unknown' || isLimitedAround(module, node)) return unknown;
  if (timeout.state === 'absent') return bounded;
  if (!('value' in timeout)) return unknown;
  const none = { kind: 'ineffective', reason: 'none', option: 'timeout', value: timeout.value } as const;
  if (timeout.state === 'none') return none;
  const made = module.origins.valueOf(timeout.value);
  const owner = module.ownerOf(made);
  const seconds = numberIn(owner, made);
  if (seconds !== undefined) return { kind: 'bounded', bound: { ms: seconds * 1000, attempts: 1, backoffMs: 0 } };
  if (made.type !== 'call' || !/ClientTimeout$/.test(owner.text(child(made, 'function')))) return bounded;
  const other = findKeyword(owner, made, ['sock_read', 'sock_connect', 'connect']);
  const total = findKeyword(owner, made, ['total']);
  if (other.state !== 'absent' && other.state !== 'none') return bounded;
  if ('value' in total && total.state === 'none') return { ...none, option: 'total', value: total.value };
  const value = 'value' in total ? total.value : positionalOf(made)[0];
  const limit = value === undefined ? undefined : numberIn(owner, value);
  if (value !== undefined && (limit === 0 || value.type === 'none')) return { ...none, option: 'total', value };
  return limit === undefined ? bounded : { kind: 'bounded', bound: { ms: limit * 1000, attempts: 1, backoffMs: 0 } };
}

/** Drivers that wait for ever for a statement, by what the URL or `drivername` says. */
const waiting = /\b(mysql\+(pymysql|mysqldb)|postgres(ql)?(\+(psycopg2?|pg8000|asyncpg))?)(:\/\/|["'])/;

/** An engine of SQLAlchemy: its driver waits, and only `connect_args` or the URL bound it. */
export function judgeEngine(module: PythonModule, node: PyNode): PyOutboundState {
  if (findKeyword(module, node, ['creator']).state !== 'absent') return unknown;
  const args = findKeyword(module, node, ['connect_args']);
  const text = visibleCall(module, node);
  if (!waiting.test(text) || args.state === 'unknown') return unknown;
  const limits = text.replace(/\b(pool_timeout|connect_timeout)\b/g, '');
  if (/timeout/i.test(limits) || isSetAround(module, /statement_timeout|set_session_timeout/)) return bounded;
  return args.state === 'present' && !isShown(module, args.value) ? unknown : unbounded;
}

/** True for a dictionary that the code shows, or one of several. */
function isShown(module: PythonModule, value: PyNode): boolean {
  const all = [...module.origins.allAssigned(value), module.origins.valueOf(value)].filter((each) => each !== value);
  return [value, ...all].every((each) => each === value || each.type === 'dictionary' || each.type === 'identifier');
}
