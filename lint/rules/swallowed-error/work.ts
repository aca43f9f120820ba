import { pythonEscapes, localPythonFunction } from '../../analysis/python/flow.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { child, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { cleanupName } from '../../knowledge/io.js';
import { isLikelyPythonIo, isPythonIo } from '../../knowledge/python-io.js';
import { isLog } from './except.js';

/** What a `try` does that may fail. */
export interface Work {
  readonly call: PyNode;
  /** Known to reach something outside of the process. */
  readonly io: boolean;
}

/** The first known I/O of a block, helpers of the project included; else the first call into what is not shown. */
export function workWithin(module: PythonModule, block: PyNode | undefined): Work | undefined {
  if (block === undefined) return undefined;
  let io: PyNode | undefined;
  let other: PyNode | undefined;
  walkOwnPython(block, (node) => {
    if (io !== undefined) return false;
    if (node.type !== 'call' || isCleanup(module, node)) return undefined;
    if (isFailing(module, node)) io = node;
    else if (mayWork(module, node)) other ??= node;
    return undefined;
  });
  if (io !== undefined) return { call: io, io: true };
  return other === undefined ? undefined : { call: other, io: false };
}

function isCleanup(module: PythonModule, node: PyNode): boolean {
  const callee = child(node, 'function');
  const name = callee?.type === 'attribute' ? module.text(child(callee, 'attribute')) : module.text(callee);
  return cleanupName.test(name) || /^delete_(?!item)/.test(name);
}

function isFailing(module: PythonModule, node: PyNode): boolean {
  const callee = child(node, 'function');
  const path = module.origins.path(callee);
  if (isPythonIo(path) || isLikelyPythonIo(path)) return true;
  const helper = localPythonFunction(module, callee);
  return helper !== undefined && pythonEscapes(module, helper).length > 0;
}

/** Reading and shaping values: failing there says something of the value. */
const values =
  /^(str|int|float|bool|len|dict|list|set|tuple|type|isinstance|range|enumerate|zip|sorted|max|min|sum|any|all|round|open|getattr|hasattr|next|iter|repr|super|format|Decimal)$|(^|\.)(json|base64|datetime|re|os|math|time|copy|uuid|random|ast|hashlib|hmac|csv|io|zlib|gzip|struct|urllib\.parse|jwt|yaml|decimal)\.\w+(\.\w+)?$|\.(get|items|keys|values|append|extend|format|strip|split|rsplit|lower|upper|replace|decode|encode|startswith|endswith|join|update|add|pop|isoformat|strftime|strptime|read|write|json|loads|dumps|fromisoformat|get_json|getvalue|raise_for_status|setdefault|sort|index|count)$/;

function mayWork(module: PythonModule, node: PyNode): boolean {
  const text = module.text(child(node, 'function')).replace(/\s+/g, '');
  if (isLog(module, node) || values.test(text)) return false;
  const helper = localPythonFunction(module, child(node, 'function'));
  // A helper that deals with its own failures.
  if (helper !== undefined && /\btry:/.test(module.text(helper))) return false;
  // A class: making a value of it does nothing.
  return !/^(\w+\.)*[A-Z]\w*$/.test(text);
}

/** Calls that change something elsewhere: what is lost when they fail. */
const write =
  /(^|[._])(put|update|delete|insert|send|publish|write|upload|post|create|save|store|execute|executemany|commit|start|stop|run|invoke|batch|add|register|submit|process|copy|patch|set|disable|enable|terminate)(_|$|[A-Z])/;

export function isWrite(module: PythonModule, call: PyNode): boolean {
  const callee = child(call, 'function');
  const name = callee?.type === 'attribute' ? module.text(child(callee, 'attribute')) : module.text(callee);
  return write.test(name) || /(set|update|put|insert|delete)\w*\(/.test(module.text(callee));
}
