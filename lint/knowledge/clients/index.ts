import { aws } from './aws.js';
import { databases } from './databases.js';
import { http } from './http.js';
import { pythonClients as python } from './python.js';
import { services } from './services.js';
import type { ClientDefaults, ClientFact, KnownClient } from './types.js';
import { inRange } from './versions.js';

export type { ClientDefaults, ClientFact, KnownClient } from './types.js';
export { compareVersions, inRange } from './versions.js';

/** JavaScript and TypeScript. The first that matches counts. */
export const javascriptClients: readonly ClientFact[] = [...http, ...aws, ...databases, ...services];

/** Python. The first that matches counts. */
export const pythonClients: readonly ClientFact[] = python;

/** Milliseconds above which a limit outlives most functions: the gateway in front has given up long before. */
export const longMs = 60_000;

/**
 * The client that is called by a path, with the defaults of the version that the project has.
 *
 * Where nothing tells the version, the kindest defaults count: a finding that another version mends would be false.
 *
 * @param installed version of a package or distribution of the project
 */
export function factOf(
  language: 'javascript' | 'python',
  path: string,
  installed: (name: string) => string | undefined,
): KnownClient | undefined {
  if (path === '') return undefined;
  const clients = language === 'python' ? pythonClients : javascriptClients;
  const fact = clients.find((each) => each.callee.test(path));
  return fact && known(fact, installed);
}

/** A fact with the defaults that hold in a project. */
export function known(fact: ClientFact, installed: (name: string) => string | undefined): KnownClient {
  const version = fact.packages.map(installed).find((each) => each !== undefined);
  const fitting =
    version === undefined ? fact.defaults : fact.defaults.filter((each) => inRange(version, each.versions));
  const candidates = fitting.length > 0 ? fitting : fact.defaults;
  const defaults = candidates.reduce((best, each) => (longest(each) < longest(best) ? each : best));
  return { fact, defaults, waits: waitsOf(fact, defaults), version };
}

/** Milliseconds that one attempt may take; Infinity where nothing ends it. */
export function longest({ connectMs, requestMs, totalMs }: ClientDefaults): number {
  if (totalMs !== undefined) return totalMs;
  return requestMs === null ? Infinity : (connectMs ?? 0) + requestMs;
}

function waitsOf(fact: ClientFact, defaults: ClientDefaults): KnownClient['waits'] {
  const ms = longest(defaults);
  if (ms === Infinity) return 'forever';
  if (ms <= longMs) return 'bounded';
  return fact.longIsNone === true ? 'forever' : 'long';
}
