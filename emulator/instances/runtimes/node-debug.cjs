'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// The inspector of an instance that is started with a debugger's port open. Loaded only then.

const inspector = require('inspector');

/**
 * On a free port of the loopback interface; not by `--inspect`, which the handler's own child processes would inherit.
 * @returns {port} or {problem}
 */
exports.open = function open() {
  try {
    // Open already when NODE_OPTIONS say so.
    if (inspector.url() === undefined) inspector.open(0, '127.0.0.1');
    return { port: Number(new URL(inspector.url()).port) };
  } catch (error) {
    return { problem: `the inspector of Node ${process.version} does not start: ${error.message}` };
  }
};

/** What is logged shows in an attached debugger's console, too. */
exports.mirror = function mirror() {
  for (const method of ['log', 'info', 'debug', 'warn', 'error', 'trace']) {
    const own = console[method];
    console[method] = (...values) => {
      inspector.console[method](...values);
      own(...values);
    };
  }
};
