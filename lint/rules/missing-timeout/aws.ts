import { addOption } from '../../analysis/javascript/edits.js';
import { isCallLike, unwrap } from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { findOption } from '../../analysis/javascript/options.js';
import type { OptionState } from '../../analysis/javascript/options.js';
import type { ClientFact } from '../../knowledge/clients/index.js';
import { fix, suggestedBound } from '../../rule.js';
import type { JavaScriptContext } from '../../rule.js';
import { instanceCalls } from './instances.js';

/**
 * Clients of the AWS SDK v3. Seen against a server that never answers: nothing ends a request by default, and
 * `requestTimeout` alone only logs; with `throwOnRequestTimeout`, or with `socketTimeout`, it ends.
 */
export function checkAwsClient(context: JavaScriptContext, node: CallLike, fact: ClientFact): void {
  if (node.type !== 'NewExpression') return;
  const { origins } = context.module;
  const handler = findOption(origins, node.arguments[0], ['requestHandler']);
  if (handler.state === 'present') return checkHandler(context, node, handler);
  if (handler.state === 'unknown') return;
  const calls = instanceCalls(context, node);
  if (calls.length > 0 && calls.every((call) => bounded(context, call))) return;
  const { ms } = suggestedBound(context.functionTimeout);
  const insert = fact.insert?.replace('{ms}', String(ms)) ?? '';
  const edit = addOption(context.sourceCode, node, 0, insert);
  context.report({
    at: node,
    message: 'quiet',
    data: { client: `\`new ${textOf(context, node.callee)}\``, byDefault: fact.byDefault, write: fact.write },
    fixes: edit === undefined ? [] : [fix('Bound its requests with a requestHandler', false, edit)],
  });
}

function bounded(context: JavaScriptContext, call: CallLike): boolean {
  return findOption(context.module.origins, call.arguments[1], ['abortSignal']).state === 'present';
}

function checkHandler(context: JavaScriptContext, node: CallLike, handler: OptionState): void {
  const options = handler.state === 'present' ? handlerOptions(context, handler.value) : undefined;
  if (options === undefined) return;
  const { origins } = context.module;
  const has = (name: string): OptionState['state'] => findOption(origins, options, [name]).state;
  if (has('requestTimeout') !== 'present') return;
  if (has('throwOnRequestTimeout') !== 'absent' || has('socketTimeout') !== 'absent') return;
  const literal = unwrap(options);
  const last = literal.type === 'ObjectExpression' ? literal.properties.at(-1) : undefined;
  const edits =
    last === undefined ? [] : [{ start: last.range[1], end: last.range[1], text: ', throwOnRequestTimeout: true' }];
  context.report({
    at: node,
    message: 'warnOnly',
    fixes: edits.length === 0 ? [] : [fix('Add `throwOnRequestTimeout: true`', false, ...edits)],
  });
}

/** The options object of `requestHandler: {…}` or `requestHandler: new NodeHttpHandler({…})`. */
function handlerOptions(context: JavaScriptContext, value: Node | undefined): Node | undefined {
  if (value === undefined) return undefined;
  const node = unwrap(value);
  if (node.type === 'ObjectExpression') return node;
  const creation = isCallLike(node) ? node : context.module.origins.of(node)?.creation;
  return creation?.type === 'NewExpression' ? creation.arguments[0] : undefined;
}

function textOf(context: JavaScriptContext, node: Node): string {
  return context.sourceCode.text.slice(node.range[0], node.range[1]);
}
