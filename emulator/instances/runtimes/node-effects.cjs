'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Faults that act inside a Node instance (RuntimeEffect in contract/faults.ts). Loaded when an invocation first has one.
// In-process hooks: child processes, worker threads and native addons that open sockets themselves are not reached.

const net = require('net');

/** How long Linux tries to connect before it gives up: 6 SYN retries. */
const CONNECT_TIMEOUT_MS = 130_000;

/** `*` any part; the pattern is `host` or `host:port`. */
function matcher(pattern) {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('.*')}$`, 'i');
  return (target) => expression.test(target.host) || expression.test(target.name);
}

function systemError(code, errno, syscall, target) {
  const error = new Error(`${syscall} ${code}${target ? ` ${target.name}` : ''}`);
  return Object.assign(error, { errno, code, syscall, ...(target && { address: target.host, port: target.port }) });
}

let resetServer;

/** The port of a listener on the loopback interface that resets whoever connects. */
function withResetPort(use) {
  if (resetServer === undefined) {
    resetServer = net.createServer({ noDelay: true }, (socket) => socket.resetAndDestroy());
    resetServer.unref();
    resetServer.listen(0, '127.0.0.1');
  }
  if (resetServer.listening) use(resetServer.address().port);
  else resetServer.once('listening', () => use(resetServer.address().port));
}

const BREAK = {
  refused(socket, target) {
    process.nextTick(() => socket.destroy(systemError('ECONNREFUSED', -111, 'connect', target)));
  },
  timeout(socket, target) {
    // Not unref'd: as with a real connection attempt, there is something to wait for.
    const timer = setTimeout(
      () => socket.destroy(systemError('ETIMEDOUT', -110, 'connect', target)),
      CONNECT_TIMEOUT_MS,
    );
    socket.once('close', () => clearTimeout(timer));
  },
  reset(socket, target, args, connect) {
    const done = Array.isArray(args[0]) ? args[0][1] : args.find((value) => typeof value === 'function');
    withResetPort((port) => {
      if (socket.destroyed) return;
      socket.connecting = false;
      connect.call(socket, { port, host: '127.0.0.1', autoSelectFamily: false }, ...(done ? [done] : []));
    });
  },
};

class Network {
  constructor(effects) {
    this.rules = effects.map((effect) => ({ effect, hosts: effect.hosts.map(matcher) }));
  }

  /** @returns the first effect that hits the target */
  match(target) {
    return this.rules.find(({ hosts }) => hosts.length === 0 || hosts.some((hit) => hit(target)))?.effect;
  }

  /** Ends a connection attempt the way the effect says. */
  break(socket, effect, target, args, connect) {
    socket.connecting = true;
    BREAK[effect.mode](socket, target, args, connect);
    return socket;
  }

  /** Closes what earlier invocations left open, so that it has to connect anew. @returns whether there was any */
  cut(sockets) {
    let any = false;
    for (const [socket, target] of sockets) {
      if (socket.destroyed || this.match(target) === undefined) continue;
      socket.destroy();
      any = true;
    }
    return any;
  }
}

function crash(how) {
  if (how.signal === undefined) process.exit(how.exitCode);
  process.kill(process.pid, how.signal);
  // The signal may take a moment to arrive, and nothing may happen after it.
  for (;;);
}

/** @returns true when the invocation ends, or never ends, with this effect */
function act(effect, fail) {
  if (effect.type === 'crash') crash(effect.how);
  if (effect.type === 'hang') {
    if (effect.mode === 'busy') for (;;);
    return true;
  }
  const error = new Error(effect.message);
  error.name = effect.errorType;
  error.stack = `${effect.errorType}: ${effect.message}`;
  fail(error);
  return true;
}

/** Sorts the effects of one invocation by when they act. */
exports.plan = function plan(effects) {
  const network = effects.filter((effect) => effect.type === 'network');
  const at = (when) => effects.filter((effect) => effect.when === when);
  const [before, after] = [at('before'), at('after')];
  return {
    network: network.length > 0 ? new Network(network) : undefined,
    before: (fail) => before.length > 0 && act(before[0], fail),
    after: (fail) => after.length > 0 && act(after[0], fail),
  };
};
