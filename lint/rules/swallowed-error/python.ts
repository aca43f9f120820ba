import { answerOf, statusOf } from '../../analysis/python/answers.js';
import { callText, stringValue } from '../../analysis/python/calls.js';
import { pythonDependency } from '../../analysis/python/dependency.js';
import { alwaysRaises, exceptClauses, exceptionNames } from '../../analysis/python/flow.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { isScriptOnly } from '../../analysis/python/reach.js';
import { ancestor, child, childOfType, named, walkPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { isAsynchronous } from '../../deployment.js';
import type { PythonContext, PythonRule } from '../../rule.js';
import { endingAfter, endingInHelper, fallsBack, triesAgain } from './ending.js';
import { describeExcept } from './except.js';
import type { ExceptFacts } from './except.js';
import { workWithin } from './work.js';
import type { Work } from './work.js';

/** Clauses that catch whatever I/O may raise. */
const broad =
  /^(\w+\.)*(Exception|BaseException|BotoCoreError|ClientError|RequestException|HTTPError|URLError|OSError|IOError|ConnectionError|\w*APIError|\w*ApiError|GoogleAPI\w*Error|GoogleAPICallError|MySQLError|DatabaseError|OperationalError|RedisError|PyMongoError|SQLAlchemyError|HTTPException|Error)$/;

/** Exceptions that are a state of affairs, or a mistake in a value: catching them is a decision. */
const decision =
  /(NotFound\w*|NoSuch\w*|\w*Exists\w*|Conditional\w*|Conflict\w*|DoesNotExist|Duplicate\w*|IntegrityError|NotModified|StopIteration|StopAsyncIteration|Empty|Full|Cancelled\w*|CancelledError|KeyboardInterrupt|SystemExit|GeneratorExit|\w*Validation\w*|Invalid\w*|KeyError|ValueError|TypeError|AttributeError|IndexError|LookupError|JSONDecodeError|ImportError|ModuleNotFoundError|AssertionError|UnicodeDecodeError|UnicodeError|ZeroDivisionError|BadSignature\w*|\w*Expired\w*|\w*TokenError|JWTError|FileNotFoundError|ParseError|ClosedError|NotAuthorized\w*)$/;

/** Looks at every `except` whose `try` does something that may fail. */
export const python: PythonRule = {
  create(context) {
    return {
      try_statement(node) {
        for (const clause of exceptClauses(node)) checkClause(context, node, clause);
      },
    };
  },
};

/** One `except` and what is around it. */
export interface Clause {
  readonly statement: PyNode;
  readonly clause: PyNode;
  readonly facts: ExceptFacts;
  readonly work: Work;
  /** It catches whatever the work may raise. */
  readonly broad: boolean;
}

function checkClause(context: PythonContext, statement: PyNode, clause: PyNode): void {
  const { module } = context;
  const names = exceptionNames(module, clause).flatMap((each) => each.split(/\s+or\s+/));
  const isBroad = names.length === 0 || names.some((name) => broad.test(name));
  if (!isBroad && names.every((name) => decision.test(name))) return;
  const block = childOfType(clause, 'block');
  if (block === undefined || alwaysRaises(clause)) return;
  const facts = describeExcept(module, block);
  if (facts.uses) return;
  const work = workWithin(module, child(statement, 'body'));
  const fn = ancestor(statement, 'function_definition');
  const handler = module.handlers.find((each) => each.fn === fn);
  if (
    handler !== undefined &&
    facts.kept.length === 0 &&
    answersError(context, { statement, clause, facts, handler, work })
  )
    return;
  // A failure while another one is dealt with: best effort.
  if (work === undefined || isWithinExcept(statement)) return;
  const each: Clause = { statement, clause, facts, work, broad: isBroad };
  if (facts.kept.length > 0) {
    const told = handler?.kind === 'http' && tellsWithSuccess(module, each, handler);
    if (told) report(context, each, 'successAnswer', handler, '200');
    return;
  }
  if (facts.returns.length > 0) {
    if (handler !== undefined && returnsToNobody(module, handler, facts)) report(context, each, 'lostEvent', handler);
    return;
  }
  checkEnding(context, each, handler, fn);
}

function isWithinExcept(statement: PyNode): boolean {
  const clause = ancestor(statement, 'except_clause');
  return clause !== undefined && ancestor(clause, 'function_definition') === ancestor(statement, 'function_definition');
}

function checkEnding(
  context: PythonContext,
  each: Clause,
  handler: PyHandler | undefined,
  fn: PyNode | undefined,
): void {
  const { module } = context;
  const { facts, work, statement } = each;
  if (!facts.logs) {
    const silent = each.broad && work.io && !facts.commented && !isScriptOnly(module, statement);
    if (silent && !triesAgain(module, each) && !fallsBack(module, each)) report(context, each, 'silent', handler);
    return;
  }
  if (facts.meant) return;
  if (handler !== undefined) {
    if (triesAgain(module, each)) return;
    const ending = endingAfter(module, each, handler);
    if (ending !== undefined) report(context, each, ending, handler);
    return;
  }
  const helper = fn && endingInHelper(module, each, fn);
  if (helper !== undefined) report(context, each, helper.message, helper.handler);
}

/** A success that is answered from within the clause; true when that was all there is to say. */
function answersError(
  context: PythonContext,
  found: {
    statement: PyNode;
    clause: PyNode;
    facts: ExceptFacts;
    handler: PyHandler;
    work: Work | undefined;
  },
): boolean {
  const { module } = context;
  const { facts, handler, work, clause } = found;
  if (handler.kind !== 'http' || facts.returns.length === 0 || facts.meant) return false;
  const answers = facts.returns.map((each) => answerOf(module, handler, each));
  const error = facts.returns.some((each) => tellsError(module, each));
  const plain = handler.contract === 'lambda' && error && !answersStatus(module, handler);
  const success = answers.every((each) => typeof each === 'number' && each < 300);
  const isSure = handler.contract === 'lambda' ? work !== undefined : error;
  if (!plain && !(success && isSure)) return false;
  const status = plain ? 200 : (answers[0] ?? 200);
  const call = work === undefined ? 'the work' : callText(module, work.call);
  context.report({
    at: clause,
    message: 'successAnswer',
    data: { call, status: String(status) },
    handler: handler.name,
  });
  return true;
}

/** `text = str(error)`, and then `{"statusCode": 200, "body": text}`. */
function tellsWithSuccess(module: PythonModule, each: Clause, handler: PyHandler): boolean {
  const name = /\bas\s+(\w+)\s*:/.exec(module.text(each.clause))?.[1];
  if (name === undefined || each.facts.meant) return false;
  const mentions = new RegExp(`\\b${name}\\b`);
  const told = each.facts.kept.every((one) => mentions.test(module.text(child(one, 'right'))));
  return told && endingAfter(module, each, handler) === 'loggedOnly';
}

/** The handler answers with a status somewhere. */
function answersStatus(module: PythonModule, handler: PyHandler): boolean {
  let answers = false;
  walkPython(handler.fn, (node) => {
    if (node.type === 'return_statement') answers ||= statusOf(module, named(node)[0]) !== undefined;
    return !answers;
  });
  return answers;
}

/** A key in the answer speaks of an error. */
function tellsError(module: PythonModule, value: PyNode): boolean {
  let tells = false;
  walkPython(value, (node) => {
    const key = node.type === 'pair' ? stringValue(module, child(node, 'key')) : undefined;
    const keyword = node.type === 'keyword_argument' ? module.text(child(node, 'name')) : undefined;
    tells ||= /^(error|errors|err|error_?msg|error_?message|errorMessage|exception)$/i.test(key ?? keyword ?? '');
    return !tells;
  });
  return tells;
}

/** Nobody reads what the handler of a queue, a stream, a schedule or an event returns. */
function returnsToNobody(module: PythonModule, handler: PyHandler, facts: ExceptFacts): boolean {
  if (!isAsynchronous(handler.kind) || facts.meant) return false;
  return facts.returns.every((each) => {
    const status = statusOf(module, each);
    // An error status is the matter of status-from-async-source.
    if (status !== undefined && (status === 'unknown' || status >= 400)) return false;
    return !/batchItemFailures|batch_item_failures|recordId|principalId/.test(module.text(each));
  });
}

function report(
  context: PythonContext,
  each: Clause,
  message: string,
  handler: PyHandler | undefined,
  status = '',
): void {
  const { module } = context;
  const dependency = pythonDependency(module, each.work.call);
  context.report({
    at: each.clause,
    message,
    data: { call: callText(module, each.work.call), handler: handler?.name ?? '', status },
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}
