'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// File descriptors run out, inside a Node instance. The limit itself is lowered by the emulator (faults/open-files.ts), to
// one more than the handler is to have: with that one the runtime loads what it would need later, then takes it up.

const { closeSync, openSync } = require('fs');

/** @returns what gives it back */
exports.begin = function begin() {
  // Loaded with the first error otherwise, which this fault is likely to cause.
  require('./node-errors.cjs');
  let spare;
  try {
    spare = openSync('/dev/null', 'r');
  } catch {
    // Something that an earlier invocation has left running was faster.
  }
  return { end: () => spare !== undefined && closeSync(spare) };
};
