import type { TSESTree } from '@typescript-eslint/types';
import { answerOf } from '../../analysis/javascript/answers.js';
import type { Answer } from '../../analysis/javascript/answers.js';
import { parentOf, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { isAsynchronous } from '../../deployment.js';
import type { HandlerKind } from '../../deployment.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** One finding a handler, at the first place where it answers a failure to nobody. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const handler of context.module.handlers) {
          const looks = isAsynchronous(handler.kind) && handler.convention === 'lambda' && !handler.shaped;
          if (looks && !/\bbatchItemFailures\b/.test(context.module.text(handler.fn))) check(context, handler);
        }
      },
    };
  },
};

/** A value that becomes the answer, and the catch clause that it is given in. */
interface Given {
  readonly at: Node;
  readonly answer: Answer;
  readonly clause: TSESTree.CatchClause | undefined;
}

function check(context: JavaScriptContext, handler: Handler): void {
  const failing = givenIn(context, handler.fn).filter(
    ({ answer, clause }) => clause !== undefined || (typeof answer === 'number' && answer >= 400),
  );
  const found = failing.find((each) => each.clause !== undefined) ?? failing[0];
  if (found === undefined) return;
  context.report({
    at: found.at,
    message: 'thrown',
    data: {
      handler: handler.name,
      source: sources[handler.kind] ?? 'an event source',
      status: typeof found.answer === 'number' ? String(found.answer) : 'a status',
    },
    fixes: rethrow(found),
    handler: handler.name,
  });
}

const sources: Partial<Record<HandlerKind, string>> = {
  queue: 'a queue',
  stream: 'a stream',
  schedule: 'a schedule',
};

/** What is returned, and what a catch clause assigns to be returned later. */
function givenIn(context: JavaScriptContext, fn: FunctionNode): Given[] {
  const found: Given[] = [];
  const callback = fn.params[2];
  walkOwn(fn, (node) => {
    const clause = clauseAround(node, fn);
    const value =
      node.type === 'ReturnStatement'
        ? node.argument
        : node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && clause !== undefined
          ? node.right
          : node.type === 'CallExpression' && isCall(node, callback)
            ? node.arguments[1]
            : undefined;
    const answer = value ? answerOf(context.module, value) : undefined;
    if (answer !== undefined) found.push({ at: node, answer, clause });
    return undefined;
  });
  return found;
}

function isCall(node: TSESTree.CallExpression, callback: Node | undefined): boolean {
  return callback?.type === 'Identifier' && node.callee.type === 'Identifier' && node.callee.name === callback.name;
}

function clauseAround(node: Node, fn: FunctionNode): TSESTree.CatchClause | undefined {
  for (let at = parentOf(node); at !== undefined && at !== fn; at = parentOf(at))
    if (at.type === 'CatchClause') return at;
  return undefined;
}

/** The suggestion to throw the caught error instead of returning. */
function rethrow({ at, clause }: Given) {
  if (at.type !== 'ReturnStatement' || clause?.param?.type !== 'Identifier') return [];
  const [start, end] = at.range;
  return [fix('Throw the error instead', false, { start, end, text: `throw ${clause.param.name};` })];
}
