import { parentOf } from '../../analysis/javascript/ast.js';
import { handlerNameFor } from '../../analysis/javascript/handlers.js';
import { nameOf, outboundOf } from '../../analysis/javascript/outbound/index.js';
import type { Outbound, OutboundState } from '../../analysis/javascript/outbound/index.js';
import type { Fix } from '../../../emulator/contract/findings.js';
import { fix, suggestedBound } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

type Ineffective = Extract<OutboundState, { kind: 'ineffective' }>;

/** Reports limits that are set and do nothing, with the reason. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const each of outboundOf(context.module, context.around.installed).all) {
          if (each.state.kind === 'ineffective') report(context, each, each.state);
        }
      },
    };
  },
};

function report(context: JavaScriptContext, { node, known, dependency }: Outbound, state: Ineffective): void {
  const handler = handlerNameFor(context.module, node);
  context.report({
    at: node,
    message: state.reason,
    data: { client: `\`${nameOf(context.module, node, known)}\``, option: state.option },
    fixes: fixesFor(context, state),
    dependency,
    ...(handler === undefined ? {} : { handler }),
  });
}

/** None is safe: from then on a call that hangs fails, which is what was meant. */
function fixesFor(context: JavaScriptContext, state: Ineffective): Fix[] {
  if (state.mend !== undefined) return [fix(state.mend.title, false, ...state.mend.edits)];
  const { value } = state;
  if (value === undefined || context.module.ownerOf(value) !== context.module) return [];
  const [start, end] = value.range;
  const text = context.module.text(value);
  if (state.reason === 'zero') {
    const ms = String(suggestedBound(context.functionTimeout).ms);
    return [fix(`Limit it to ${ms} ms`, false, { start, end, text: ms })];
  }
  if (state.reason === 'gotNumber')
    return [fix('Write `{ request: ms }`', false, { start, end, text: `{ request: ${text} }` })];
  const property = parentOf(value);
  if (state.reason !== 'ignoredOption' || property?.type !== 'Property' || property.shorthand) return [];
  const signal = `signal: AbortSignal.timeout(${text})`;
  return [fix(`Write \`${signal}\``, false, { start: property.range[0], end: property.range[1], text: signal })];
}
