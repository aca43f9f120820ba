'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// What errors look like to a caller and in the log, as the vendor's runtime client has it [S]. Loaded with the first error.

const path = require('path');
const { types } = require('util');

const UNREADABLE = {
  errorType: 'handled',
  errorMessage:
    'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
};

const isText = (value) => typeof value === 'string' && value !== '';
const looksLikeError = (value) => value && isText(value.name) && isText(value.message) && isText(value.stack);
/** The payload travels in HTTP headers, too, where a DEL may not be. */
const visible = (text) => text?.replaceAll('\x7f', '%7F');

/** The error payload of the Invoke API. */
exports.payloadOf = function payloadOf(error) {
  try {
    if (types.isNativeError(error) || looksLikeError(error)) {
      const trace = visible(error.stack).split('\n');
      return { errorType: visible(error.name), errorMessage: visible(error.message), trace };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return UNREADABLE;
  }
};

/** What is thrown may be anything; what is logged is an error. @throws TypeError when it has no text */
exports.asError = (value) => (value instanceof Error ? value : new Error(value));

/** JSON of an error with its own properties, nested errors likewise: how the text log shows it. */
exports.formatted = function formatted(error) {
  const shown = (_key, value) => {
    if (!(value instanceof Error)) return value;
    const { name: errorType, message: errorMessage, code, stack } = value;
    const all = { errorType, errorMessage, code, ...value };
    if (typeof stack === 'string') all.stack = stack.split('\n');
    return all;
  };
  try {
    return JSON.stringify(error, shown);
  } catch {
    return JSON.stringify(exports.payloadOf(error));
  }
};

/**
 * An error of the runtime itself.
 * @param type `HandlerNotFound`, told as `Runtime.HandlerNotFound`
 * @param reason text, or what caused it: its stack is kept, since the place of the fault is in there
 */
exports.runtimeError = function runtimeError(type, reason) {
  const error = new Error(reason);
  const name = `Runtime.${type}`;
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  const stack = reason instanceof Error ? String(reason.stack).split('\n') : [];
  error.stack = [error.message === '' ? name : `${name}: ${error.message}`, ...stack].join('\n');
  return error;
};

exports.unhandledRejection = function unhandledRejection(reason, promise) {
  return Object.assign(exports.runtimeError('UnhandledPromiseRejection', reason), { reason, promise });
};

exports.nodeJsExit = () =>
  exports.runtimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );

exports.malformedName = function malformedName(name) {
  if (!name.includes('..')) return exports.runtimeError('MalformedHandlerName', 'Bad handler');
  const advice = 'Use absolute paths when specifying root directories in handler names.';
  return exports.runtimeError('MalformedHandlerName', `'${name}' is not a valid handler name. ${advice}`);
};

/** A handler's module that could not be loaded. ES modules' missing imports stay as Node tells them. */
exports.loadError = function loadError(error) {
  if (error instanceof SyntaxError) return exports.runtimeError('UserCodeSyntaxError', error);
  return error && error.code === 'MODULE_NOT_FOUND' ? exports.runtimeError('ImportModuleError', error) : error;
};

/** `file:line` on a line of its own (syntax errors), or the end of a frame: `(file:line:column)`. */
const PLACE =
  /^(?:Runtime\.\w+: )?((?:file:\/\/)?(?:\/|[A-Za-z]:\\).*?):(\d+)$|(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/;

/** The first place in the user's own code that an error's stack names. */
exports.placeOf = function placeOf(error) {
  for (const text of String(error && error.stack).split('\n')) {
    const [, head, headLine, named, line, column] = PLACE.exec(text) ?? [];
    const found = head ?? named;
    if (found === undefined) continue;
    const file = found.startsWith('file:') ? require('url').fileURLToPath(found) : found;
    if (file.startsWith(__dirname) || file.includes(`${path.sep}node_modules${path.sep}`)) continue;
    return { file, line: Number(headLine ?? line), ...(column && { column: Number(column) }) };
  }
  return undefined;
};
