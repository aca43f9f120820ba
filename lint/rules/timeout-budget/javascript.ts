import type { CallLike } from '../../analysis/javascript/ast.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { longestWay, sum } from '../../analysis/javascript/outbound/budget.js';
import type { Wait } from '../../analysis/javascript/outbound/budget.js';
import { nameOf } from '../../analysis/javascript/outbound/index.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Adds up the waits of each handler on its longest way, and compares them with the function's timeout. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        if (context.around.functions.length === 0) return;
        for (const handler of context.module.handlers) check(context, handler);
      },
    };
  },
};

function check(context: JavaScriptContext, handler: Handler): void {
  const { module, around } = context;
  if (handler.deployed === undefined) return;
  const { name, timeoutMs } = handler.deployed;
  const allowedMs = timeoutMs - Number(context.options['marginMs'] ?? 0);
  const waits = longestWay(module, around.installed, handler.fn);
  // One attempt that is too long by itself is timeout-exceeds-function's.
  if (sum(waits) <= allowedMs || waits.some((each) => each.bound.ms >= timeoutMs)) return;
  const at = placeOf(context, waits, allowedMs);
  const last = waits.at(-1);
  if (at === undefined || last === undefined) return;
  context.report({
    at,
    message: 'over',
    data: {
      total: duration(sum(waits)),
      waits: shown(context, waits),
      function: `"${name}"`,
      timeout: duration(timeoutMs),
    },
    handler: handler.name,
    dependency: last.client.dependency,
  });
}

/** The call of this file at which the time is up; the last before it where that is in another file. */
function placeOf(context: JavaScriptContext, waits: readonly Wait[], timeoutMs: number): CallLike | undefined {
  let total = 0;
  let place: CallLike | undefined;
  for (const { call, ms } of waits) {
    total += ms;
    if (context.module.ownerOf(call) === context.module) place = call;
    if (total > timeoutMs && place !== undefined) break;
  }
  return place;
}

function shown(context: JavaScriptContext, waits: readonly Wait[]): string {
  const parts = waits.map(({ call, client, bound }) => {
    const times = bound.attempts > 1 ? `${String(bound.attempts)} × ` : '';
    return `${nameOf(context.module, call, client.known)} ${times}${duration(bound.ms)}`;
  });
  const more = parts.length - 5;
  return [...parts.slice(0, 5), ...(more > 0 ? [`${String(more)} more`] : [])].join(', ');
}
