'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Log lines under AWS_LAMBDA_LOG_FORMAT=JSON, as the vendor's runtime client writes them [S]. Loaded only then.

const { format } = require('util');

const nameOf = (error) => error.constructor?.name ?? 'UnknownError';
const linesOf = (stack) => (typeof stack === 'string' ? stack.split('\n') : stack);

function withErrors(_key, value) {
  if (!(value instanceof Error)) return value;
  return { errorType: nameOf(value), errorMessage: value.message, stackTrace: linesOf(value.stack), ...value };
}

/**
 * One line. A single value is kept as it is; several are made into text, and the first error among them is told apart.
 * @param time ISO 8601
 * @param level INFO, ERROR …
 */
exports.line = function line(time, level, requestId, values) {
  const entry = { timestamp: time, level, requestId };
  if (values.length <= 1) {
    try {
      return JSON.stringify({ ...entry, message: values[0] }, withErrors);
    } catch {
      return JSON.stringify({ ...entry, message: format(values[0]) });
    }
  }
  entry.message = format(...values);
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined) {
    const stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
    Object.assign(entry, { errorType: nameOf(error), errorMessage: error.message, stackTrace });
  }
  return JSON.stringify(entry);
};
