import type { IncomingMessage } from 'node:http';
import { headerOf } from '../../http-body.js';

/**
 * Where function URLs are: `http://NAME.localhost:PORT/`, which browsers and curl take to this machine, and
 * `http://127.0.0.1:PORT/_url/NAME/` for what does not.
 */

export const URL_PATH = '/_url/';
const SUFFIX = '.localhost';

export interface Addressed {
  readonly function: string;
  /** Path and query as the function sees them. */
  readonly url: string;
}

export class UrlAddresses {
  /** Names in lower case, as hosts are. */
  #names = new Map<string, string>();
  #lastHost = '';
  #lastName: string | undefined;

  /** @param names functions with a URL */
  set(names: readonly string[]): void {
    this.#names = new Map(names.map((name) => [name.toLowerCase(), name]));
    this.#lastHost = '';
  }

  /** Asked before everything else, for nothing where no function has a URL. */
  get any(): boolean {
    return this.#names.size > 0;
  }

  /** The function whose host name the request is for. */
  byHost(request: IncomingMessage): string | undefined {
    const host = headerOf(request, 'host');
    if (host === undefined) return undefined;
    // A client keeps to one host.
    if (host !== this.#lastHost) {
      this.#lastHost = host;
      this.#lastName = this.#named(host.toLowerCase());
    }
    return this.#lastName;
  }

  #named(host: string): string | undefined {
    const colon = host.indexOf(':');
    const name = colon < 0 ? host : host.slice(0, colon);
    return name.endsWith(SUFFIX) ? this.#names.get(name.slice(0, -SUFFIX.length)) : undefined;
  }

  /** @param url one that begins with URL_PATH @returns undefined when no function of that name has a URL */
  byPath(url: string): Addressed | undefined {
    const rest = url.slice(URL_PATH.length);
    const end = /[/?]/.exec(rest)?.index ?? rest.length;
    const name = this.#names.get(rest.slice(0, end).toLowerCase());
    if (name === undefined) return undefined;
    const target = rest.slice(end);
    return { function: name, url: target.startsWith('/') ? target : `/${target}` };
  }

  /** Host name of a function, with the port. */
  static domain(name: string, port: number): string {
    return `${name.toLowerCase()}${SUFFIX}:${String(port)}`;
  }
}
