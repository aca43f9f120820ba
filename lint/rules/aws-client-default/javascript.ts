import { addOption } from '../../analysis/javascript/edits.js';
import { handlerNameFor } from '../../analysis/javascript/handlers.js';
import { nameOf, outboundOf } from '../../analysis/javascript/outbound/index.js';
import { fix, isIgnored, suggestedBound } from '../../rule.js';
import type { JavaScriptRule } from '../../rule.js';

/** Reports the clients of the AWS SDK, 2 and 3, that nothing bounds: one finding a client, where it is made. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const { node, known, state, dependency } of outboundOf(context.module, context.around.installed).all) {
          if (state.kind !== 'unbounded' || known.fact.rule !== 'aws-client-default') continue;
          if (isIgnored(context.options, dependency)) continue;
          const { ms } = suggestedBound(context.functionTimeout);
          const insert = known.fact.insert?.replaceAll('{ms}', String(ms)) ?? '';
          const edit = addOption(context.sourceCode, node, 0, insert);
          const handler = handlerNameFor(context.module, node);
          context.report({
            at: node,
            message: 'default',
            data: {
              client: `\`${nameOf(context.module, node, known)}\``,
              byDefault: known.fact.byDefault,
              write: known.fact.write,
            },
            fixes: edit === undefined ? [] : [fix(`Add \`${insert}\``, false, edit)],
            dependency,
            ...(handler === undefined ? {} : { handler }),
          });
        }
      },
    };
  },
};
