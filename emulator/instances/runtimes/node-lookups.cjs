'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// The network fault's mode `dns` inside a Node instance: names that are not resolved, wherever they are asked for: by
// connecting to one (net, tls, http, fetch), by dns.lookup, dns.resolve* and their promises. What is an address needs no
// look-up. Installed with the first such effect; without one, each call costs one comparison.

const dns = require('dns');
const net = require('net');
const { targetMatcher } = require('./node-effects.cjs');

/** Of libuv, on every platform. */
const ERRNO = { ENOTFOUND: -3008, EAI_AGAIN: -3001 };
/** What a resolver says when its name server fails for now: c-ares knows no EAI_AGAIN. */
const OF_RESOLVERS = { ENOTFOUND: 'ENOTFOUND', EAI_AGAIN: 'ESERVFAIL' };
const RECORDS = 'Any A Aaaa Caa Cname Mx Naptr Ns Ptr Soa Srv Tlsa Txt'.split(' ');
/** `resolve4` asks for A records. */
const SPELLED = { A: '4', Aaaa: '6' };

/** The running invocation's effects and their host. */
let active;

const notFound = (code, syscall, hostname, errno) =>
  Object.assign(new Error(`${syscall} ${code} ${hostname}`), { ...(errno && { errno }), code, syscall, hostname });

const lookupError = (effect, hostname) => notFound(effect.code, 'getaddrinfo', hostname, ERRNO[effect.code]);

/** Finds the fault that a name meets, and tells of it. @returns undefined when there is none */
function hit(hostname, sees = (code) => code) {
  if (active === undefined || typeof hostname !== 'string' || hostname === '' || net.isIP(hostname)) return undefined;
  const target = { host: hostname, name: hostname };
  const found = active.names.find(({ matches }) => matches(target))?.effect;
  if (found) active.host.report({ kind: 'lookup', target: hostname, fault: found.fault, saw: sees(found.code) });
  return found;
}

/** @param broken makes the error of a call, or undefined to let it pass */
function patch(object, name, broken, promises) {
  const original = object[name];
  if (typeof original !== 'function') return;
  const patched = function (...args) {
    const error = active === undefined ? undefined : broken(args);
    const done = args.at(-1);
    if (error === undefined || !(promises || typeof done === 'function')) return original.apply(this, args);
    if (promises) return Promise.reject(error);
    process.nextTick(done, error);
    return {};
  };
  // With its name and what util.promisify goes by.
  object[name] = Object.defineProperties(patched, Object.getOwnPropertyDescriptors(original));
}

function install() {
  const lookup = ([hostname]) => {
    const effect = hit(hostname);
    return effect && lookupError(effect, hostname);
  };
  const resolve = (syscall) => (args) => {
    const effect = hit(args[0], (code) => OF_RESOLVERS[code]);
    return effect && notFound(OF_RESOLVERS[effect.code], syscall(args), args[0]);
  };
  const record = ([, type]) =>
    `query${(typeof type === 'string' ? type : 'A').replace(/(?<=.)[A-Z]+/, (rest) => rest.toLowerCase())}`;
  for (const promises of [false, true]) {
    const module = promises ? dns.promises : dns;
    patch(module, 'lookup', lookup, promises);
    for (const object of [module, module.Resolver.prototype]) {
      patch(object, 'resolve', resolve(record), promises);
      for (const type of RECORDS) {
        patch(
          object,
          `resolve${SPELLED[type] ?? type}`,
          resolve(() => `query${type}`),
          promises,
        );
      }
    }
  }
  require('module').syncBuiltinESMExports();
}

let installed = false;

/** @param effects network effects of mode `dns`, the oldest fault first */
exports.begin = function begin(effects, host) {
  if (!installed) install();
  installed = true;
  const names = effects.map((effect) => ({ effect, matches: targetMatcher(effect.hosts) }));
  active = { names, host };
  const mine = active;
  return {
    interceptors: names.map(({ effect, matches }) => ({
      fault: effect.fault,
      cuts: true,
      silent: true,
      matches: (target) => !net.isIP(target.host) && matches(target),
      connect(socket, target) {
        host.report({ kind: 'lookup', target: target.host, fault: effect.fault, saw: effect.code });
        socket.connecting = true;
        const error = lookupError(effect, target.host);
        process.nextTick(() => {
          socket.emit('lookup', error, null, null, target.host);
          socket.destroy(error);
        });
        return socket;
      },
    })),
    end: () => void (active === mine && (active = undefined)),
  };
};
