import { argumentsOf } from '../../analysis/python/calls.js';
import { child } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import type { PythonContext } from '../../rule.js';

interface RetryLibrary {
  readonly path: RegExp;
  readonly name: string;
  /** Any of these keywords sets a limit. */
  readonly limits: readonly string[];
  /** Of positional arguments, the first that sets a limit. */
  readonly position?: number;
  readonly example: string;
}

/** Libraries that, unless told otherwise, never give up. */
const libraries: readonly RetryLibrary[] = [
  {
    path: /^tenacity(\.\w+)?\.(retry|Retrying|AsyncRetrying)$/,
    name: 'tenacity',
    limits: ['stop'],
    position: 1,
    example: '`stop=stop_after_attempt(3)`',
  },
  {
    path: /^backoff\.(on_exception|on_predicate)$/,
    name: 'backoff',
    limits: ['max_tries', 'max_time'],
    example: '`max_tries=3`',
  },
  {
    path: /^retrying\.(retry|Retrying)$/,
    name: 'retrying',
    limits: ['stop_max_attempt_number', 'stop_max_delay', 'stop', 'stop_func'],
    position: 0,
    example: '`stop_max_attempt_number=3`',
  },
  { path: /^retry(\.api)?\.(retry|retry_call)$/, name: 'retry', limits: ['tries'], example: '`tries=3`' },
];

/** Reports a use of a retry library, as a decorator or a call, that sets no limit. */
export function checkRetryLibrary(context: PythonContext, node: PyNode): void {
  const { module } = context;
  const callee = node.type === 'call' ? child(node, 'function') : node;
  const path = module.origins.path(callee);
  const library = libraries.find((each) => each.path.test(path));
  if (library === undefined) return;
  const given = node.type === 'call' ? argumentsOf(node) : [];
  if (given.some((each) => each.type === 'dictionary_splat' || each.type === 'list_splat')) return;
  const limited = given.some((each) => {
    if (each.type !== 'keyword_argument') return false;
    const value = module.text(child(each, 'value'));
    return library.limits.includes(module.text(child(each, 'name'))) && !/^(None|-1)$|stop_never/.test(value);
  });
  const positional = given.filter((each) => each.type !== 'keyword_argument').length;
  if (limited || (library.position !== undefined && positional > library.position && node.type === 'call')) return;
  context.report({
    at: node,
    message: 'library',
    data: {
      library: library.name,
      example: library.example,
      missing: library.limits
        .slice(0, 2)
        .map((each) => `\`${each}\``)
        .join(' or '),
    },
  });
}
