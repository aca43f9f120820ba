import { isWithin } from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { longestWay } from '../../analysis/javascript/outbound/budget.js';
import { nameOf, outboundOf } from '../../analysis/javascript/outbound/index.js';
import type { Bound, Outbound } from '../../analysis/javascript/outbound/index.js';
import type { Fix } from '../../../emulator/contract/findings.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Compares each limit that the code shows with the timeout of the function that waits for it. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        if (context.around.functions.length === 0) return;
        const reported = new Set<Node>();
        for (const handler of context.module.handlers) inHandler(context, handler, reported);
        inFile(context, reported);
      },
    };
  },
};

/** The waits of one handler, those of clients of other files among them. */
function inHandler(context: JavaScriptContext, handler: Handler, reported: Set<Node>): void {
  const { module, around } = context;
  if (handler.deployed === undefined) return;
  const waits = longestWay(module, around.installed, handler.fn);
  for (const { call, client, bound } of waits) {
    const here = module.ownerOf(client.node) === module ? client.node : call;
    if (module.ownerOf(here) !== module) continue;
    check(context, { at: here, client, bound, handler }, handler.deployed.name, handler.deployed.timeoutMs, reported);
  }
}

/** Everything else of the file: only what is too long for every function that it holds. */
function inFile(context: JavaScriptContext, reported: Set<Node>): void {
  const { module, around } = context;
  const [longest] = [...around.functions].sort((a, b) => b.timeoutMs - a.timeoutMs);
  if (longest === undefined) return;
  for (const client of outboundOf(module, around.installed).all) {
    const { state } = client;
    if (state.kind !== 'bounded' || state.bound === undefined) continue;
    const handler = module.handlers.find((each) => isWithin(client.node, each.fn));
    const { name, timeoutMs } = handler?.deployed ?? longest;
    check(context, { at: client.node, client, bound: state.bound, handler }, name, timeoutMs, reported);
  }
}

interface Case {
  readonly at: CallLike;
  readonly client: Outbound;
  readonly bound: Bound;
  readonly handler: Handler | undefined;
}

function check(
  context: JavaScriptContext,
  { at, client, bound, handler }: Case,
  name: string,
  timeoutMs: number,
  reported: Set<Node>,
): void {
  if (bound.ms < timeoutMs || reported.has(at)) return;
  reported.add(at);
  context.report({
    at,
    message: 'exceeds',
    data: {
      client: `\`${nameOf(context.module, at, client.known)}\``,
      limit: duration(bound.ms),
      function: `"${name}"`,
      timeout: duration(timeoutMs),
    },
    fixes: fixes(context, bound, timeoutMs),
    dependency: client.dependency,
    ...(handler === undefined ? {} : { handler: handler.name }),
  });
}

/** 90 % of the function's timeout: what took longer was never answered, so behaviour is kept. */
function fixes(context: JavaScriptContext, { value }: Bound, timeoutMs: number): Fix[] {
  if (value === undefined || context.module.ownerOf(value) !== context.module) return [];
  if (value.type !== 'Literal' && value.type !== 'BinaryExpression') return [];
  const ms = String(Math.max(1, Math.floor(timeoutMs * 0.9)));
  return [fix(`Limit it to ${ms} ms`, true, { start: value.range[0], end: value.range[1], text: ms })];
}
