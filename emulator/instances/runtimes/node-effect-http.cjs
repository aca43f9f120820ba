'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// The http fault inside a Node instance: outbound requests are answered, delayed, left hanging, reset or broken off one by
// one, so also on connections that are kept alive. Two ways out are hooked, with the first such effect; without one, each
// request costs one comparison:
//   http, https    Agent.prototype.addRequest: what `http.request` calls before a connection is looked for, whoever made the
//                  request and however it was imported; ClientRequest.prototype.onSocket for those without an agent
//   fetch, undici  node-http-undici.cjs
// What is hit is answered by node-http-answers.cjs: the host that was asked hears nothing of it (but with `latency`).

const http = require('http');
const { targetMatcher } = require('./node-effects.cjs');
const answers = require('./node-http-answers.cjs');
const undici = require('./node-http-undici.cjs');

/** The running invocation's: { effects, host, pending }. */
let active;

const pattern = (text, flags) =>
  new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
      .join('.*')}$`,
    flags,
  );

/** @returns what tells whether a request is one of the effect's */
function matcher(effect) {
  const { hosts, paths, methods, service, operation } = effect;
  const { plain } = service || operation ? require('./node-aws-requests.cjs') : {};
  const host = targetMatcher(hosts);
  const path = paths.map((text) => pattern(text));
  const named = service && pattern(plain(service));
  const called = operation && pattern(operation, 'i');
  return (request, aws) => {
    if (!host({ host: request.host, name: `${request.host}:${request.port}` })) return false;
    if (methods.length > 0 && !methods.includes(request.method)) return false;
    if (path.length > 0 && !path.some((one) => one.test(request.path.split('?')[0]))) return false;
    if (!service && !operation) return true;
    if (aws === undefined || (named && ![...aws.names].some((name) => named.test(name)))) return false;
    return !called || called.test(aws.operation ?? '');
  };
}

const SEEN = { hang: 'no answer', reset: 'ECONNRESET', truncated: 'body broken off' };

function seen({ mode, latencyMs }, answer) {
  if (mode === 'latency') return `+${latencyMs} ms`;
  if (mode !== 'status') return SEEN[mode];
  return answer.errorCode ? `${answer.status} ${answer.errorCode}` : String(answer.status);
}

/**
 * What is to be done to a request: { effect, answer } for one that is hit, undefined for one that is not, 'undecided' while its
 * body has to tell. Tells of the request, once it is decided.
 * @param request { scheme, method, host, port, path, header(name), body }
 */
function decide(request) {
  const aws = require('./node-aws-requests.cjs').identify(request);
  if (aws?.undecided) return 'undecided';
  const one = active.effects.find(
    ({ effect, matches, used }) => (effect.times === 0 || used < effect.times) && matches(request, aws),
  );
  if (one) one.used++;
  const found = one?.effect;
  const answer = found && (found.answers[aws?.protocol] ?? found.answers.plain);
  const usual = request.port === (request.scheme === 'https' ? 443 : 80);
  const host = request.host.includes(':') ? `[${request.host}]` : request.host;
  active.host.report({
    kind: 'http',
    target: `${request.method} ${request.scheme}://${host}${usual ? '' : `:${request.port}`}${request.path.split('?')[0]}`,
    service: aws?.service,
    operation: aws?.operation,
    ...(found && { fault: found.fault, saw: seen(found, answer) }),
  });
  return found && { effect: found, answer };
}

/** Does it later, or when the invocation is over if that is sooner. */
function later(ms, go) {
  const { pending } = active;
  const run = () => {
    clearTimeout(timer);
    if (pending.delete(run)) go();
  };
  // Not unref'd: as with a real request, there is something to wait for.
  const timer = setTimeout(run, ms);
  pending.add(run);
}

// ---- http and https

/** Requests that have been decided on. */
const decided = new WeakSet();
/** Requests that are to be sent later, and by how much. */
const late = new WeakMap();

function describe(req, options, body) {
  const scheme = req.protocol === 'https:' ? 'https' : 'http';
  const sent = /^[\w-]+:\/\/[^/]+/.test(req.path) && URL.canParse(req.path) ? new URL(req.path) : undefined;
  const port = Number(options?.port) || (scheme === 'https' ? 443 : 80);
  // To a proxy: the host and the path are those that it is asked for.
  const to = sent
    ? { host: sent.hostname, port: Number(sent.port) || 80, path: sent.pathname + sent.search }
    : { host: String(options?.host ?? req.host ?? 'localhost').replace(/^\[|\]$/g, ''), port, path: req.path };
  return { scheme, method: req.method, ...to, body, header: (name) => headerOf(req, name) };
}

/** Headers that were given as an array are already text. */
function headerOf(req, name) {
  const value = req.getHeader(name);
  if (value !== undefined || typeof req._header !== 'string') return value === undefined ? undefined : String(value);
  return new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(req._header)?.[1];
}

const textOf = (chunk) =>
  typeof chunk === 'string'
    ? chunk
    : ArrayBuffer.isView(chunk)
      ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      : '';

/** Calls back with the first part of the body, once it is written; that part is sent after that. */
function onBody(req, then) {
  const wait = (name) => {
    req[name] = (...args) => {
      for (const one of ['write', 'end', 'destroy']) delete req[one];
      then(name === 'destroy' ? '' : textOf(args[0]));
      return req[name](...args);
    };
  };
  for (const name of ['write', 'end', 'destroy']) wait(name);
}

/**
 * @param way { pass(), drop?() }: sends it as if nothing were, or forgets the connection that it has already
 * @param body text as far as it is known
 */
function meet(req, options, way, body) {
  if (req.method === 'CONNECT' || active === undefined) return way.pass();
  const hit = decide(describe(req, options, body));
  if (hit === 'undecided') return onBody(req, (text) => meet(req, options, way, text));
  decided.add(req);
  if (hit === undefined) return way.pass();
  if (hit.effect.mode === 'latency') {
    late.set(req, hit.effect.latencyMs);
    return way.pass();
  }
  way.drop?.();
  const timeout = req.timeout ?? options.timeout;
  answers.socketFor(hit, (socket) => {
    if (timeout > 0) socket.setTimeout(timeout);
    // What an https client waits for.
    if (req.protocol === 'https:') socket.once('connect', () => socket.emit('secureConnect'));
    onSocket.call(req, socket);
  });
}

const { onSocket } = http.ClientRequest.prototype;

/** It has its connection, so that timeouts run; what is written stays here for a while. */
function sendLater(req, socket) {
  const ms = late.get(req);
  if (ms !== undefined && active !== undefined) {
    socket.cork();
    later(ms, () => socket.uncork());
  }
  onSocket.call(req, socket);
}

function install() {
  const { addRequest } = http.Agent.prototype;
  http.Agent.prototype.addRequest = function (req, options, ...rest) {
    const pass = () => addRequest.call(this, req, options, ...rest);
    // Over a Unix socket nobody is asked who has a name.
    if (active === undefined || options?.socketPath) return pass();
    meet(req, { timeout: this.options?.timeout, ...options }, { pass });
  };
  http.ClientRequest.prototype.onSocket = function (socket, error) {
    if (active === undefined || error || !socket) return onSocket.call(this, socket, error);
    if (decided.has(this)) return sendLater(this, socket);
    const to = active.host.sockets.get(socket);
    meet(this, { ...to }, { pass: () => sendLater(this, socket), drop: () => socket.destroy() });
  };
  undici.install({
    meet: (request) => (active === undefined || request.method === 'CONNECT' ? undefined : decide(request)),
    isActive: () => active !== undefined,
    later,
  });
}

let installed = false;

exports.begin = function begin(effects, host) {
  if (!installed) install();
  installed = true;
  undici.look();
  const mine = {
    effects: effects.map((effect) => ({ effect, matches: matcher(effect), used: 0 })),
    host,
    pending: new Set(),
  };
  active = mine;
  return {
    // The connections to what answers here are nobody's business.
    interceptors: [
      {
        silent: true,
        matches: (target) => target.host === '127.0.0.1' && target.port === answers.port(),
        connect: (socket, _target, args, connect) => connect.apply(socket, args),
      },
    ],
    end() {
      if (active === mine) active = undefined;
      for (const run of mine.pending) run();
    },
  };
};
