'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// The network fault inside a Node instance: connections refused, reset or never made, names that are not resolved.

const net = require('net');
const { targetMatcher } = require('./node-effects.cjs');

/** How long Linux tries to connect before it gives up: 6 SYN retries. */
const CONNECT_TIMEOUT_MS = 130_000;

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

const SEEN = { refused: 'ECONNREFUSED', reset: 'ECONNRESET', timeout: 'no connection' };

function interceptor(effect) {
  return {
    fault: effect.fault,
    saw: SEEN[effect.mode],
    /** Connections that earlier invocations left open are closed, so that they have to be made anew. */
    cuts: true,
    matches: targetMatcher(effect.hosts),
    connect(socket, target, args, connect) {
      socket.connecting = true;
      BREAK[effect.mode](socket, target, args, connect);
      return socket;
    },
  };
}

/** @returns what the effects of one invocation do to its connections */
exports.begin = function begin(effects, host) {
  const names = effects.filter(({ mode }) => mode === 'dns');
  const lookups = names.length > 0 ? require('./node-lookups.cjs').begin(names, host) : undefined;
  const rest = effects.filter(({ mode }) => mode !== 'dns').map(interceptor);
  return { interceptors: [...(lookups?.interceptors ?? []), ...rest], end: lookups?.end };
};
