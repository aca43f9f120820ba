import { addKeyword, findKeyword, positionalOf, stringValue, visiblePythonText } from '../../analysis/python/calls.js';
import { isAdaptedSession } from '../../analysis/python/sessions.js';
import { child } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { factOf } from '../../knowledge/clients/index.js';
import type { ClientFact } from '../../knowledge/clients/index.js';
import { isLocalTarget } from '../../knowledge/local.js';
import { fix, suggestedBound } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Finds the calls and clients of knowledge/clients that no keyword bounds. */
export const python: PythonRule = {
  create(context) {
    return {
      call(node) {
        const path = context.module.origins.path(child(node, 'function'));
        const known = factOf('python', path, context.around.installed);
        if (known === undefined) return;
        // httpx and aiohttp are bounded until somebody takes that away.
        if (known.waits !== 'bounded' || known.fact.special === 'python-none-only')
          check(context, node, known.fact, path);
      },
    };
  },
};

function check(context: PythonContext, node: PyNode, fact: ClientFact, path: string): void {
  const { module } = context;
  if (fact.special === 'boto3') return checkBoto(context, node, fact);
  const state = findKeyword(module, node, fact.bounds[0] ?? []).state;
  if (fact.special === 'python-none-only') {
    if (state === 'none') report(context, node, fact, path);
    return;
  }
  const positional = positionalOf(node);
  const target = positional[0];
  if (target !== undefined && isLocalTarget(visiblePythonText(module, target), module.source)) return;
  if (positional.some((each) => each.type === 'list_splat')) return;
  if (fact.positional !== undefined && positional.length > fact.positional) return;
  if (state === 'present' || state === 'unknown' || isBoundedElsewhere(context, fact, path, node)) return;
  report(context, node, fact, path);
}

function isBoundedElsewhere(context: PythonContext, fact: ClientFact, path: string, node: PyNode): boolean {
  const text = context.module.source;
  if (/^(urlopen|http\.client|smtplib)$/.test(fact.client)) return /\bsocket\.setdefaulttimeout\(\s*[^)\s]/.test(text);
  if (fact.client === 'urllib3' && path !== 'urllib3.request') return creationHas(context, node, 'timeout');
  if (fact.client === 'psycopg') return /statement_timeout/.test(text);
  if (fact.client === 'redis' && path.endsWith('from_url')) return /[?&]socket_timeout=/.test(text);
  return /[sS]ession\(\)/.test(path) && isAdaptedSession(context.module, node);
}

function creationHas(context: PythonContext, node: PyNode, keyword: string): boolean {
  const callee = child(node, 'function');
  const creation = callee === undefined ? undefined : context.module.origins.of(callee)?.creation;
  const state = creation === undefined ? 'absent' : findKeyword(context.module, creation, [keyword]).state;
  return state === 'present' || state === 'unknown';
}

function checkBoto(context: PythonContext, node: PyNode, fact: ClientFact): void {
  const { module } = context;
  const config = findKeyword(module, node, ['config']);
  if (config.state === 'unknown') return;
  if (config.state === 'present' && !isUnboundedConfig(context, config.value)) return;
  const service = stringValue(module, positionalOf(node)[0]);
  // S3's presigned URLs and STS set no long calls, yet every client can hang the same way: one word for all.
  report(context, node, fact, service === undefined ? 'boto3' : `boto3 ${service}`);
}

function isUnboundedConfig(context: PythonContext, value: PyNode): boolean {
  const creation = context.module.origins.of(value)?.creation;
  if (creation === undefined) return false;
  return findKeyword(context.module, creation, ['connect_timeout', 'read_timeout']).state === 'absent';
}

function report(context: PythonContext, node: PyNode, fact: ClientFact, path: string): void {
  const { ms, safe } = suggestedBound(context.functionTimeout);
  const insert = fact.insert?.replace('{ms}', String(ms)).replace('{s}', String(ms / 1000));
  const state = findKeyword(context.module, node, fact.bounds[0] ?? []).state;
  const edit = insert === undefined || state === 'none' ? undefined : addKeyword(context.module, node, insert);
  const name = fact.special === 'boto3' ? path : context.module.text(child(node, 'function')).replace(/\s+/g, '');
  context.report({
    at: node,
    message: fact.quiet ? 'quiet' : 'unbounded',
    data: { client: `\`${name}\``, byDefault: fact.byDefault, write: fact.write },
    fixes: edit === undefined ? [] : [fix(`Add \`${insert ?? ''}\``, safe && fact.quiet !== true, edit)],
  });
}
