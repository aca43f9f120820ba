import { callText } from '../../analysis/python/calls.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import { longestPythonWay, sumOf } from '../../analysis/python/outbound/budget.js';
import type { PyWait } from '../../analysis/python/outbound/budget.js';
import type { PyNode } from '../../analysis/python/tree.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Adds up the waits of each handler on its longest way, and compares them with the function's timeout. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        if (context.around.functions.length === 0) return;
        for (const handler of context.module.handlers) check(context, handler);
      },
    };
  },
};

function check(context: PythonContext, handler: PyHandler): void {
  const { module, around } = context;
  if (handler.deployed === undefined) return;
  const { name, timeoutMs } = handler.deployed;
  const allowedMs = timeoutMs - Number(context.options['marginMs'] ?? 0);
  const waits = longestPythonWay(module, around.installed, handler.fn);
  // One attempt that is too long by itself is timeout-exceeds-function's.
  if (sumOf(waits) <= allowedMs || waits.some((each) => each.bound.ms >= timeoutMs)) return;
  const at = placeOf(context, waits, allowedMs);
  const last = waits.at(-1);
  if (at === undefined || last === undefined) return;
  context.report({
    at,
    message: 'over',
    data: {
      total: duration(sumOf(waits)),
      waits: shown(context, waits),
      function: `"${name}"`,
      timeout: duration(timeoutMs),
    },
    handler: handler.name,
    dependency: last.client.dependency,
  });
}

/** The call of this file at which the time is up; the last before it where that is in another file. */
function placeOf(context: PythonContext, waits: readonly PyWait[], timeoutMs: number): PyNode | undefined {
  let total = 0;
  let place: PyNode | undefined;
  for (const { call, ms } of waits) {
    total += ms;
    if (context.module.ownerOf(call) === context.module) place = call;
    if (total > timeoutMs && place !== undefined) break;
  }
  return place;
}

function shown(context: PythonContext, waits: readonly PyWait[]): string {
  const parts = waits.map(({ call, bound }) => {
    const times = bound.attempts > 1 ? `${String(bound.attempts)} × ` : '';
    return `${callText(context.module, call).replaceAll('`', '')} ${times}${duration(bound.ms)}`;
  });
  const more = parts.length - 5;
  return [...parts.slice(0, 5), ...(more > 0 ? [`${String(more)} more`] : [])].join(', ');
}
