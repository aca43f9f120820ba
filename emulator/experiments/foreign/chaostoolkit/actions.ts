import type { FaultSpec } from '../../../contract/faults.js';
import type { ImportContext, DraftTarget } from '../../importers/types.js';
import { effectsFault, effectsSchema, ruleFault, ruleSchema } from '../localstack-rules.js';
import { functionOfArn, isFields, type Fields } from '../values.js';
import type { Activity, Provider } from './document.js';
import { argumentsOf } from './probes.js';
import { Toxiproxy } from './toxiproxy.js';

/** Actions of the Chaos Toolkit: those that are faults of ours, those that end one, those that wait. */

/** What ends a fault names it by the same key; `toxics` ends all that begin with it. */
export type Done =
  | { readonly type: 'fault'; readonly spec: FaultSpec; readonly key: string }
  | { readonly type: 'undo'; readonly key: string }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'call'; readonly target: DraftTarget }
  /** It changes nothing, or it was left out. */
  | { readonly type: 'nothing' };

type Path = readonly (string | number)[];
type PythonAction = (given: Fields, path: Path) => readonly Done[];

const NOTHING: readonly Done[] = [{ type: 'nothing' }];

export class ActionReader {
  readonly #context: ImportContext;
  readonly #toxiproxy: Toxiproxy;

  constructor(context: ImportContext) {
    this.#context = context;
    this.#toxiproxy = new Toxiproxy(context.leaveOut);
  }

  read({ provider }: Activity, path: Path): readonly Done[] {
    if (!provider) return this.#left(path, 'has no provider', 'Say what it does.');
    if (provider.type === 'python') return this.#python(provider, path);
    if (provider.type === 'http') return this.#http(provider, path);
    if (provider.type === 'process') return this.#process(provider, path);
    return this.#left([...path, 'provider'], `a provider of type ${provider.type} is unknown`, ADD);
  }

  #python({ module = '', func = '', arguments: given }: Provider, path: Path): readonly Done[] {
    const fields = isFields(given) ? given : {};
    const at = [...path, 'provider'];
    if (module.startsWith('chaostoxi.')) return this.#toxiproxy.python(func, fields, [...at, 'arguments']);
    const known = Object.hasOwn(this.#aws, `${module}.${func}`) ? this.#aws[`${module}.${func}`] : undefined;
    if (known) return known(fields, path);
    if (/sleep$/.test(func)) return [{ type: 'wait', ms: Number(Object.values(fields)[0] ?? 0) * 1_000 || 0 }];
    return this.#left(path, `${module}.${func} has no counterpart`, ADD);
  }

  readonly #aws: Readonly<Record<string, PythonAction>> = {
    'chaosaws.awslambda.actions.put_function_concurrency': (given, path) => this.#concurrency(given, path),
    'chaosaws.awslambda.actions.delete_function_concurrency': (given) => [
      { type: 'undo', key: `concurrency:${nameOf(given)}` },
    ],
    'chaosaws.awslambda.actions.invoke_function': (given) => [
      {
        type: 'call',
        target: {
          invoke: nameOf(given),
          ...(given['function_arguments'] === undefined ? {} : { event: given['function_arguments'] }),
        },
      },
    ],
    'chaosaws.awslambda.actions.put_function_timeout': (given, path) =>
      this.#left(
        path,
        `changes the timeout of ${nameOf(given)}, and the configuration stays as it is`,
        'Use latency or hang; or set timeout: in faultline.yaml.',
      ),
    'chaosaws.awslambda.actions.put_function_memory_size': (given, path) =>
      this.#left(
        path,
        `changes the memory of ${nameOf(given)}, and the configuration stays as it is`,
        'Use the memory fault; or set memory: in faultline.yaml.',
      ),
    'chaosaws.awslambda.actions.toggle_event_source_mapping_state': (_given, path) =>
      this.#left(path, 'switches a queue’s mapping on or off', 'Use a fault of deliveries, for example lost or late.'),
    'chaosaws.fis.actions.start_experiment': ({ experiment_template_id: id }, path) =>
      this.#left(
        path,
        `the template ${typeof id === 'string' ? id : ''} is in the account, not in the document`,
        'Get it (aws fis get-experiment-template --id …) and import it as well.',
      ),
    'chaosaws.fis.actions.stop_experiment': () => NOTHING,
    'chaosaws.fis.actions.stop_experiments_by_tags': () => NOTHING,
  };

  /** Reserved concurrency of 0 throttles every invocation; more is a limit that the configuration has. */
  #concurrency(given: Fields, path: Path): readonly Done[] {
    const limit = Number(given['concurrent_executions']);
    if (limit !== 0) {
      return this.#left(
        path,
        `reserves a concurrency of ${String(given['concurrent_executions'])} for ${nameOf(given)}`,
        'Set concurrency: { reserved: … } in faultline.yaml; or use throttle with a rate.',
      );
    }
    const name = this.#context.function ?? nameOf(given);
    const spec = { kind: 'throttle', function: name, params: { perSecond: 0 } };
    return [{ type: 'fault', spec, key: `concurrency:${nameOf(given)}` }];
  }

  #http({ url = '', method = 'GET', arguments: given }: Provider, path: Path): readonly Done[] {
    const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: url };
    const verb = method.toUpperCase();
    const at = [...path, 'provider', 'arguments'];
    if (pathname.endsWith('/_localstack/chaos/faults')) return this.#localstack(verb, given, at);
    if (pathname.endsWith('/_localstack/chaos/effects')) {
      const parsed = effectsSchema.safeParse(given);
      const spec = parsed.success ? effectsFault(parsed.data, at, this.#context.leaveOut) : undefined;
      return spec
        ? [{ type: 'fault', spec, key: 'localstack:effects' }]
        : [{ type: 'undo', key: 'localstack:effects' }];
    }
    if (/\/api\/faults(\/[^/]+)?$/.test(pathname)) return faultline(verb, given);
    const toxics = this.#toxiproxy.http(verb, pathname, given, at);
    if (toxics) return toxics;
    return this.#left(path, `${verb} ${url} is a request, and no fault that is known here`, ADD);
  }

  #localstack(verb: string, given: unknown, path: Path): readonly Done[] {
    const rules = Array.isArray(given) ? (given as unknown[]) : [];
    if (verb === 'DELETE' || rules.length === 0) return [{ type: 'undo', key: 'localstack:faults' }];
    return rules.flatMap((rule, i): readonly Done[] => {
      const parsed = ruleSchema.safeParse(rule);
      if (!parsed.success) {
        return this.#left([...path, i], 'is no rule of LocalStack', 'See docs/formats.md for what is read.');
      }
      const spec = ruleFault(parsed.data, [...path, i], this.#context.leaveOut);
      return spec ? [{ type: 'fault', spec, key: 'localstack:faults' }] : [];
    });
  }

  #process({ path: command = '', arguments: given }: Provider, path: Path): readonly Done[] {
    const [first = ''] = argumentsOf(given);
    const seconds = Number(first.replace(/s$/, ''));
    if (/(^|\/)sleep$/.test(command) && seconds >= 0) return [{ type: 'wait', ms: seconds * 1_000 }];
    return this.#left(path, `runs ${command || 'a program'}; faults touch only what the emulator has started`, ADD);
  }

  #left(path: Path, why: string, instead: string): readonly Done[] {
    this.#context.leaveOut(path, why, instead);
    return NOTHING;
  }
}

const ADD = 'Add a fault of ours that has the same effect: `faultline fault kinds` lists them.';

function nameOf(given: Fields): string {
  return functionOfArn(String(given['function_name'] ?? '')).name;
}

/** A call of our own control API: what our export writes. */
function faultline(verb: string, given: unknown): readonly Done[] {
  if (verb === 'DELETE') return [{ type: 'undo', key: 'faultline' }];
  if (verb !== 'POST' || !isFields(given) || typeof given['kind'] !== 'string') return NOTHING;
  return [{ type: 'fault', spec: given as unknown as FaultSpec, key: 'faultline' }];
}
