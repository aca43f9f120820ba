import { addKeyword } from '../../analysis/python/calls.js';
import { pythonHandlerNameFor } from '../../analysis/python/handlers.js';
import { pyOutboundOf } from '../../analysis/python/outbound/index.js';
import type { PyOutbound } from '../../analysis/python/outbound/index.js';
import { child } from '../../analysis/python/tree.js';
import { fix, isIgnored, suggestedBound } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Reports the calls and clients of knowledge/clients that nothing bounds. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const each of pyOutboundOf(context.module, context.around.installed).all) {
          if (each.state.kind !== 'unbounded' || each.known.fact.rule !== undefined) continue;
          if (each.known.waits !== 'bounded' && !isIgnored(context.options, each.dependency)) report(context, each);
        }
      },
    };
  },
};

function report(context: PythonContext, { node, known, dependency }: PyOutbound): void {
  const { fact } = known;
  const { ms, safe } = suggestedBound(context.functionTimeout);
  const insert = fact.insert?.replace('{ms}', String(ms)).replace('{s}', String(ms / 1000));
  const edit = insert === undefined ? undefined : addKeyword(context.module, node, insert);
  const name = context.module.text(child(node, 'function')).replace(/\s+/g, '');
  const quiet = fact.quiet === true && known.waits !== 'forever';
  const handler = pythonHandlerNameFor(context.module, node);
  context.report({
    at: node,
    message: quiet ? 'quiet' : 'unbounded',
    data: {
      client: `\`${name.length > 60 ? (fact.label ?? fact.client) : name}\``,
      byDefault: fact.byDefault,
      write: fact.write,
    },
    fixes: edit === undefined ? [] : [fix(`Add \`${insert ?? ''}\``, safe && !quiet, edit)],
    dependency,
    ...(handler === undefined ? {} : { handler }),
  });
}
