import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { headerOf } from '../http-body.js';

/**
 * Who may use the AWS APIs of this port. They run code and ask nobody who they are, so a web page must not reach them: not by
 * a request to 127.0.0.1 (browsers name the page in Origin), and not under a name of its own that points to this machine (DNS
 * rebinding: Host has that name). Routes and function URLs are for browsers, and what they allow is the handler's affair.
 */

/** `localhost`, `a.localhost`, `127.0.0.1`, `[::1]`: names that cannot be made to mean another machine. */
function isLoopback(name: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '');
}

/**
 * @param bound the name or address that the listener is bound to
 * @returns why the request is refused; undefined when it is not
 */
export function refusalOf(request: IncomingMessage, bound: string): string | undefined {
  const origin = headerOf(request, 'origin');
  if (origin !== undefined && !isLoopbackOrigin(origin)) return `pages of ${origin} may not use this API`;
  // Bound wider on purpose, other machines and containers call it by names that only they know.
  if (!isLoopback(bound)) return undefined;
  const host = headerOf(request, 'host');
  if (host === undefined) return undefined;
  const name = withoutPort(host);
  return isLoopback(name) || isIP(name) !== 0 ? undefined : `this API is not served under the name ${name}`;
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/]+)$/i.exec(origin);
  return match?.[1] !== undefined && isLoopback(withoutPort(match[1]));
}
