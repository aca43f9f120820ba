import { isLocalTarget } from '../../../knowledge/local.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import { argumentsOf, findKeyword, positionalOf } from '../calls.js';
import type { KeywordState } from '../calls.js';
import type { PythonModule } from '../module.js';
import { isAdaptedSession } from '../sessions.js';
import { child, named } from '../tree.js';
import type { PyNode } from '../tree.js';
import { isLimitedAround, isSetAround } from './around.js';
import { judgeAiohttp, judgeEngine } from './bounds.js';
import { judgeBoto } from './boto.js';
import { secondsOf, withAttempts } from './seconds.js';
import { targetText, visibleCall } from './text.js';
import { bounded, unbounded, unknown } from './types.js';
import type { PyOutboundState } from './types.js';

/** `os.environ.get("HOST", "localhost")`: what a developer's machine gets says nothing of the address in production. */
const fallback = /(?<=(?:environ\.get|getenv)\(\s*["'][^"']*["']\s*),\s*["'][^"']*["']/g;

/** What a judgement looks at. */
export interface Judged {
  readonly module: PythonModule;
  readonly node: PyNode;
  readonly path: string;
  readonly known: KnownClient;
}

/** Clients that take what `socket.setdefaulttimeout` says where they are given nothing. */
const socketBased = /^(urlopen|urlretrieve|http\.client|smtplib|ftplib|imaplib|socket|httplib2)$/;

/** What bounds an outbound call or a client. */
export function judge(judged: Judged): PyOutboundState {
  const { module, node, known } = judged;
  const { client } = known.fact;
  if (client === 'boto3') return judgeBoto(module, node);
  if (client === 'aiohttp') return judgeAiohttp(judged);
  if (client === 'sqlalchemy') return judgeEngine(module, node);
  if (positionalOf(node).some((each) => each.type === 'list_splat')) return unknown;
  if (client !== 'subprocess' && isLocalTarget(targetText(module, node, true).replace(fallback, ' '), module.source))
    return unknown;
  const own = ownLimit(judged);
  if (own.kind !== 'unbounded') return own;
  const pool = client === 'urllib3' ? poolLimit(judged) : undefined;
  if (pool !== undefined) return pool;
  return isBoundedElsewhere(judged) ? unknown : unbounded;
}

/** What the call itself says. */
function ownLimit(judged: Judged): PyOutboundState {
  const { module, node, known } = judged;
  const { fact } = known;
  const states = fact.bounds.map((names) => findKeyword(module, node, names));
  const positional = fact.positional === undefined ? undefined : positionalOf(node)[fact.positional];
  if (positional !== undefined) return limitOf(judged, positional);
  const none = states.find((each) => each.state === 'none');
  if (none !== undefined && 'value' in none && /timeout/i.test(optionOf(none.value, module))) {
    return isLimitedAround(module, node)
      ? unknown
      : { kind: 'ineffective', reason: 'none', option: optionOf(none.value, module), value: none.value };
  }
  if (states.some((each) => each.state === 'unknown')) return unknown;
  const set = states.find((each): each is KeywordState & { state: 'present' } => each.state === 'present');
  if (set !== undefined && states.every((each) => each.state === 'present')) return limitOf(judged, set.value);
  return fact.special === 'python-none-only' ? bounded : unbounded;
}

function optionOf(value: PyNode, module: PythonModule): string {
  const key = child(value.parent, 'name') ?? child(value.parent, 'key');
  return key === undefined ? 'timeout' : module.text(key).replace(/['"]/g, '');
}

function limitOf({ module, node, known }: Judged, value: PyNode): PyOutboundState {
  const owner = module.ownerOf(value);
  const shown = owner.origins.valueOf(value);
  if (shown.type === 'none') return { kind: 'ineffective', reason: 'none', option: 'timeout', value };
  const parts = shown.type === 'tuple' ? named(shown) : [];
  if (parts[1]?.type === 'none') return { kind: 'ineffective', reason: 'noneForReading', option: 'timeout', value };
  const callee = module.ownerOf(shown).text(child(shown, 'function'));
  if (/(^|\.)Timeout$/.test(callee) && argumentsOf(shown).length === 1 && positionalOf(shown)[0]?.type === 'none') {
    return { kind: 'ineffective', reason: 'none', option: 'timeout', value };
  }
  // Options of databases are no seconds: `options="-c statement_timeout=…"`.
  const seconds = /^(psycopg|pymongo|redis)$/.test(known.fact.client) ? undefined : secondsOf(owner, value);
  return seconds === undefined
    ? bounded
    : { kind: 'bounded', bound: { ...withAttempts(module, node, seconds), value: shown } };
}

function isBoundedElsewhere({ module, node, known, path }: Judged): boolean {
  const { client } = known.fact;
  if (isLimitedAround(module, node) || /\bsignal\.(alarm|setitimer)\(/.test(module.source)) return true;
  if (socketBased.test(client) && isSetAround(module, /\bsetdefaulttimeout\(\s*[^)\s]/)) return true;
  switch (client) {
    case 'psycopg':
      return isSetAround(module, /statement_timeout/);
    case 'redis':
      return redisIsBounded(module, node);
    case 'pymongo':
      return /timeoutMS\b/i.test(visibleCall(module, node)) || isSetAround(module, /\bpymongo\.timeout\(/);
    case 'ftplib':
      return argumentsOf(node).length === 0;
    case 'pymysql':
    case 'pymssql':
    case 'pg8000':
      return false;
    default:
      return /Session\(\)|session\(\)/.test(path) && isAdaptedSession(module, node);
  }
}

/** A pool that a client is given bounds it, or does not: it is judged where it is made. */
function redisIsBounded(module: PythonModule, node: PyNode): boolean {
  return (
    findKeyword(module, node, ['connection_pool']).state !== 'absent' ||
    /[?&]socket_timeout=/.test(visibleCall(module, node))
  );
}

/** `PoolManager(timeout=…)`, or what is set on it later, bounds its requests. */
function poolLimit(judged: Judged): PyOutboundState | undefined {
  const { module, node } = judged;
  const callee = child(node, 'function');
  const creation = callee && module.origins.of(callee)?.creation;
  if (creation === undefined) return undefined;
  const owner = module.ownerOf(creation);
  const limit = findKeyword(owner, creation, ['timeout']);
  if (limit.state === 'present') return limitOf(judged, limit.value);
  if (limit.state === 'unknown' || isSetAround(owner, /connection_pool_kw\[.timeout.\]/)) return unknown;
  return undefined;
}
