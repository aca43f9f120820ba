import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, isWithin, unwrap, walkOwn } from './ast.js';
import type { FunctionNode, Node } from './ast.js';

/**
 * How far an invocation is on one path: `open` (not answered), `done` (answered), `unknown` (the callback was handed on, or
 * a branch depends on what happened before).
 */
export type Progress = 'open' | 'done' | 'unknown';

/** An answer on a path that has answered already, and the answer before it. */
export interface Twice {
  readonly first: Node;
  readonly second: Node;
}

export interface Paths {
  /** What is true where a path leaves the function, and the statement it leaves by; undefined at the end of its body. */
  readonly exits: readonly { readonly progress: Progress; readonly at: Node | undefined }[];
  readonly twice: readonly Twice[];
}

/** What a walk of paths is told. */
export interface Answering {
  /** Calls that end the invocation. */
  readonly calls: ReadonlySet<Node>;
  /** Every use of the callback, and of the context where it can end the invocation. */
  readonly uses: readonly Node[];
  /** The function that a call runs, where its code is visible. */
  functionOf(callee: Node): FunctionNode | undefined;
}

type State = { readonly progress: Progress; readonly by: Node | undefined };
/** Decides an `if`: true and false where it is known, undefined where both may be. */
export type Assumption = (test: Node) => boolean | undefined;

/** Walks every path of a function's own code, branches apart, and tells how each ends. */
export function completionPaths(fn: FunctionNode, answering: Answering, assume: Assumption = () => undefined): Paths {
  const walk = new PathWalk(answering, assume);
  const start: State[] = [{ progress: 'open', by: undefined }];
  const ends =
    fn.body.type === 'BlockStatement' ? walk.statements(fn.body.body, start) : walk.expression(fn.body, start);
  return { exits: [...walk.exits, ...ends.map(({ progress }) => ({ progress, at: undefined }))], twice: walk.twice };
}

class PathWalk {
  readonly exits: { progress: Progress; at: Node | undefined }[] = [];
  readonly twice: Twice[] = [];
  readonly #answering: Answering;
  readonly #assume: Assumption;

  constructor(answering: Answering, assume: Assumption) {
    this.#answering = answering;
    this.#assume = assume;
  }

  statements(list: readonly Node[], states: readonly State[]): readonly State[] {
    return list.reduce<readonly State[]>((at, each) => (at.length === 0 ? at : this.#statement(each, at)), states);
  }

  #statement(node: Node, states: readonly State[]): readonly State[] {
    switch (node.type) {
      case 'BlockStatement':
        return this.statements(node.body, states);
      case 'IfStatement':
        return this.#if(node, states);
      case 'ReturnStatement':
        this.#leave(node.argument ? this.expression(node.argument, states) : states, node);
        return [];
      case 'ThrowStatement':
        this.#leave([{ progress: 'unknown', by: undefined }], node);
        return [];
      case 'ExpressionStatement':
        return this.expression(node.expression, states);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return states;
      case 'TryStatement':
        return this.#try(node, states);
      default:
        // Loops, switches and labels: what happens in them is not certain.
        return this.#mentions(node) ? vague(states) : states;
    }
  }

  #leave(states: readonly State[], at: Node): void {
    this.exits.push(...states.map(({ progress }) => ({ progress, at })));
  }

  #if(node: TSESTree.IfStatement, states: readonly State[]): readonly State[] {
    const after = this.expression(node.test, states);
    const known = this.#assume(node.test);
    // Behind an answer, a condition may ask whether it was given: nothing is certain inside.
    const inside = after.map((each): State =>
      each.progress === 'done' ? { progress: 'unknown', by: undefined } : each,
    );
    const then = known === false ? [] : this.#statement(node.consequent, inside);
    const otherwise = known === true ? [] : node.alternate ? this.#statement(node.alternate, inside) : after;
    return distinct([...then, ...otherwise]);
  }

  #try(node: TSESTree.TryStatement, states: readonly State[]): readonly State[] {
    const block = this.statements(node.block.body, states);
    const into = this.#mentions(node.block) ? vague(states) : states;
    const handled = node.handler === null ? [] : this.statements(node.handler.body.body, into);
    const out = distinct([...block, ...handled]);
    return node.finalizer === null ? out : this.statements(node.finalizer.body, out);
  }

  /** Evaluates an expression: both arms of a condition, calls in order, functions in it as handed on. */
  expression(expression: Node, states: readonly State[]): readonly State[] {
    const node = unwrap(expression);
    if (node.type === 'AwaitExpression') return this.expression(node.argument, states);
    if (node.type === 'UnaryExpression') return this.expression(node.argument, states);
    if (node.type === 'ConditionalExpression') {
      const known = this.#assume(node.test);
      const then = known === false ? [] : this.expression(node.consequent, states);
      return distinct([...then, ...(known === true ? [] : this.expression(node.alternate, states))]);
    }
    if (node.type === 'LogicalExpression') {
      const left = this.expression(node.left, states);
      return distinct([...left, ...this.expression(node.right, left)]);
    }
    if (node.type === 'SequenceExpression')
      return node.expressions.reduce((at, each) => this.expression(each, at), states);
    if (this.#answering.calls.has(node)) return this.#answer(node, states);
    return this.#mentions(node) || this.#runs(node) ? vague(states) : states;
  }

  #answer(call: Node, states: readonly State[]): readonly State[] {
    for (const { progress, by } of states) {
      if (progress === 'done' && by !== undefined) this.twice.push({ first: by, second: call });
    }
    return [{ progress: 'done', by: call }];
  }

  #mentions(node: Node): boolean {
    return this.#answering.uses.some((each) => isWithin(each, node));
  }

  /** True when an expression calls a function of the handler that answers. */
  #runs(node: Node): boolean {
    let runs = false;
    walkOwn(node, (each) => {
      if (each.type !== 'CallExpression') return !runs;
      const fn = this.#answering.functionOf(each.callee);
      if (fn !== undefined && this.#mentions(fn)) runs = true;
      return !runs && !isFunction(each);
    });
    return runs;
  }
}

/** Answered stays answered; what was open may have been. */
function vague(states: readonly State[]): readonly State[] {
  return distinct(states.map((each) => (each.progress === 'done' ? each : { progress: 'unknown', by: undefined })));
}

function distinct(states: readonly State[]): readonly State[] {
  return states.filter(
    (each, at) => states.findIndex((one) => one.progress === each.progress && one.by === each.by) === at,
  );
}
