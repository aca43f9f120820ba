'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS: it starts sooner than an ES module */
// What runs inside a Node instance: loads the handler, then takes invocations from file descriptor 3 one at a time.
// Shipped as it is, run by the user's own Node (20 or later), so: plain JavaScript, no dependencies, and nothing required
// that the start does not need (a cold start should cost little more than `node -e 0`).
// usage: node node-bootstrap.cjs FILE EXPORT; the frames of the channel are described in ../frames.ts.
//
// How an invocation ends follows the vendor's runtime client: see FACTS section 3. Two differences: a callback's result is
// answered at once (callbackWaitsForEmptyEventLoop is accepted and ignored), and the environment is not frozen in between.

const { writeSync, readFileSync } = require('fs');
const net = require('net');
const path = require('path');

const CHANNEL = 3;
const INVOKE = 0xa1;
const STOP = 0xa2;
const READY = 0xb1;
const INIT_ERROR = 0xb2;
const RESULT = 0xb3;
const ERROR = 0xb4;
const FATAL = 0xb5;
const LOG = 0xb6;
const OPERATION = 0xb7;
const MAX_PAYLOAD_BYTES = 6_291_556;
/** The host cuts an invocation's output at 1 MB and says so; what is beyond that is not worth sending. */
const MAX_OUTPUT_BYTES = 1_100_000;

const [, , handlerFile, handlerExport] = process.argv;
process.argv = [process.execPath, handlerFile];
const env = process.env;

// ---- sending: synchronous, so that what was printed before a crash or an exit is not lost, and order is kept

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeAll(buffer) {
  for (let at = 0; at < buffer.length;) {
    try {
      at += writeSync(CHANNEL, buffer, at, buffer.length - at);
    } catch (error) {
      // The socket's buffer is full: the host reads on, in its own time.
      if (error.code === 'EAGAIN') Atomics.wait(pause, 0, 0, 1);
      else process.reallyExit(1);
    }
  }
}

/** @param extra bytes of the body in front of `text`, filled by the caller */
function frame(type, extra, text) {
  const bytes = Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(5 + extra + bytes);
  buffer.writeUInt32LE(1 + extra + bytes, 0);
  buffer[4] = type;
  buffer.utf8Write(text, 5 + extra, bytes);
  return buffer;
}

// The kernel hands the peak of the forking process on to this one; only what grows above it is ours.
const inheritedPeak = process.resourceUsage().maxRSS;
let sampledPeak = 0;
let sampledAt = 0;
let peakSeen = 0;

/** Peak resident memory in kB; looked at every 10 ms at most, since it costs more than a small invocation. */
function peakMemory() {
  const now = Date.now();
  if (now - sampledAt < 10) return peakSeen;
  sampledAt = now;
  const peak = process.resourceUsage().maxRSS;
  if (peak > inheritedPeak) return (peakSeen = peak);
  sampledPeak = Math.max(sampledPeak, process.memoryUsage.rss() >>> 10);
  return (peakSeen = sampledPeak);
}

// ---- output

let requestId;
let printed = 0;
const LEVELS = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };

function log(kind, text) {
  if (printed > MAX_OUTPUT_BYTES) return;
  const cut = text.length > MAX_OUTPUT_BYTES ? text.slice(0, MAX_OUTPUT_BYTES) : text;
  const buffer = frame(LOG, 1, cut);
  buffer[5] = kind;
  printed += buffer.length;
  writeAll(buffer);
}

function message(level, args) {
  const text = require('util').format(...args);
  log(0, `${new Date().toISOString()}\t${requestId}\t${level}\t${text}`);
}

for (const [method, level] of Object.entries(LEVELS)) {
  console[method] =
    method === 'trace'
      ? (...args) =>
          message(level, [`Trace: ${args.map(String).join(' ')}\n${new Error().stack.split('\n').slice(2).join('\n')}`])
      : (...args) => message(level, args);
}

/** The streams are made when first used: making them is most of what `process.stdout` costs. */
function captureStream(name, kind) {
  const original = Object.getOwnPropertyDescriptor(process, name).get;
  let stream;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      if (stream !== undefined) return stream;
      stream = original.call(process);
      stream.write = (chunk, encoding, callback) => {
        const done = typeof encoding === 'function' ? encoding : callback;
        log(kind, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
        if (typeof done === 'function') process.nextTick(done);
        return true;
      };
      return stream;
    },
  });
}
captureStream('stdout', 1);
captureStream('stderr', 2);

// ---- errors

/** The error payload of the Invoke API, as the vendor's runtime makes it. */
function errorPayload(error) {
  try {
    if (error instanceof Error || (error && error.name && error.message && typeof error.stack === 'string')) {
      return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'the error could not be read: its name, message or stack throws' };
  }
}

function logError(title, payload, error) {
  const { errorType, errorMessage, trace } = payload;
  const code = error && typeof error === 'object' && error.code !== undefined ? { code: error.code } : undefined;
  message('ERROR', [`${title} \t${JSON.stringify({ errorType, errorMessage, ...code, stack: trace })}`]);
}

function runtimeError(type, reason) {
  const text = reason instanceof Error ? String(reason) : reason;
  const error = new Error(text);
  error.name = `Runtime.${type}`;
  const stack = reason instanceof Error ? String(reason.stack).split('\n') : [];
  error.stack = [`${error.name}: ${text}`, ...stack].join('\n');
  return error;
}

let ready = false;
let ending = false;

/** The process ends after this: with an error of the running invocation, or of the start. */
function fatal(error, title, exitCode) {
  if (ending) return;
  ending = true;
  const payload = errorPayload(error);
  logError(title, payload, error);
  if (ready) writeAll(frame(FATAL, 0, JSON.stringify(payload)));
  else writeAll(frame(INIT_ERROR, 0, JSON.stringify({ error: payload, place: placeOf(error) })));
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => fatal(error, 'Uncaught Exception', 129));
process.on('unhandledRejection', (reason) =>
  fatal(
    runtimeError('UnhandledPromiseRejection', reason instanceof Error ? reason : String(reason)),
    'Unhandled Promise Rejection',
    128,
  ),
);

/** `file:line` on a line of its own (syntax errors), or the end of a frame: `(file:line:column)`. */
const PLACE =
  /^(?:Runtime\.\w+: )?((?:file:\/\/)?(?:\/|[A-Za-z]:\\).*?):(\d+)$|(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/;

/** The first place in the user's own code that an error's stack names. */
function placeOf(error) {
  for (const text of String(error && error.stack).split('\n')) {
    const [, head, headLine, named, line, column] = PLACE.exec(text) ?? [];
    const found = head ?? named;
    if (found === undefined) continue;
    const file = found.startsWith('file:') ? require('url').fileURLToPath(found) : found;
    if (file.startsWith(__dirname) || file.includes(`${path.sep}node_modules${path.sep}`)) continue;
    return { file, line: Number(headLine ?? line), ...(column && { column: Number(column) }) };
  }
  return undefined;
}

// ---- outbound connections: every one is reported, and broken while a network fault says so

const connect = net.Socket.prototype.connect;
/** Open outbound sockets and where they lead, so that a fault also reaches those that are kept alive. */
const sockets = new Map();
let network;

/** What a call of `connect` leads to; undefined for a pipe. Node itself passes its arguments as one array. */
function targetOf(args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
  // http gives a path of null.
  if (options.path || !(options.port >= 0)) return undefined;
  const host = typeof options.host === 'string' ? options.host : 'localhost';
  return { host, port: Number(options.port), name: `${host.includes(':') ? `[${host}]` : host}:${options.port}` };
}

net.Socket.prototype.connect = function (...args) {
  const target = targetOf(args);
  if (target === undefined) return connect.apply(this, args);
  if (!sockets.has(this)) this.once('close', () => sockets.delete(this));
  sockets.set(this, target);
  const fault = network === undefined ? undefined : network.match(target);
  if (active !== undefined) {
    const at = Number((process.hrtime.bigint() - active.startedAt) / 100_000n) / 10;
    writeAll(frame(OPERATION, 0, JSON.stringify({ kind: 'connect', target: target.name, at, fault: fault?.fault })));
  }
  return fault === undefined ? connect.apply(this, args) : network.break(this, fault, target, args, connect);
};

// ---- invocations

let handler;
let handlerIsAsync = false;
let active;

/** The client context is what the caller sent; what is no JSON is left out. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Read once: every read of process.env is a call into the system.
const FUNCTION_NAME = env.AWS_LAMBDA_FUNCTION_NAME;
const MEMORY_SIZE = env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
const LOG_GROUP = env.AWS_LAMBDA_LOG_GROUP_NAME;
const LOG_STREAM = env.AWS_LAMBDA_LOG_STREAM_NAME;

/** What the handler gets as its second argument. */
function contextOf(call, head) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: FUNCTION_NAME,
    memoryLimitInMB: MEMORY_SIZE,
    logGroupName: LOG_GROUP,
    logStreamName: LOG_STREAM,
    clientContext: head.clientContext === undefined ? undefined : parsed(head.clientContext),
    identity: undefined,
    invokedFunctionArn: head.arn,
    awsRequestId: head.id,
    getRemainingTimeInMillis: () => head.deadline - Date.now(),
    done: call.done,
    succeed: (result) => succeed(call, result),
    fail: (error) => fail(call, error === undefined || error === null ? 'handled' : error),
  };
}

/** A running invocation; answers for any other are late, and ignored. */
function newCall() {
  const call = {
    startedAt: process.hrtime.bigint(),
    effects: undefined,
    done: (error, result) => (error === undefined || error === null ? succeed(call, result) : fail(call, error)),
  };
  return call;
}

/** Sends the answer and waits for the next invocation. @param payload JSON text */
function finish(call, type, payload, origin) {
  if (call !== active) return;
  if (call.effects !== undefined) {
    const effects = call.effects;
    call.effects = undefined;
    if (effects.after((error) => finish(call, ERROR, JSON.stringify(errorPayload(error)), 0))) return;
  }
  active = undefined;
  network = undefined;
  channel.ref();
  const extra = type === RESULT ? 4 : 5;
  const buffer = frame(type, extra, payload);
  buffer.writeUInt32LE(peakMemory(), 5);
  if (extra === 5) buffer[9] = origin;
  writeAll(buffer);
}

function succeed(call, result) {
  if (call !== active) return;
  let payload;
  try {
    payload = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    return finish(call, ERROR, JSON.stringify(errorPayload(new Error('Unable to stringify response body'))), 1);
  }
  if (payload.length > MAX_PAYLOAD_BYTES / 3 && Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
    return finish(call, ERROR, JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }), 1);
  }
  finish(call, RESULT, payload, 0);
}

function fail(call, error) {
  if (call !== active) return;
  const payload = errorPayload(error);
  logError('Invoke Error', payload, error);
  finish(call, ERROR, JSON.stringify(payload), 0);
}

function run(call, event, context) {
  let result;
  try {
    result = handler(event, context, call.done);
  } catch (error) {
    return fail(call, error);
  }
  if (result && typeof result.then === 'function') {
    result.then(
      (value) => succeed(call, value),
      (error) => fail(call, error),
    );
  }
  // With nothing left to wait for, the invocation is over: see beforeExit.
  if (call === active) channel.unref();
}

process.on('beforeExit', () => {
  const call = active;
  channel.ref();
  if (call === undefined) return;
  if (!handlerIsAsync) return finish(call, RESULT, 'null', 0);
  fail(
    call,
    runtimeError(
      'NodeJsExit',
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
    ),
  );
});

function invoke(body) {
  const end = 4 + body.readUInt32LE(0);
  const head = JSON.parse(body.utf8Slice(4, end));
  const call = (active = newCall());
  requestId = head.id;
  printed = 0;
  if (head.traceId !== undefined) env._X_AMZN_TRACE_ID = head.traceId;
  let event;
  try {
    event = JSON.parse(body.utf8Slice(end, body.length));
  } catch (error) {
    return fail(call, error);
  }
  const context = contextOf(call, head);
  if (head.effects === undefined) return run(call, event, context);
  call.effects = require('./node-effects.cjs').plan(head.effects);
  network = call.effects.network;
  const error = (reason) => finish(call, ERROR, JSON.stringify(errorPayload(reason)), 0);
  const begin = () => call.effects.before(error) || run(call, event, context);
  // Pools must hear of the sockets that were cut before the handler asks them for one.
  if (network !== undefined && network.cut(sockets)) setImmediate(begin);
  else begin();
}

// ---- receiving

let held = [];
let heldBytes = 0;
let wanted = 5;

/** @param data bytes of the read buffer, which is used again: nothing may keep a view of it */
function receive(data) {
  if (heldBytes > 0) {
    held.push(Buffer.from(data));
    heldBytes += data.length;
    if (heldBytes < wanted) return;
    data = Buffer.concat(held, heldBytes);
    heldBytes = 0;
  }
  let at = 0;
  while (data.length - at >= 5) {
    const end = at + 4 + data.readUInt32LE(at);
    if (end > data.length) break;
    if (data[at + 4] === INVOKE) invoke(data.subarray(at + 5, end));
    else if (data[at + 4] === STOP) process.exit(0);
    at = end;
  }
  if (at === data.length) return;
  wanted = data.length - at >= 5 ? 4 + data.readUInt32LE(at) : 5;
  held = [Buffer.from(data.subarray(at))];
  heldBytes = data.length - at;
}

const readBuffer = Buffer.allocUnsafeSlow(65_536);
const channel = new net.Socket({
  fd: CHANNEL,
  readable: true,
  writable: false,
  onread: {
    buffer: readBuffer,
    callback(bytes) {
      receive(bytes === readBuffer.length ? readBuffer : readBuffer.subarray(0, bytes));
      return true;
    },
  },
});

/** The host is gone: nothing may be left of it, so the handler's own child processes go too. */
function hostGone() {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.reallyExit(1);
  }
}
channel.on('end', hostGone);
channel.on('error', hostGone);

// ---- start

/** True for ES modules: by the ending, or by the type of the nearest package.json. */
function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch {
      if (folder === path.dirname(folder)) return false;
    }
  }
}

function loadError(error) {
  if (error instanceof SyntaxError) return runtimeError('UserCodeSyntaxError', error);
  const missing = error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND');
  return missing ? runtimeError('ImportModuleError', error) : error;
}

function loaded(namespace) {
  const name = env._HANDLER;
  const at = (object) => handlerExport.split('.').reduce((nested, key) => nested?.[key], object);
  handler = at(namespace) ?? at(namespace.default);
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  handlerIsAsync = handler.constructor?.name === 'AsyncFunction';
  ready = true;
  writeAll(frame(READY, 0, ''));
}

function failStart(error) {
  fatal(loadError(error), 'Uncaught Exception', 1);
}

try {
  if (!/^[^.]+\.[^.]/.test(path.basename(env._HANDLER ?? '')))
    throw runtimeError('MalformedHandlerName', 'Bad handler');
  if (isModule(handlerFile)) import(require('url').pathToFileURL(handlerFile).href).then(loaded).catch(failStart);
  else loaded(require(handlerFile));
} catch (error) {
  failStart(error);
}
