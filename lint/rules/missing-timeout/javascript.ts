import { addOption } from '../../analysis/javascript/edits.js';
import { isFunction, parentOf, unwrap } from '../../analysis/javascript/ast.js';
import type { CallLike } from '../../analysis/javascript/ast.js';
import { handlerNameFor } from '../../analysis/javascript/handlers.js';
import { findOption } from '../../analysis/javascript/options.js';
import { nameOf, outboundOf } from '../../analysis/javascript/outbound/index.js';
import type { Outbound, OutboundCalls } from '../../analysis/javascript/outbound/index.js';
import type { TextEdit } from '../../../emulator/contract/findings.js';
import { fix, isIgnored, suggestedBound } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** Reports the calls and clients of knowledge/clients that nothing bounds. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        const outbound = outboundOf(context.module, context.around.installed);
        for (const each of outbound.all) {
          if (each.state.kind !== 'unbounded' || each.known.fact.rule !== undefined) continue;
          if (isIgnored(context.options, each.dependency)) continue;
          if (!isOtherBranch(outbound, each.node)) report(context, each);
        }
      },
    };
  },
};

/** `secure ? https.request(…) : http.request(…)` is one call to whoever mends it. */
function isOtherBranch(outbound: OutboundCalls, node: CallLike): boolean {
  const parent = parentOf(node);
  if (parent?.type !== 'ConditionalExpression' || unwrap(parent.alternate) !== node) return false;
  const first = unwrap(parent.consequent);
  return first.type === 'CallExpression' && outbound.at(first)?.state.kind === 'unbounded';
}

function report(context: JavaScriptContext, { node, known, dependency }: Outbound): void {
  const { fact } = known;
  const quiet = fact.quiet === true && known.waits !== 'forever';
  const { ms, safe } = suggestedBound(context.functionTimeout);
  const insert = missingOptions(context, node, fact.insert)?.replaceAll('{ms}', String(ms));
  const edit = editFor(context, node, known.fact.special, insert, ms);
  const handler = handlerNameFor(context.module, node);
  // A client's own retries may add up to more than one bound, so only plain requests keep behaviour.
  const plain = fact.special === undefined && node.type === 'CallExpression' && !quiet;
  context.report({
    at: node,
    message: quiet ? 'quiet' : 'unbounded',
    data: { client: `\`${nameOf(context.module, node, known)}\``, byDefault: fact.byDefault, write: fact.write },
    fixes: edit === undefined ? [] : [fix(`Add \`${edit.text.replace(/^[,\s]+|[,\s]+$/g, '')}\``, safe && plain, edit)],
    dependency,
    ...(handler === undefined ? {} : { handler }),
  });
}

/** What is left of an insertion such as `a: {ms}, b: {ms}` when the options already have one of them. */
function missingOptions(context: JavaScriptContext, node: CallLike, insert: string | undefined): string | undefined {
  const pieces = insert?.split(/, (?=\w+: \{ms\})/);
  const left = pieces?.filter((piece) => {
    const [name = ''] = piece.split(':');
    return !node.arguments.some((each) => findOption(context.module.origins, each, [name]).state === 'present');
  });
  return left?.join(', ');
}

function editFor(
  context: JavaScriptContext,
  node: CallLike,
  special: string | undefined,
  insert: string | undefined,
  ms: number,
): TextEdit | undefined {
  const end = { start: node.range[1], end: node.range[1] };
  if (special === 'chain') return { ...end, text: `.timeout(${String(ms)})` };
  if (special === 'http') return addSignal(context, node, `signal: AbortSignal.timeout(${String(ms)})`);
  if (insert === undefined || insert === '') return undefined;
  return addOption(context.sourceCode, node, placeOf(context, node), insert);
}

/** The index of the options: `axios({ … })` and `got({ … })` have them first. */
function placeOf(context: JavaScriptContext, node: CallLike): number {
  const outbound = outboundOf(context.module, context.around.installed).at(node);
  const first = node.arguments[0];
  const configFirst = node.arguments.length === 1 && first !== undefined && unwrap(first).type === 'ObjectExpression';
  return configFirst ? 0 : (outbound?.known.fact.options ?? 0);
}

/** `http.get(url, callback)` takes options between the two; `http.get({ … }, callback)` has them first. */
function addSignal(context: JavaScriptContext, node: CallLike, text: string): TextEdit | undefined {
  const [first, second] = node.arguments;
  if (first === undefined) return undefined;
  if (unwrap(first).type === 'ObjectExpression') return addOption(context.sourceCode, node, 0, text);
  const isUrl = /^(Literal|TemplateLiteral)$/.test(unwrap(first).type);
  if (second === undefined) return isUrl ? addOption(context.sourceCode, node, 1, text) : undefined;
  if (unwrap(second).type === 'ObjectExpression') return addOption(context.sourceCode, node, 1, text);
  if (!isUrl || !isFunction(unwrap(second))) return undefined;
  return { start: first.range[1], end: first.range[1], text: `, { ${text} }` };
}
