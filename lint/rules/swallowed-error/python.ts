import {
  alwaysRaises,
  exceptClauses,
  exceptionNames,
  localPythonFunction,
  pythonEscapes,
} from '../../analysis/python/flow.js';
import { statusOf } from '../../analysis/python/handlers.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { child, childOfType, isWithinPython, named, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { isAsynchronous } from '../../deployment.js';
import { cleanupName, isPythonIo } from '../../knowledge/io.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Clauses that catch whatever I/O may raise; anything narrower is a decision. */
const broad =
  /^(\w+\.)*(Exception|BaseException|BotoCoreError|ClientError|RequestException|HTTPError|URLError|OSError|IOError)$/;

/** Looks at every broad `except` whose `try` does known I/O. */
export const python: PythonRule = {
  create(context) {
    return {
      try_statement(node) {
        for (const clause of exceptClauses(node)) checkClause(context, node, clause);
      },
    };
  },
};

function checkClause(context: PythonContext, statement: PyNode, clause: PyNode): void {
  const { module } = context;
  const names = exceptionNames(module, clause);
  if (names.length > 0 && !names.some((name) => broad.test(name))) return;
  const block = childOfType(clause, 'block');
  const io = ioWithin(module, child(statement, 'body'));
  if (block === undefined || io === undefined || alwaysRaises(clause)) return;
  const facts = describe(module, block);
  if (facts.uses) return;
  const call = `\`${module.text(child(io, 'function')).replace(/\s+/g, '')}\``;
  const handler = handlerOf(module, statement);
  const success = handler?.kind === 'http' ? successIn(module, block) : undefined;
  if (success !== undefined) {
    context.report({ at: clause, message: 'successAnswer', data: { call, status: String(success) } });
    return;
  }
  if (facts.returns) return;
  if (!facts.logs && !facts.explained) {
    context.report({ at: clause, message: 'silent', data: { call } });
    return;
  }
  const ending =
    handler !== undefined && facts.logs && !facts.explained ? endingAfter(module, statement, handler) : undefined;
  if (ending !== undefined)
    context.report({ at: clause, message: ending, data: { call, handler: handler?.name ?? '' } });
}

function handlerOf(module: PythonModule, statement: PyNode): PyHandler | undefined {
  for (let at = statement.parent; at !== undefined; at = at.parent) {
    if (at.type === 'function_definition') return module.handlers.find((each) => each.fn === at);
  }
  return undefined;
}

/** What an except block does: `uses` when it raises, decides, keeps or hands on the failure. */
function describe(
  module: PythonModule,
  block: PyNode,
): { uses: boolean; returns: boolean; logs: boolean; explained: boolean } {
  const facts = { uses: false, returns: false, logs: false, explained: false };
  walkOwnPython(block, (node) => {
    if (
      /^(raise_statement|assignment|augmented_assignment|if_statement|delete_statement|match_statement)$/.test(
        node.type,
      )
    ) {
      facts.uses = true;
    }
    if (node.type === 'comment') facts.explained = true;
    if (node.type === 'return_statement' && named(node).length > 0) {
      facts.returns = true;
      return false;
    }
    if (node.type !== 'call') return !facts.uses;
    if (isLog(module, node)) facts.logs = true;
    else facts.uses = true;
    return false;
  });
  return facts;
}

function isLog(module: PythonModule, call: PyNode): boolean {
  const callee = module.text(child(call, 'function'));
  return /^(print|pprint)$|(^|\.)(log|logger|logging|_logger|LOG|LOGGER|log_\w+)\.\w+$|^traceback\.print_\w+$/i.test(
    callee,
  );
}

function successIn(module: PythonModule, block: PyNode): number | undefined {
  let success: number | undefined;
  walkOwnPython(block, (node) => {
    const status = node.type === 'return_statement' ? statusOf(module, named(node)[0]) : undefined;
    if (typeof status === 'number' && status >= 200 && status < 300) success ??= status;
    return undefined;
  });
  return success;
}

function endingAfter(
  module: PythonModule,
  statement: PyNode,
  handler: PyHandler,
): 'loggedOnly' | 'lostEvent' | undefined {
  const later: (number | 'unknown' | undefined)[] = [];
  let acts = false;
  walkOwnPython(handler.fn, (node) => {
    if (node.start <= statement.end) return undefined;
    if (node.type === 'return_statement') later.push(statusOf(module, named(node)[0]));
    if (node.type === 'raise_statement' || (node.type === 'return_statement' && named(node).length > 0)) acts = true;
    return undefined;
  });
  if (handler.kind === 'http') {
    const good = later.length > 0 && later.every((each) => typeof each === 'number' && each < 300);
    return good ? 'loggedOnly' : undefined;
  }
  const isEvent = isAsynchronous(handler.kind) || (handler.kind === 'unknown' && !answersAnything(handler.fn));
  return isEvent && !acts ? 'lostEvent' : undefined;
}

/** A handler that nowhere returns a value has nobody to answer: its event comes from a queue, a schedule or a bucket. */
function answersAnything(fn: PyNode): boolean {
  let answers = false;
  walkOwnPython(fn, (node) => {
    if (node.type === 'return_statement' && named(node).length > 0) answers = true;
    return !answers;
  });
  return answers;
}

/** The first known I/O of a block, same-file helpers included; cleanup does not count. */
function ioWithin(module: PythonModule, block: PyNode | undefined): PyNode | undefined {
  let found: PyNode | undefined;
  if (block === undefined) return undefined;
  walkOwnPython(block, (node) => {
    if (node.type === 'call' && found === undefined && isFailing(module, node, block)) found = node;
    return found === undefined;
  });
  return found;
}

function isFailing(module: PythonModule, node: PyNode, block: PyNode): boolean {
  const callee = child(node, 'function');
  const name = callee?.type === 'attribute' ? module.text(child(callee, 'attribute')) : module.text(callee);
  if (cleanupName.test(name) || /^delete_/.test(name) || !isWithinPython(node, block)) return false;
  if (isPythonIo(module.origins.path(callee))) return true;
  const helper = localPythonFunction(module, callee);
  return helper !== undefined && pythonEscapes(module, helper).length > 0;
}
