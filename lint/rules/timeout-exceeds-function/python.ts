import type { Fix } from '../../../emulator/contract/findings.js';
import { callText } from '../../analysis/python/calls.js';
import { longestPythonWay } from '../../analysis/python/outbound/budget.js';
import { pyOutboundOf } from '../../analysis/python/outbound/index.js';
import type { PyBound, PyOutbound } from '../../analysis/python/outbound/index.js';
import { pythonHandlerAround } from '../../analysis/python/handlers.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Compares each limit that the code shows with the timeout of the function that waits for it. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        if (context.around.functions.length === 0) return;
        const reported = new Set<PyNode>();
        for (const handler of context.module.handlers) inHandler(context, handler, reported);
        inFile(context, reported);
      },
    };
  },
};

/** The waits of one handler, those of clients of other files among them. */
function inHandler(context: PythonContext, handler: PyHandler, reported: Set<PyNode>): void {
  const { module, around } = context;
  if (handler.deployed === undefined) return;
  for (const { call, client, bound } of longestPythonWay(module, around.installed, handler.fn)) {
    const here = module.ownerOf(client.node) === module && client.state.kind === 'bounded' ? client.node : call;
    if (module.ownerOf(here) !== module) continue;
    const { name, timeoutMs } = handler.deployed;
    check(context, { at: here, client, bound, handler }, name, timeoutMs, reported);
  }
}

/** Everything else of the file: only what is too long for every function that it holds. */
function inFile(context: PythonContext, reported: Set<PyNode>): void {
  const { module, around } = context;
  const [longest] = [...around.functions].sort((a, b) => b.timeoutMs - a.timeoutMs);
  if (longest === undefined) return;
  for (const client of pyOutboundOf(module, around.installed).all) {
    const { state } = client;
    if (state.kind !== 'bounded' || state.bound === undefined) continue;
    const handler = pythonHandlerAround(module, client.node);
    const { name, timeoutMs } = handler?.deployed ?? longest;
    check(context, { at: client.node, client, bound: state.bound, handler }, name, timeoutMs, reported);
  }
}

interface Case {
  readonly at: PyNode;
  readonly client: PyOutbound;
  readonly bound: PyBound;
  readonly handler: PyHandler | undefined;
}

function check(
  context: PythonContext,
  { at, client, bound, handler }: Case,
  name: string,
  timeoutMs: number,
  reported: Set<PyNode>,
): void {
  if (bound.ms < timeoutMs || reported.has(at)) return;
  reported.add(at);
  context.report({
    at,
    message: 'exceeds',
    data: {
      client: callText(context.module, at),
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
function fixes(context: PythonContext, { value }: PyBound, timeoutMs: number): Fix[] {
  if (value === undefined || context.module.ownerOf(value) !== context.module) return [];
  if (!/^(integer|float|binary_operator)$/.test(value.type)) return [];
  const seconds = String(Math.max(1, Math.floor(timeoutMs * 0.9)) / 1000);
  return [fix(`Limit it to ${seconds} s`, true, { start: value.start, end: value.end, text: seconds })];
}
