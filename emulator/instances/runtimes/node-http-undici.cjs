'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// The http fault for fetch and undici: dispatchers have one method that all requests go through. Node's own undici is reached
// through its global dispatcher, one that the handler has installed through the modules that are loaded.

const diagnostics = require('diagnostics_channel');
const answers = require('./node-http-answers.cjs');

/** Where undici keeps its global dispatcher: of any version, of version 8 and its kin. */
const GLOBAL = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

let hooks;
/** Dispatchers hand on to others, of a narrower kind, before they return: only the outermost call is a request. */
let depth = 0;

function headerOf(headers, name) {
  if (headers === undefined || headers === null) return undefined;
  if (Array.isArray(headers) && !Array.isArray(headers[0])) {
    for (let i = 0; i < headers.length; i += 2)
      if (String(headers[i]).toLowerCase() === name) return String(headers[i + 1]);
    return undefined;
  }
  const pairs = typeof headers[Symbol.iterator] === 'function' ? headers : Object.entries(headers);
  for (const [key, value] of pairs) if (String(key).toLowerCase() === name) return String(value);
  return undefined;
}

/** @returns undefined for what has no address */
function describe(opts, dispatcher) {
  const origin = opts.origin ?? originOf(dispatcher);
  if (origin === undefined || !URL.canParse(String(origin))) return undefined;
  const url = new URL(String(origin));
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const { body } = opts;
  return {
    scheme,
    method: String(opts.method ?? 'GET').toUpperCase(),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (scheme === 'https' ? 443 : 80),
    path: typeof opts.path === 'string' ? opts.path : '/',
    header: (name) => headerOf(opts.headers, name),
    // A body that is still to be made tells nothing in time.
    body: typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('latin1') : '',
  };
}

/** A pool or a client has its origin as a property under a symbol. */
function originOf(dispatcher) {
  const key = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === 'url');
  return key && dispatcher[key]?.origin;
}

/** One for each undici that there is: it leads anywhere, whatever the dispatcher in use is bound to. */
const redirectors = new Map();
function redirector(owner, dispatcher) {
  let found = redirectors.get(owner);
  if (found === undefined) {
    const Agent = owner.Agent ?? dispatcher.constructor;
    found = Agent.name === 'Agent' ? new Agent() : dispatcher;
    redirectors.set(owner, found);
  }
  return found;
}

/** Requests that are to be sent later, and by how much: as undici tells of them, and before they are written. */
const late = new WeakMap();
let latency;

function watch() {
  diagnostics.subscribe('undici:request:create', ({ request }) => {
    if (latency !== undefined) late.set(request, latency);
  });
  diagnostics.subscribe('undici:client:sendHeaders', ({ request, socket }) => {
    const ms = late.get(request);
    if (ms === undefined || !hooks.isActive()) return;
    // It has its connection, so that timeouts run; what is written stays here until then.
    socket.cork();
    hooks.later(ms, () => socket.uncork());
  });
}

/** What a pool with a limit has put aside, handler → request: it is dispatched once more, which is no request of its own. */
const queued = new WeakMap();

/** @param prototype that has a `dispatch` of its own, @param owner the undici that it is of: { Agent }, where that is known */
function patch(prototype, owner) {
  const { dispatch } = prototype;
  const pass = (dispatcher, opts, handler) => {
    depth++;
    try {
      return dispatch.call(dispatcher, opts, handler);
    } finally {
      depth--;
    }
  };
  const first = (dispatcher, opts, handler, ms) => {
    latency = ms;
    const more = pass(dispatcher, opts, handler);
    latency = undefined;
    if (more === false && dispatcher.constructor.name !== 'Client') queued.set(handler, opts);
    return more;
  };
  const patched = function (opts, handler) {
    if (depth > 0 || !hooks.isActive() || typeof opts !== 'object' || opts === null) return pass(this, opts, handler);
    const again = queued.get(handler) === opts;
    queued.delete(handler);
    const request = again ? undefined : describe(opts, this);
    const hit = request && hooks.meet(request);
    if (!hit) return first(this, opts, handler);
    if (hit.effect.mode === 'latency') return first(this, opts, handler, hit.effect.latencyMs);
    const to = redirector(owner, this);
    answers.placeFor(hit, (origin, path) => pass(to, { ...opts, origin, path, query: undefined }, handler));
    return true;
  };
  Object.defineProperty(prototype, 'dispatch', { value: patched, writable: true, configurable: true });
}

const patched = new WeakSet();

/** Finds what dispatches. A Dispatcher that is made of others passes its requests on to them. */
function reach(dispatcher, owner) {
  let prototype = Object.getPrototypeOf(dispatcher);
  while (prototype && !Object.hasOwn(prototype, 'dispatch')) prototype = Object.getPrototypeOf(prototype);
  if (!prototype || patched.has(prototype)) return;
  patched.add(prototype);
  patch(prototype, owner);
}

/** Looks for undicis that have come since. */
exports.look = function look() {
  for (const file of Object.keys(require.cache)) {
    if (!/[\\/]undici[\\/]lib[\\/]dispatcher[\\/]agent\.js$/.test(file)) continue;
    const Agent = require.cache[file].exports;
    if (typeof Agent === 'function') reach(Object.create(Agent.prototype), { Agent });
  }
  // Node loads its own with the first of its classes.
  void globalThis.Headers;
  for (const key of GLOBAL) if (globalThis[key]) reach(globalThis[key], {});
};

exports.install = function install(given) {
  hooks = given;
  watch();
};
