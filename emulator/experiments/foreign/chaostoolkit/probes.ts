import type { ProbeInput } from '../../../contract/experiment.js';
import type { LeaveOut } from '../../importers/types.js';
import { functionOfArn, isFields } from '../values.js';
import type { Activity, Provider } from './document.js';
import { httpExpectation, processExpectation, type Expect } from './tolerance.js';
import { requestOf } from './urls.js';

/** Probes of the Chaos Toolkit, as probes of ours. */

type Path = readonly (string | number)[];

export class ProbeReader {
  readonly #leaveOut: LeaveOut;
  readonly #application: ReadonlySet<string>;
  readonly #told = new Set<string>();

  /** @param application hosts that stand for the gateway */
  constructor(leaveOut: LeaveOut, application: ReadonlySet<string>) {
    this.#leaveOut = leaveOut;
    this.#application = application;
  }

  /** @returns undefined when it is left out */
  read({ name, provider, tolerance }: Activity, path: Path): ProbeInput | undefined {
    if (!provider) {
      this.#leaveOut(path, 'has no provider', 'Say what it looks at.');
      return undefined;
    }
    const probe = this.#byType(provider, tolerance, path);
    return probe && { ...(name === undefined ? {} : { name: name.replace(/[\p{Cc}\s]+/gu, ' ') }), ...probe };
  }

  #byType(provider: Provider, tolerance: unknown, path: Path): ProbeInput | undefined {
    if (provider.type === 'http') return this.#http(provider, tolerance, path);
    if (provider.type === 'process') return this.#process(provider, tolerance, path);
    if (provider.type === 'python') return this.#python(provider, tolerance, path);
    this.#leaveOut([...path, 'provider'], `a provider of type ${provider.type} is unknown`, 'Write a probe of ours.');
    return undefined;
  }

  #http(provider: Provider, tolerance: unknown, path: Path): ProbeInput | undefined {
    const { url = '', headers, arguments: given, timeout } = provider;
    const method = (provider.method ?? 'GET').toUpperCase();
    const found = requestOf(method, withQuery(url, method, given), this.#application);
    if (!found) {
      this.#leaveOut([...path, 'provider', 'url'], `${url || 'nothing'} is no URL`, 'Give one that begins with http.');
      return undefined;
    }
    if (found.instead !== undefined) this.#tell(found.instead, found.stage, [...path, 'provider', 'url']);
    const told = tolerance === undefined ? undefined : httpExpectation(tolerance);
    if (told && 'why' in told) this.#tolerance(told.why, path);
    const status = provider.expected_status;
    const expect: Expect = told && 'expect' in told ? told.expect : status === undefined || told ? {} : { status };
    const body = method === 'GET' || method === 'HEAD' ? undefined : given;
    return {
      http: found.request,
      ...(headers ? { headers: texts(headers) } : {}),
      ...(body === undefined ? {} : { body }),
      ...(Object.keys(expect).length > 0 ? { expect } : {}),
      ...waiting(timeout),
    };
  }

  #process(provider: Provider, tolerance: unknown, path: Path): ProbeInput | undefined {
    const { path: command, arguments: given, timeout } = provider;
    if (command === undefined || command === '') {
      this.#leaveOut([...path, 'provider', 'path'], 'names no program', 'Give its path.');
      return undefined;
    }
    const told = tolerance === undefined ? { expect: {} } : processExpectation(tolerance);
    if ('why' in told) this.#tolerance(told.why, path);
    const args = argumentsOf(given);
    return {
      process: { command, ...(args.length > 0 ? { args } : {}) },
      ...('expect' in told && Object.keys(told.expect).length > 0 ? { expect: told.expect } : {}),
      ...waiting(timeout),
    };
  }

  #python({ module, func, arguments: given }: Provider, tolerance: unknown, path: Path): ProbeInput | undefined {
    const name = isFields(given) ? given['function_name'] : undefined;
    if (func === 'invoke_function' && typeof name === 'string' && isFields(given)) {
      if (tolerance !== undefined && tolerance !== true) {
        this.#tolerance(
          'it is held against what the AWS SDK answers; here the function must end without an error',
          path,
        );
      }
      const event = given['function_arguments'];
      return { invoke: functionOfArn(name).name, ...(event === undefined ? {} : { event }) };
    }
    this.#leaveOut(
      path,
      `${module ?? ''}.${func ?? ''} is Python that looks at something else than the emulator`,
      'Write a probe of ours: http, invoke, metric, log or process.',
    );
    return undefined;
  }

  #tolerance(why: string, path: Path): void {
    this.#leaveOut([...path, 'tolerance'], why, 'Write what must hold under expect: of the probe.');
  }

  /** Once for each host: which one is not called. */
  #tell(host: string, stage: string | undefined, path: Path): void {
    if (this.#told.has(host)) return;
    this.#told.add(host);
    const taken = stage === undefined ? '' : `, and without the stage /${stage}`;
    this.#leaveOut(path, `${host} is not called: the gateway is${taken}`, 'Check that the path is a route of yours.');
  }
}

/** Arguments of a GET are its query. */
export function withQuery(url: string, method: string, given: unknown): string {
  if (method !== 'GET' || !isFields(given) || !URL.canParse(url)) return url;
  const full = new URL(url);
  for (const [key, value] of Object.entries(given)) full.searchParams.append(key, String(value));
  return full.href;
}

export function texts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}

/** A text is split as a shell does, a map is options and their values. */
export function argumentsOf(given: unknown): string[] {
  if (typeof given === 'string') {
    return [...given.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) =>
      double === undefined ? (single ?? bare ?? '') : double.replace(/\\(.)/g, '$1'),
    );
  }
  if (Array.isArray(given)) return given.map(String);
  if (!isFields(given)) return given === undefined ? [] : [String(given)];
  return Object.entries(given).flatMap(([key, value]) => (value === '' ? [key] : [key, String(value)]));
}

/** Seconds; the toolkit may give one for the connection and one for the answer. */
function waiting(timeout: Provider['timeout']): Pick<ProbeInput, 'timeout'> {
  const seconds = Math.max(0, ...[timeout ?? 0].flat().map(Number));
  return seconds > 0 ? { timeout: `${String(Math.min(60_000, Math.round(seconds * 1_000)))}ms` } : {};
}
