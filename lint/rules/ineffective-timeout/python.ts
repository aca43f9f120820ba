import type { Fix } from '../../../emulator/contract/findings.js';
import { pythonHandlerNameFor } from '../../analysis/python/handlers.js';
import { pyOutboundOf } from '../../analysis/python/outbound/index.js';
import type { PyOutbound, PyOutboundState } from '../../analysis/python/outbound/index.js';
import { child, named } from '../../analysis/python/tree.js';
import { fix, suggestedBound } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

type Ineffective = Extract<PyOutboundState, { kind: 'ineffective' }>;

/** Reports limits that are set and do nothing, with the reason. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const each of pyOutboundOf(context.module, context.around.installed).all) {
          if (each.state.kind === 'ineffective') report(context, each, each.state);
        }
      },
    };
  },
};

function report(context: PythonContext, { node, known, dependency }: PyOutbound, state: Ineffective): void {
  const { module } = context;
  const name = module.text(child(node, 'function')).replace(/\s+/g, '');
  const handler = pythonHandlerNameFor(module, node);
  const value = module.text(state.value).replace(/\s+/g, ' ');
  context.report({
    at: node,
    message: state.reason,
    data: {
      client: `\`${name === '' || name.length > 60 ? known.fact.client : name}\``,
      option: state.option,
      value: value.length > 30 ? '…' : value,
    },
    fixes: fixesFor(context, known.fact.client, state),
    dependency,
    ...(handler === undefined ? {} : { handler }),
  });
}

/** None is safe: from then on a call that hangs fails, which is what was meant. */
function fixesFor(context: PythonContext, client: string, state: Ineffective): Fix[] {
  const { ms } = suggestedBound(context.functionTimeout);
  const shown = state.reason === 'noneForReading' ? named(state.value)[1] : state.value;
  const fits = state.reason !== 'ignoredAttribute' && (client !== 'aiohttp' || state.option === 'total');
  if (!fits || shown === undefined || context.module.ownerOf(shown) !== context.module) return [];
  // A tuple behind a name is written elsewhere; nothing here says what else reads it.
  if (state.reason === 'noneForReading' && state.value.type !== 'tuple') return [];
  const text = /MS$/.test(state.option) ? String(ms) : String(ms / 1000);
  return [fix(`Limit it to ${String(ms)} ms`, false, { start: shown.start, end: shown.end, text })];
}
