import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { FaultlineError } from '../contract/errors.js';
import type { Address } from './types.js';

/**
 * Who may talk to the control API. It can run code, so being on loopback is not enough: a web page could reach it too.
 * - Host must be ours, or a name that an attacker points at 127.0.0.1 would do (DNS rebinding).
 * - Origin, which browsers send with every request that another page makes, must be ours (cross-site requests).
 * - The token proves that the caller can read the user's files, or was shown the dashboard's address.
 */

const WILDCARDS = ['0.0.0.0', '::', '[::]'];
const HTTP_PORT = 80;

/** `name:port` as a URL and a Host header write it: IPv6 in brackets, in lower case. */
export function hostHeader(host: string, port: number): string {
  return `${isIP(host) === 6 ? `[${host}]` : host.toLowerCase()}:${String(port)}`;
}

/** @param header value of Host; undefined when the client sent none */
export function isOwnHost(header: string | undefined, { host, port }: Address): boolean {
  if (header === undefined) return false;
  const given = header.toLowerCase();
  const named = /:\d+$/.test(given) ? given : `${given}:${String(HTTP_PORT)}`;
  const own = ['127.0.0.1', 'localhost', '::1', host].map((name) => hostHeader(name, port));
  if (own.includes(named)) return true;
  // Bound to every interface on purpose: any address of this machine is ours, and an address cannot be rebound.
  const address = named.slice(0, named.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return WILDCARDS.includes(host) && named.endsWith(`:${String(port)}`) && isIP(address) !== 0;
}

/** A browser without an Origin is navigating, or asks from our own page. */
export function isOwnOrigin(origin: string | undefined, address: Address): boolean {
  if (origin === undefined) return true;
  return origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length), address);
}

/** @returns a check that takes the same time wherever the first wrong character is */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    return timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
  };
}

/** What a browser may do with our answers. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  // Until a page asks for more: an answer of the API never runs anything.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export function secureHeaders(): RequestHandler {
  return (_request, response, next) => {
    response.set(HEADERS);
    next();
  };
}

/** Host and Origin; for everything that is served. */
export function ownPageOnly(address: () => Address): RequestHandler {
  return (request, _response, next) => {
    const at = address();
    if (!isOwnHost(request.headers.host, at)) {
      throw new FaultlineError(
        'FORBIDDEN',
        `the control API is not served under the name ${String(request.headers.host)}`,
        {
          hint: `use http://${hostHeader('127.0.0.1', at.port)}`,
        },
      );
    }
    if (!isOwnOrigin(request.headers.origin, at)) {
      throw new FaultlineError('FORBIDDEN', `pages of ${String(request.headers.origin)} may not use the control API`);
    }
    next();
  };
}

/** The bearer token; for everything but the dashboard's own files. */
export function tokenOnly(token: string): RequestHandler {
  const matches = tokenCheck(token);
  return (request, response, next) => {
    if (matches(request.headers.authorization)) return next();
    response.set('www-authenticate', 'Bearer realm="faultline"');
    throw new FaultlineError('UNAUTHORIZED', 'the control API needs `Authorization: Bearer <token>`', {
      hint: 'the token is in .faultline/emulator.json of the workspace; `faultline start` prints the dashboard URL with it',
    });
  };
}
