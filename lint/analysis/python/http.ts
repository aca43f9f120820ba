import { statusOf } from './answers.js';
import { stringValue } from './calls.js';
import type { PythonModule } from './module.js';
import { child, named, walkOwnPython, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** An authorizer: it answers a policy, not a status. */
export function answersPolicy(module: PythonModule, fn: PyNode): boolean {
  return /\breturn\s*\{\s*["'](isAuthorized|policyDocument|principalId)["']/.test(module.text(fn));
}

/** Words of a function that a clock starts. */
const scheduled = /schedul|\bcron\b|hourly|nightly|\bdaily\b|every (day|hour|minute|night)|eventbridge/i;

/**
 * True for a handler whose answers alone say that API Gateway is in front.
 *
 * Many answer `{"statusCode": 200, "body": json.dumps("Hello from Lambda!")}` because the console wrote it, whoever calls
 * them. Headers and error statuses are written by somebody who thinks of HTTP; a success that tells something counts
 * only where the event is not read, as lists need nothing of it, and nothing speaks of a schedule.
 */
export function answersHttp(module: PythonModule, fn: PyNode, readsEvent: boolean): boolean {
  let answers = false;
  let tells = false;
  let certain = false;
  walkOwnPython(fn, (node) => {
    const value = node.type === 'return_statement' ? named(node)[0] : undefined;
    const status = statusOf(module, value);
    if (value === undefined || status === undefined) return undefined;
    answers = true;
    certain ||= typeof status === 'number' && status >= 400;
    if (value.type !== 'dictionary') tells = true;
    else {
      certain ||= pairNamed(module, value, 'headers') !== undefined;
      tells ||= tellsSomething(module, value);
    }
    return undefined;
  });
  if (!answers) return false;
  return certain || (tells && !readsEvent && !scheduled.test(module.source));
}

function pairNamed(module: PythonModule, answer: PyNode, name: string): PyNode | undefined {
  return named(answer).find((pair) => pair.type === 'pair' && stringValue(module, child(pair, 'key')) === name);
}

function tellsSomething(module: PythonModule, answer: PyNode): boolean {
  const body = child(pairNamed(module, answer, 'body'), 'value');
  if (body === undefined || named(answer).some((pair) => pair.type !== 'pair')) return true;
  let variable = false;
  walkPython(body, (node) => {
    const isCallee = node.field === 'function' || node.parent?.field === 'function';
    if (node.type === 'identifier' && !isCallee) variable = true;
    return !variable;
  });
  return variable;
}
