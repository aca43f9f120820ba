'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Faults that act inside a Node instance (RuntimeEffect in contract/faults.ts). Loaded when an invocation first has one.
// In-process hooks: child processes, worker threads and native addons that open sockets themselves are not reached.
//
// Effects with `when` act before or after the handler, and end the invocation: they are here. Those that last for the
// invocation have a file each, `node-effect-TYPE.cjs`, that exports
//   begin(effects, host)   all effects of this type, the oldest fault first; before the handler is called
//   host                   { report(operation), note(text), sockets, requestId }
//   returns                { interceptors?, end?() }: what it does to connections, and what undoes it
// An interceptor is { fault, saw, cuts, silent, matches(target), connect(socket, target, args, connect) }: `cuts` closes what
// earlier invocations left open, `silent` tells of the connection itself, or not at all.

/** Whether a host is one of the patterns: `host` or `host:port`, `*` any part. No pattern: every host. */
exports.targetMatcher = function targetMatcher(patterns) {
  if (patterns.length === 0) return () => true;
  const expressions = patterns.map((pattern) => {
    const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${source.join('.*')}$`, 'i');
  });
  return (target) => expressions.some((one) => one.test(target.host) || one.test(target.name));
};

/** @returns the first that is for the target: the oldest fault's */
exports.hitOf = (interceptors, target) => interceptors.find((one) => one.matches(target));

/** Closes what earlier invocations left open to hosts that a fault is for. @returns whether there was any */
function cut(interceptors, sockets) {
  let any = false;
  for (const [socket, target] of sockets) {
    if (socket.destroyed || !interceptors.some((one) => one.cuts && one.matches(target))) continue;
    socket.destroy();
    any = true;
  }
  return any;
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

/** Begins the effects of one invocation. */
exports.plan = function plan(effects, host) {
  const at = (when) => effects.filter((effect) => effect.when === when);
  const [before, after, lasting] = [at('before'), at('after'), at(undefined)];
  const types = [...new Set(lasting.map(({ type }) => type))];
  // All are loaded before the first one acts: with some of them nothing can be loaded any more.
  const modules = types.map((type) => require(`./node-effect-${type}.cjs`));
  const begun = modules.map((module, i) =>
    module.begin(
      lasting.filter((effect) => effect.type === types[i]),
      host,
    ),
  );
  // In the order of the faults, whatever their types.
  const order = (one) => lasting.findIndex(({ fault }) => fault === one.fault);
  const interceptors = begun.flatMap((one) => one?.interceptors ?? []).sort((a, b) => order(a) - order(b));
  return {
    interceptors: interceptors.length > 0 ? interceptors : undefined,
    /** Whether connections of earlier invocations were closed. */
    cut: cut(interceptors, host.sockets),
    before: (fail) => before.length > 0 && act(before[0], fail),
    /** The handler has answered: what lasted for the invocation is over. */
    after(fail) {
      for (const one of begun) one?.end?.();
      return after.length > 0 && act(after[0], fail);
    },
  };
};
