import type { TSESTree } from '@typescript-eslint/types';
import { addOption } from '../../analysis/javascript/edits.js';
import { isCallLike, keyName, outer, parentOf, stringOf, unwrap } from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { findOption, visibleText } from '../../analysis/javascript/options.js';
import { factOf } from '../../knowledge/clients/index.js';
import type { ClientFact } from '../../knowledge/clients/index.js';
import { isLocalTarget } from '../../knowledge/local.js';
import { fix, suggestedBound } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { checkAwsClient } from './aws.js';
import { checkHttpRequest } from './http.js';
import { instanceCalls, setsDefault } from './instances.js';

/** Finds the calls and clients of knowledge/clients that nothing bounds. */
export const javascript: JavaScriptRule = {
  create(context) {
    const check = (node: CallLike): void => {
      const path = context.module.origins.path(node.callee);
      if (path === '') return;
      const known = factOf('javascript', path, context.around.installed);
      if (known === undefined || known.waits === 'bounded' || context.module.isBrowser) return;
      checkCall(context, node, known.fact, path);
    };
    return {
      CallExpression: (node: TSESTree.CallExpression) => check(node),
      NewExpression: (node: TSESTree.NewExpression) => check(node),
    };
  },
};

function checkCall(context: JavaScriptContext, node: CallLike, fact: ClientFact, path: string): void {
  const { origins } = context.module;
  if (node.arguments.some((each) => each.type === 'SpreadElement')) return;
  if (/^(new )?[A-Z]/.test(path.split('.').at(-1) ?? '') !== (node.type === 'NewExpression') && isConstructor(path))
    return;
  if (isLocal(context, node)) return;
  if (fact.special === 'aws-v3') return checkAwsClient(context, node, fact);
  if (fact.special === 'http') return checkHttpRequest(context, node, fact);
  if (fact.special === 'chain') return checkChain(context, node, fact);
  if (isBoundedElsewhere(context, node, fact, path)) return;
  const options = node.arguments[fact.options ?? 0];
  const states = fact.bounds.map((names) => findOption(origins, options, names).state);
  if (states.includes('unknown') || !states.includes('absent')) return;
  report(context, node, fact);
}

/** True when the first argument shows that the call stays inside the instance. */
function isLocal(context: JavaScriptContext, node: CallLike): boolean {
  const target = node.arguments[0];
  if (target === undefined || node.type === 'NewExpression') return false;
  return isLocalTarget(visibleText(context.module.origins, context.sourceCode.text, target), context.sourceCode.text);
}

function isConstructor(path: string): boolean {
  return /\.[A-Z]\w*$/.test(path) && !path.startsWith('global.');
}

function isBoundedElsewhere(context: JavaScriptContext, node: CallLike, fact: ClientFact, path: string): boolean {
  if (/^(fetch|node-fetch|undici)$/.test(fact.client)) return isBoundedFetch(context, node);
  if (path === 'axios') return hasConfigFirst(context, node) || setsDefault(context, node);
  if (path.startsWith('axios.') && setsDefault(context, node)) return true;
  if (fact.special === 'axios-create') return instancesBounded(context, node);
  if (fact.client === 'mysql') return instanceCalls(context, node).some((call) => hasTimeout(context, call));
  if (fact.special === 'aws-v2') return node.type !== 'NewExpression' || setsConfig(context);
  if (fact.special === 'last-options') return lastOptionsBound(context, node, fact);
  return false;
}

/** `fetch(request)` where the request was made elsewhere, `Promise.race` with a timer, and pages' relative URLs. */
function isBoundedFetch(context: JavaScriptContext, node: CallLike): boolean {
  const target = node.arguments[0];
  if (target === undefined) return true;
  const url = unwrap(target);
  if (stringOf(url)?.startsWith('/') === true) return true;
  if (node.arguments.length === 1 && isRequestObject(context, url)) return true;
  for (let at = parentOf(node); at !== undefined && !/Statement$/.test(at.type); at = parentOf(at)) {
    if (at.type === 'CallExpression' && context.module.origins.path(at.callee) === 'global.Promise.race') return true;
  }
  return false;
}

function isRequestObject(context: JavaScriptContext, url: Node): boolean {
  if (url.type === 'Identifier' && /^req(uest)?$/i.test(url.name)) return true;
  const origin = context.module.origins.of(url);
  return origin !== undefined && /(^|\.)Request\(\)$/.test(origin.path);
}

/** `axios({ url, timeout })` has its config first; `axios(url, config)` second. */
function hasConfigFirst(context: JavaScriptContext, node: CallLike): boolean {
  const first = node.arguments[0];
  if (first === undefined || node.arguments.length > 1) return false;
  if (stringOf(unwrap(first)) !== undefined) return false;
  return findOption(context.module.origins, first, ['timeout', 'signal', 'cancelToken']).state !== 'absent';
}

/** An instance without a limit is fine when every call on it sets one. */
function instancesBounded(context: JavaScriptContext, node: CallLike): boolean {
  if (setsDefault(context, node)) return true;
  const calls = instanceCalls(context, node);
  return calls.length > 0 && calls.every((call) => hasTimeout(context, call));
}

function hasTimeout(context: JavaScriptContext, call: CallLike): boolean {
  return call.arguments.some((each) => {
    const found = findOption(context.module.origins, each, ['timeout', 'signal', 'cancelToken']);
    return found.state === 'present';
  });
}

/** `AWS.config.update({ httpOptions })` bounds every client of the file. */
function setsConfig(context: JavaScriptContext): boolean {
  return /\bhttpOptions\b/.test(context.sourceCode.text);
}

/** `new Redis(port, host, options)`: the options may stand at any place. */
function lastOptionsBound(context: JavaScriptContext, node: CallLike, fact: ClientFact): boolean {
  return node.arguments.some((each) => {
    return fact.bounds.every((names) => findOption(context.module.origins, each, names).state !== 'absent');
  });
}

function checkChain(context: JavaScriptContext, node: CallLike, fact: ClientFact): void {
  for (let at = parentOf(node); at !== undefined && !/Statement$/.test(at.type); at = parentOf(at)) {
    if (at.type !== 'MemberExpression') continue;
    if (fact.bounds.some((names) => names.includes(keyName(at) ?? ''))) return;
  }
  report(context, node, fact);
}

function report(context: JavaScriptContext, node: CallLike, fact: ClientFact): void {
  const index = fact.options ?? 0;
  const { ms, safe } = suggestedBound(context.functionTimeout);
  const insert = fact.insert?.replace('{ms}', String(ms));
  const place = fact.client === 'axios' && isConfigCall(node) ? 0 : index;
  const edit = insert === undefined ? undefined : addOption(context.sourceCode, node, place, insert);
  context.report({
    at: node,
    message: fact.quiet ? 'quiet' : 'unbounded',
    data: { client: clientName(context, node, fact), byDefault: fact.byDefault, write: fact.write },
    // A client's own retries may add up to more than one bound, so only plain requests keep behaviour.
    fixes: edit === undefined ? [] : [fix(`Add \`${insert ?? ''}\``, safe && fact.quiet !== true, edit)],
  });
}

function isConfigCall(node: CallLike): boolean {
  const first = node.arguments[0];
  return node.arguments.length === 1 && first !== undefined && unwrap(first).type === 'ObjectExpression';
}

function clientName(context: JavaScriptContext, node: CallLike, fact: ClientFact): string {
  const callee = outer(node.callee);
  const text = context.sourceCode.text.slice(callee.range[0], callee.range[1]);
  const short = /^[\w.]{1,40}$/.test(text) ? text : (fact.label ?? fact.client);
  return isCallLike(node) && node.type === 'NewExpression' ? `\`new ${short}\`` : `\`${short}\``;
}
