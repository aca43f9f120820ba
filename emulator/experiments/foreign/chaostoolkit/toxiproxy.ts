import type { LeaveOut } from '../../importers/types.js';
import { downFault, toxicFault, toxicSchema } from '../toxics.js';
import { isFields, type Fields } from '../values.js';
import type { Done } from './actions.js';

/**
 * Toxiproxy as the Chaos Toolkit drives it: by the functions of chaostoolkit-toxiproxy [S: its exported activities], or by
 * requests to its API. What a proxy leads to is known when the document creates it.
 */

type Path = readonly (string | number)[];

/** Function → the toxic it makes, with the attribute that each argument is. */
const TOXICS: Readonly<Record<string, readonly [type: string, attributes: Readonly<Record<string, string>>]>> = {
  create_latency_toxic: ['latency', { latency: 'latency', jitter: 'jitter' }],
  create_bandwith_degradation_toxic: ['bandwidth', { rate: 'rate' }],
  create_slow_connection_close_toxic: ['slow_close', { delay: 'delay' }],
  create_slicer_toxic: ['slicer', { average_size: 'average_size', size_variation: 'size_variation', delay: 'delay' }],
  create_limiter_toxic: ['limit_data', { bytes_limit: 'bytes' }],
  create_timeout_toxic: ['timeout', { timeout: 'timeout' }],
};

export class Toxiproxy {
  readonly #leaveOut: LeaveOut;
  readonly #upstreams = new Map<string, string>();

  constructor(leaveOut: LeaveOut) {
    this.#leaveOut = leaveOut;
  }

  python(func: string, given: Fields, path: Path): readonly Done[] {
    const proxy = text(given['proxy_name'] ?? given['for_proxy']);
    const [type, attributes] = TOXICS[func] ?? [];
    if (type !== undefined && attributes) {
      const values = Object.entries(attributes).map(([argument, name]) => [name, given[argument]] as const);
      const known = Object.fromEntries(values.filter(([, value]) => value !== undefined));
      return this.#toxic(proxy, { name: given['toxic_name'], type, attributes: known }, path);
    }
    switch (func) {
      case 'create_proxy':
        this.#upstreams.set(proxy, `${text(given['upstream_host'])}:${text(given['upstream_port'])}`);
        return given['enabled'] === false ? this.#down(proxy, path) : [];
      case 'create_toxic':
        return this.#toxic(proxy, { ...given, name: given['toxic_name'], type: given['toxic_type'] }, path);
      case 'disable_proxy':
        return this.#down(proxy, path);
      case 'enable_proxy':
      case 'delete_proxy':
        return [{ type: 'undo', key: `toxics:${proxy}` }];
      case 'delete_toxic':
        return [{ type: 'undo', key: `toxics:${proxy}:${text(given['toxic_name'])}` }];
      case 'reset':
        return [{ type: 'undo', key: 'toxics' }];
      default:
        this.#leaveOut(path, `chaostoxi's ${func} has no counterpart`, 'Add a fault of ours that has the same effect.');
        return [];
    }
  }

  /** @returns undefined when it is no request to Toxiproxy */
  http(verb: string, pathname: string, given: unknown, path: Path): readonly Done[] | undefined {
    if (verb === 'POST' && pathname === '/reset') return [{ type: 'undo', key: 'toxics' }];
    const [, proxy, , toxic] = /^\/proxies\/([^/]+)(\/toxics(?:\/([^/]+))?)?$/.exec(pathname) ?? [];
    if (verb === 'POST' && (pathname === '/proxies' || pathname === '/populate')) {
      for (const one of [given].flat().filter(isFields)) this.#upstreams.set(text(one['name']), text(one['upstream']));
      return [];
    }
    if (proxy === undefined) return undefined;
    if (verb === 'DELETE') return [{ type: 'undo', key: `toxics:${proxy}${toxic === undefined ? '' : `:${toxic}`}` }];
    if (verb !== 'POST' || !isFields(given)) return [];
    if (pathname.endsWith('/toxics')) return this.#toxic(proxy, given, path);
    if (given['enabled'] === false) return this.#down(proxy, path);
    return [{ type: 'undo', key: `toxics:${proxy}` }];
  }

  #toxic(proxy: string, given: Fields, path: Path): readonly Done[] {
    const upstream = this.#upstreamOf(proxy, path);
    const parsed = toxicSchema.safeParse({
      ...given,
      name: given['name'] === undefined ? undefined : text(given['name']),
    });
    if (!parsed.success) this.#leaveOut(path, 'is no toxic of Toxiproxy', 'See docs/formats.md for what is read.');
    if (upstream === undefined || !parsed.success) return [];
    const spec = toxicFault(parsed.data, upstream, path, this.#leaveOut);
    const name = parsed.data.name ?? `${parsed.data.type}_${parsed.data.stream}`;
    return spec ? [{ type: 'fault', spec, key: `toxics:${proxy}:${name}` }] : [];
  }

  #down(proxy: string, path: Path): readonly Done[] {
    const upstream = this.#upstreamOf(proxy, path);
    return upstream === undefined ? [] : [{ type: 'fault', spec: downFault(upstream), key: `toxics:${proxy}` }];
  }

  #upstreamOf(proxy: string, path: Path): string | undefined {
    const upstream = this.#upstreams.get(proxy);
    if (upstream === undefined) {
      this.#leaveOut(
        path,
        `the document does not say where the proxy ${proxy || '?'} leads to`,
        'Add a fault on the host and port that the functions connect to.',
      );
    }
    return upstream;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
