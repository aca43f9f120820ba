import { isLikelyPythonIo, isPythonIo } from '../../knowledge/python-io.js';
import { classOf, membersOf } from './classes.js';
import type { PythonModule } from './module.js';
import { child, childOfType, named, walkOwnPython } from './tree.js';
import type { PyNode } from './tree.js';

/** A call whose exception leaves a function: the I/O itself, or a helper of the same file that does it. */
export interface PyEscape {
  readonly at: PyNode;
  readonly io: PyNode;
}

/** The known I/O of a function, helpers of the project included, whose exception nothing in it catches. */
export function pythonEscapes(module: PythonModule, fn: PyNode, seen: Escapes = new Map()): readonly PyEscape[] {
  const before = seen.get(fn);
  if (before !== undefined) return before;
  const found: PyEscape[] = [];
  // Set before following, so that functions that call each other end.
  seen.set(fn, []);
  walkOwnPython(fn, (node) => {
    if (node.type !== 'call') return undefined;
    const io = failingIo(module, node, seen);
    if (io !== undefined && !isCaughtPython(module, node, fn)) found.push({ at: node, io });
    return undefined;
  });
  seen.set(fn, found);
  return found;
}

/** What is known of the functions of one walk. */
type Escapes = Map<PyNode, readonly PyEscape[]>;

function failingIo(module: PythonModule, node: PyNode, seen: Escapes): PyNode | undefined {
  const callee = child(node, 'function');
  const path = module.origins.path(callee);
  if (isPythonIo(path)) return node;
  const helper = localPythonFunction(module, callee);
  if (helper === undefined) return isLikelyPythonIo(path) ? node : undefined;
  return pythonEscapes(module, helper, seen)[0]?.io;
}

/** The project's function that a callee names, unless a decorator may change what it does. */
export function localPythonFunction(module: PythonModule, callee: PyNode | undefined): PyNode | undefined {
  if (callee === undefined || !/^(identifier|attribute)$/.test(callee.type)) return undefined;
  const found = module.origins.functionOf(callee) ?? methodOfMade(module, callee);
  const around = found?.parent?.type === 'decorated_definition' ? found.parent : undefined;
  const decorators = around?.children.filter((each) => each.type === 'decorator') ?? [];
  return decorators.every((each) => harmlessDecorator.test(module.text(each))) ? found : undefined;
}

/** `store.load` after `store = Store.from_env()`: what a class makes of itself has its methods. */
function methodOfMade(module: PythonModule, callee: PyNode): PyNode | undefined {
  const object = callee.type === 'attribute' ? child(callee, 'object') : undefined;
  if (object?.type !== 'identifier') return undefined;
  for (const value of module.origins.allAssigned(object)) {
    const maker = value.type === 'call' ? child(value, 'function') : undefined;
    const made = maker?.type === 'attribute' ? child(maker, 'object') : maker;
    const definition = made && classOf(module, made);
    if (definition === undefined) continue;
    const members = membersOf(module, definition, module.text(child(callee, 'attribute')));
    const method = members.find((each) => each.type === 'function_definition');
    if (method !== undefined) return method;
  }
  return undefined;
}

const harmlessDecorator =
  /^@(staticmethod|classmethod|(\w+\.)?(capture_method|observe|trace|lru_cache|cache)|xray_recorder\.capture)\b/;

/** True when a broad enough `except` stands between the call and the end of the function. */
export function isCaughtPython(module: PythonModule, node: PyNode, fn: PyNode): boolean {
  for (let at = node, parent = node.parent; parent !== undefined && at !== fn; at = parent, parent = parent.parent) {
    // Already handling another failure: best effort.
    if (/^(except_clause|finally_clause|except_group_clause)$/.test(parent.type)) return true;
    if (
      parent.type === 'try_statement' &&
      at.field === 'body' &&
      exceptClauses(parent).some((each) => handles(module, each))
    ) {
      return true;
    }
    if (parent.type === 'with_statement' && /\bsuppress\(/.test(module.text(childOfType(parent, 'with_clause'))))
      return true;
  }
  return false;
}

export function exceptClauses(statement: PyNode): PyNode[] {
  return statement.children.filter((each) => each.type === 'except_clause');
}

/** Exceptions that are about the value, not about the dependency: catching only these leaves I/O failures to escape. */
const notIo =
  /^(\w+\.)*(KeyError|ValueError|TypeError|AttributeError|IndexError|JSONDecodeError|ImportError|AssertionError|UnicodeDecodeError|ValidationError)$/;

function handles(module: PythonModule, clause: PyNode): boolean {
  if (alwaysRaises(clause) && !raisesAnswer(module, clause)) return false;
  const names = exceptionNames(module, clause);
  return names.length === 0 || names.some((name) => !notIo.test(name));
}

/** Exceptions that a framework answers with the status they stand for. */
const answered =
  /^aws_lambda_powertools\.event_handler\.(exceptions\.)?\w+Error$|^(fastapi|starlette|werkzeug|chalice|flask_restful|connexion)\b.*\.\w*(HTTPException|Error|NotFound|BadRequest|Forbidden|Unauthorized|Conflict|ServiceUnavailable)$/;

/** True when a clause ends in raising the answer: `raise NotFoundError("no such todo") from error`. */
function raisesAnswer(module: PythonModule, clause: PyNode): boolean {
  const raised = named(named(childOfType(clause, 'block')).at(-1))[0];
  const callee = raised?.type === 'call' ? child(raised, 'function') : raised;
  return answered.test(module.origins.path(callee));
}

/** The exceptions a clause names; none for a bare `except:`. */
export function exceptionNames(module: PythonModule, clause: PyNode): string[] {
  const value = clause.children.filter((each) => each.named && each.type !== 'block' && each.type !== 'comment')[0];
  const pattern = value?.type === 'as_pattern' ? value.children[0] : value;
  if (pattern === undefined) return [];
  return pattern.type === 'tuple' ? named(pattern).map((each) => module.text(each)) : [module.text(pattern)];
}

/** True when the clause ends in `raise` and returns nowhere: it hands the failure on. */
export function alwaysRaises(clause: PyNode): boolean {
  const block = childOfType(clause, 'block');
  const last = named(block).at(-1);
  if (block === undefined || last?.type !== 'raise_statement') return false;
  let returns = false;
  walkOwnPython(block, (node) => {
    if (node.type === 'return_statement') returns = true;
    return !returns;
  });
  return !returns;
}
