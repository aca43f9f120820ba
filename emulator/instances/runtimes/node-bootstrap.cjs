'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS: it starts sooner than an ES module */
// What runs inside a Node instance: loads the handler, then takes invocations from file descriptor 3 one at a time.
// Shipped as it is, run by the user's own Node (20 or later), so: plain JavaScript, no dependencies, and nothing required
// that the start does not need (a cold start should cost little more than `node -e 0`); the rest is in files beside it.
// usage: node node-bootstrap.cjs FILE EXPORT; the frames of the channel are described in ../frames.ts.
//
// How an invocation ends follows the vendor's runtime client for Node.js 18 to 22 (aws-lambda-ric 3 [S]; FACTS section 3).

const { writeSync, readFileSync } = require('fs');
const net = require('net');
const path = require('path');
const { contextOf } = require('./node-context.cjs');

// As they are when nobody has skewed them.
const RealDate = Date;
const { bigint: hrtime } = process.hrtime;

const CHANNEL = 3;
const INVOKE = 0xa1;
const STOP = 0xa2;
const PROCEED = 0xa3;
const READY = 0xb1;
const INIT_ERROR = 0xb2;
const RESULT = 0xb3;
const ERROR = 0xb4;
const FATAL = 0xb5;
const LOG = 0xb6;
const OPERATION = 0xb7;
const STREAM_END = 0xba;
const DEBUGGER = 0xbb;
const MAX_PAYLOAD_BYTES = 6_291_556;
/** The host cuts an invocation's output at 1 MB and says so; what is beyond that is not worth sending. */
const MAX_OUTPUT_BYTES = 1_100_000;

const [, , handlerFile, handlerExport] = process.argv;
process.argv = [process.execPath, handlerFile];
const env = process.env;
// The host does not know which version it starts; Lambda's value has it.
if (env.AWS_EXECUTION_ENV === 'AWS_Lambda_nodejs') env.AWS_EXECUTION_ENV += `${process.versions.node.split('.')[0]}.x`;

// ---- sending: synchronous, so that what was printed before a crash or an exit is not lost, and order is kept

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeNow(buffer, from) {
  for (let at = from; at < buffer.length;) {
    try {
      at += writeSync(CHANNEL, buffer, at, buffer.length - at);
    } catch (error) {
      // The socket's buffer is full: the host reads on, in its own time.
      if (error.code === 'EAGAIN') Atomics.wait(pause, 0, 0, 1);
      else process.reallyExit(1);
    }
  }
}

/** Takes what is sent while a streamed response waits for the host; there is none before the first streaming handler. */
let outlet;

function writeAll(buffer) {
  if (outlet !== undefined && outlet.busy) outlet.push(buffer);
  else writeNow(buffer, 0);
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
  const now = RealDate.now();
  if (now - sampledAt < 10) return peakSeen;
  sampledAt = now;
  const peak = process.resourceUsage().maxRSS;
  if (peak > inheritedPeak) return (peakSeen = peak);
  sampledPeak = Math.max(sampledPeak, process.memoryUsage.rss() >>> 10);
  return (peakSeen = sampledPeak);
}

// ---- output

const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');
const LEVELS = { trace: 1, debug: 2, info: 3, warn: 4, error: 5, fatal: 6 };
const inJson = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON' ? require('./node-log-json.cjs') : undefined;
let printed = 0;

function log(kind, text) {
  if (printed > MAX_OUTPUT_BYTES) return;
  const cut = text.length > MAX_OUTPUT_BYTES ? text.slice(0, MAX_OUTPUT_BYTES) : text;
  const buffer = frame(LOG, 1, cut);
  buffer[5] = kind;
  printed += buffer.length;
  writeAll(buffer);
}

function message(level, values) {
  const time = new RealDate().toISOString();
  const id = globalThis[REQUEST_ID];
  if (inJson !== undefined) return log(0, inJson.line(time, level, id, values));
  log(0, `${time}\t${id}\t${level}\t${require('util').format(...(values.length > 0 ? values : [undefined]))}`);
}

/** A line of ours in the handler's log. */
const note = (text) => log(0, `[faultline] ${text}`);

const leastLevel = LEVELS[env.AWS_LAMBDA_LOG_LEVEL?.toLowerCase()] ?? LEVELS.trace;
for (const [method, level] of Object.entries(LEVELS)) {
  const name = method.toUpperCase();
  console[method] = level < leastLevel ? () => {} : (...values) => message(name, values);
}
console.log = console.info;

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

const errors = () => require('./node-errors.cjs');
const errorPayload = (error) => JSON.stringify(errors().payloadOf(error));

/** @throws TypeError for what cannot be made into an error */
function logError(title, thrown) {
  const error = errors().asError(thrown);
  if (inJson !== undefined) console.error(error);
  else console.error(title, `\t${errors().formatted(error)}`);
}

let ready = false;
let ending = false;

/** The process ends after this: with an error of the running invocation, or of the start. */
function fatal(error, title, exitCode) {
  if (ending) return;
  ending = true;
  logError(title, error);
  const place = ready ? undefined : errors().placeOf(error);
  if (ready) writeAll(frame(FATAL, 0, errorPayload(error)));
  else writeAll(frame(INIT_ERROR, 0, JSON.stringify({ error: errors().payloadOf(error), place })));
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => fatal(error, 'Uncaught Exception', 129));
process.on('unhandledRejection', (reason, promise) =>
  fatal(errors().unhandledRejection(reason, promise), 'Unhandled Promise Rejection', 128),
);

// ---- outbound connections: every one is reported, and broken while a network fault says so

const connect = net.Socket.prototype.connect;
/** Open outbound sockets and where they lead, so that a fault also reaches those that are kept alive. */
const sockets = new Map();
/** What faults do to connections, while an invocation has such faults. */
let interceptors;

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
  const hit = interceptors === undefined ? undefined : require('./node-effects.cjs').hitOf(interceptors, target);
  if (!hit?.silent) report({ kind: 'connect', target: target.name, fault: hit?.fault, saw: hit?.saw });
  return hit === undefined ? connect.apply(this, args) : hit.connect(this, target, args, connect);
};

/** Tells of an outbound operation of the running invocation. */
function report(operation) {
  if (active === undefined) return;
  const at = Number((hrtime() - active.startedAt) / 100_000n) / 10;
  writeAll(frame(OPERATION, 0, JSON.stringify({ ...operation, at })));
}

// ---- invocations

/** What a handler is called on: `this` in it is the vendor's runtime, not the object that it is exported from. */
const runtime = { handler: undefined };
let handlerIsAsync = false;
let handlerStreams = false;
let traced = false;
let active;

/** A running invocation; answers for any other are late, and ignored. */
function newCall() {
  return {
    startedAt: hrtime(),
    effects: undefined,
    /** callbackWaitsForEmptyEventLoop */
    waits: true,
    /** One of the ways to end it has been taken. */
    settled: false,
    completed: false,
    streaming: false,
    /** What is done when the event loop is empty. */
    idle: undefined,
  };
}

/** Sends the answer and waits for the next invocation. @param payload JSON text */
function finish(call, type, payload, origin) {
  if (call !== active) return;
  if (call.effects !== undefined) {
    const effects = call.effects;
    call.effects = undefined;
    if (effects.after((error) => finish(call, ERROR, errorPayload(error), 0))) return;
  }
  active = undefined;
  interceptors = undefined;
  channel.ref();
  const kind = call.streaming ? STREAM_END : type;
  const extra = kind === ERROR ? 5 : 4;
  const buffer = frame(kind, extra, payload);
  buffer.writeUInt32LE(peakMemory(), 5);
  if (extra === 5) buffer[9] = origin;
  writeAll(buffer);
}

let unserialisable;

/** @throws Error for what has no JSON */
function serialised(result) {
  let payload;
  try {
    payload = JSON.stringify(result === undefined ? null : result);
  } catch {
    throw (unserialisable = new Error('Unable to stringify response body'));
  }
  // A function or a symbol: what the vendor's client says of what is no text.
  if (payload === undefined) throw (unserialisable = new TypeError('Wrong arguments'));
  return payload;
}

/** @throws Error for what has no JSON */
function complete(call, result) {
  if (call.completed) {
    console.error('Invocation has already been reported as done. Cannot call complete more than once per invocation.');
    return;
  }
  call.completed = true;
  const payload = serialised(result);
  if (payload.length > MAX_PAYLOAD_BYTES / 3 && Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
    return finish(call, ERROR, JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }), 1);
  }
  finish(call, RESULT, payload, 0);
}

function fail(call, error) {
  logError('Invoke Error', error);
  finish(call, ERROR, errorPayload(error), error !== undefined && error === unserialisable ? 1 : 0);
}

const given = (error) => error !== undefined && error !== null;

/** The ways of ending an invocation: only the first that is taken counts. */
function waysOf(call) {
  const done = (error, result) => {
    if (call.settled) return;
    if (given(error)) fail(call, error);
    else complete(call, result);
    call.settled = true;
  };
  const callback = (error, result) => {
    if (call.settled) return;
    if (given(error)) fail(call, error);
    else if (!call.waits || call.completed) complete(call, result);
    else call.idle = () => setImmediate(() => complete(call, result));
    call.settled = true;
  };
  return {
    callback,
    succeed: (result) => done(null, result),
    fail: (error) => done(given(error) ? error : 'handled'),
    done,
  };
}

/** Nothing is left that could answer. */
function unanswered(call) {
  call.completed = true;
  if (!handlerIsAsync) return finish(call, RESULT, 'null', 0);
  fail(call, errors().nodeJsExit());
}

function run(call, head, text) {
  const ways = waysOf(call);
  call.idle = () => unanswered(call);
  try {
    const event = JSON.parse(text);
    const result = runtime.handler(event, contextOf(call, head, ways), ways.callback);
    if (result && typeof result.then === 'function') result.then(ways.succeed, ways.fail).catch(ways.fail);
  } catch (error) {
    ways.callback(error);
  }
  // With nothing left to wait for, the invocation is over: see beforeExit.
  if (call === active) channel.unref();
}

function runStreaming(call, head, text) {
  const handle = (stream) => runtime.handler(JSON.parse(text), stream, contextOf(call, head, undefined));
  call.idle = streaming().run(runtime.handler, handle, {
    outlet,
    note,
    logError,
    frame(type, extra, body) {
      call.streaming = true;
      return frame(type, extra, body);
    },
    finish: () => finish(call, RESULT, '', 0),
    fail: (error) => finish(call, ERROR, errorPayload(error), 0),
    // Lambda asks for the next invocation when the event loop is empty, and until then this one is not over.
    waits: () => call.waits,
    whenIdle(then) {
      call.idle = then;
      if (call === active) channel.unref();
    },
  });
  if (call === active) channel.unref();
}

process.on('beforeExit', () => {
  channel.ref();
  if (active !== undefined) active.idle();
});

function invoke(body) {
  const end = 4 + body.readUInt32LE(0);
  const head = JSON.parse(body.utf8Slice(4, end));
  const text = body.utf8Slice(end, body.length);
  const call = (active = newCall());
  globalThis[REQUEST_ID] = head.id;
  printed = 0;
  if (head.traceId !== undefined) env._X_AMZN_TRACE_ID = head.traceId;
  else if (traced) delete env._X_AMZN_TRACE_ID;
  traced = head.traceId !== undefined;
  const start = handlerStreams ? runStreaming : run;
  if (head.effects === undefined) return start(call, head, text);
  call.effects = require('./node-effects.cjs').plan(head.effects, { report, note, sockets, requestId: head.id });
  interceptors = call.effects.interceptors;
  const error = (reason) => finish(call, ERROR, errorPayload(reason), 0);
  const begin = () => call.effects.before(error) || start(call, head, text);
  // Pools must hear of the sockets that were cut before the handler asks them for one.
  if (call.effects.cut) setImmediate(begin);
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
    else if (data[at + 4] === PROCEED) init();
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

/** Made when a handler first asks for it. */
let awslambda;
function streaming() {
  const module = require('./node-streaming.cjs');
  outlet ??= module.createOutlet(CHANNEL, writeNow);
  return module;
}
if (!/^(1|true)$/.test(env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? ''))
  Object.defineProperty(globalThis, 'awslambda', {
    configurable: true,
    enumerable: true,
    get: () => (awslambda ??= streaming().awslambda),
    set(value) {
      awslambda = value;
    },
  });

/** True for ES modules: by the ending, or by the type of the nearest package.json. */
function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = path.dirname(file); !folder.endsWith('/node_modules'); folder = path.dirname(folder)) {
    let text;
    try {
      text = readFileSync(path.join(folder, 'package.json'), 'utf8');
    } catch {
      if (folder === path.dirname(folder)) return false;
      continue;
    }
    try {
      return JSON.parse(text).type === 'module';
    } catch (error) {
      console.warn(
        `${folder}/package.json cannot be read, it will be ignored for ES module detection purposes.`,
        error,
      );
      return false;
    }
  }
  return false;
}

/** `folder/file.export`, without `..`. */
const PLAIN_NAME = /^(?!.*\.\.)(?:.*\/)?[^./]+\.[^./][^/]*$/;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

function loaded(namespace) {
  const name = env._HANDLER;
  const handler = handlerExport.split('.').reduce((nested, key) => nested && nested[key], namespace);
  if (!handler) throw errors().runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw errors().runtimeError('HandlerNotFound', `${name} is not a function`);
  runtime.handler = handler;
  handlerIsAsync = handler.constructor?.name === 'AsyncFunction';
  handlerStreams = STREAMING in handler && streaming().isStreaming(handler);
  ready = true;
  writeAll(frame(READY, 0, ''));
}

function failStart(error) {
  fatal(errors().loadError(error), 'Uncaught Exception', 1);
}

function load() {
  try {
    if (!PLAIN_NAME.test(env._HANDLER)) throw errors().malformedName(env._HANDLER ?? '');
    if (isModule(handlerFile)) import(require('url').pathToFileURL(handlerFile).href).then(loaded).catch(failStart);
    else loaded(require(handlerFile));
  } catch (error) {
    failStart(error);
  }
}

/** A fault of this start: the handler is never loaded. */
const failure = env.FAULTLINE_INIT;
const init = failure === undefined ? load : () => require('./node-init-failure.cjs').fail(failure, failStart);
if (failure !== undefined) delete env.FAULTLINE_INIT;

/** `open` starts the debugger, `wait` also waits with the handler until the host says that one has attached. */
const debug = env.FAULTLINE_DEBUG;
if (debug === undefined) init();
else {
  delete env.FAULTLINE_DEBUG;
  const { open, mirror } = require('./node-debug.cjs');
  mirror();
  writeAll(frame(DEBUGGER, 0, JSON.stringify(open())));
  if (debug !== 'wait') init();
}
