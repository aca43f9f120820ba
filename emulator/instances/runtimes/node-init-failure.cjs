'use strict';
// The init of this instance fails by a fault (InitFailure in ../types.ts), before the handler's module is loaded.

/**
 * @param text JSON of how
 * @param failStart what an error of the handler's module leads to
 */
exports.fail = function fail(text, failStart) {
  const { how, errorType, message, exitCode } = JSON.parse(text);
  if (how === 'exit') process.exit(exitCode);
  // The channel keeps the process: it is never ready, and ends with its host.
  if (how === 'hang') return;
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: errorType, configurable: true, writable: true });
  error.stack = `${errorType}: ${message}`;
  failStart(error);
};
