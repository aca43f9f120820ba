'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Faults that shape connections, inside a Node instance: the emulator's proxy does it, connections only have to be led there.

const { targetMatcher } = require('./node-effects.cjs');

/** @returns what the effects of one invocation do to its connections */
exports.begin = function begin(effects, host) {
  /** The proxy holds them until it is told where they lead. */
  const unannounced = new Set();
  return {
    interceptors: effects.map((effect) => ({
      fault: effect.fault,
      cuts: true,
      /** It reports them itself: only what is connected has a port of its own. */
      silent: true,
      matches: targetMatcher(effect.hosts),
      connect(socket, target, args, connect) {
        const done = Array.isArray(args[0]) ? args[0][1] : args.find((value) => typeof value === 'function');
        unannounced.add(socket);
        socket.once('close', () => unannounced.delete(socket));
        // Before whatever the handler does once it is connected.
        socket.prependOnceListener('connect', () => {
          unannounced.delete(socket);
          const via = { local: socket.localPort, host: target.host, port: target.port };
          host.report({ kind: 'connect', target: target.name, fault: effect.fault, saw: effect.saw, via });
        });
        const to = { port: effect.port, host: '127.0.0.1', autoSelectFamily: false };
        return connect.call(socket, to, ...(done ? [done] : []));
      },
    })),
    end() {
      for (const socket of unannounced) socket.destroy();
    },
  };
};
