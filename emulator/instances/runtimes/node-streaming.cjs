'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Response streaming: the global `awslambda`, and streaming handlers run as the vendor's runtime client runs them [S]
// (aws-lambda-ric, ResponseStream.js, StreamingContext.js, HttpResponseStream.js). Loaded when a handler first asks for it.

const { writeSync } = require('fs');
const { Writable } = require('stream');
const { runtimeError } = require('./node-errors.cjs');
// A handler may replace the global ones by those of a test library.
const { setTimeout, setImmediate } = globalThis;

const STREAM_START = 0xb8;
const STREAM_CHUNK = 0xb9;
/** Bytes of one frame: the host stops reading between frames when its consumer is slow. */
const CHUNK_BYTES = 65_536;
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = new Uint8Array(8);
const MODE = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

exports.awslambda = {
  streamifyResponse(handler, options) {
    handler[MODE] = 'response';
    if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
    return handler;
  },
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- a class, as the vendor's is
  HttpResponseStream: class HttpResponseStream {
    /** Status, headers and cookies of an HTTP answer go in front of the body, with the first write. */
    static from(stream, metadata) {
      stream.setContentType(PRELUDE_TYPE);
      const prelude = JSON.stringify(metadata);
      stream._onBeforeFirstWrite = (write) => {
        write(prelude);
        write(PRELUDE_END);
      };
      return stream;
    }
  },
};

/** @throws Runtime.MalformedStreamingHandler */
exports.isStreaming = function isStreaming(handler) {
  const mode = handler[MODE];
  if (mode === undefined || mode === null || mode === false) return false;
  if (mode === 'response') return true;
  throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
};

/**
 * The way out while a response is streamed: what the channel does not take at once waits, in order, whoever sent it. Nothing
 * blocks, so that a handler with a slow consumer goes on computing and logging.
 */
class Outlet {
  queue = [];
  at = 0;
  delay = 1;
  waiting = undefined;

  constructor(fd, writeNow) {
    this.fd = fd;
    this.writeNow = writeNow;
    // What was sent before an exit is not lost.
    process.on('exit', () => this.flush());
  }

  get busy() {
    return this.queue.length > 0;
  }

  /** @returns false when it waits, with everything that is sent after it: see `whenFree` */
  push(buffer) {
    this.queue.push(buffer);
    if (this.queue.length === 1) this.drain();
    return this.queue.length === 0;
  }

  /** Calls back once, when nothing waits any more; for one caller at a time. */
  whenFree(callback) {
    this.waiting = callback;
  }

  drain() {
    while (this.queue.length > 0) {
      const head = this.queue[0];
      try {
        this.at += writeSync(this.fd, head, this.at, head.length - this.at);
        this.delay = 1;
      } catch (error) {
        if (error.code !== 'EAGAIN') process.reallyExit(1);
        // Nothing tells when the host goes on, so look again: soon while it is quick, seldom while it is not.
        setTimeout(() => this.drain(), this.delay);
        this.delay = Math.min(this.delay * 2, 16);
        return;
      }
      if (this.at < head.length) continue;
      this.queue.shift();
      this.at = 0;
    }
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) waiting();
  }

  /** Writes what waits, however long the host takes. */
  flush() {
    for (const buffer of this.queue.splice(0)) {
      this.writeNow(buffer, this.at);
      this.at = 0;
    }
  }
}

exports.createOutlet = (fd, writeNow) => new Outlet(fd, writeNow);

/** The response as it is written. */
class ResponseBody extends Writable {
  /** The host knows of it. */
  started = false;
  /** `write` was called: too late for a content type or a prelude. */
  wrote = false;
  /** Destroyed before its end. */
  failed = false;
  contentType = '';
  _onBeforeFirstWrite = undefined;

  constructor(host, options) {
    super(options);
    this.host = host;
    this.complete = new Promise((resolve, reject) => {
      this.once('finish', resolve);
      this.once('error', reject);
    });
    this.complete.catch((error) => this.broken(error));
    this.once('close', () => this.cutShort());
  }

  begin() {
    if (this.started) return;
    this.started = true;
    this.host.outlet.push(this.host.frame(STREAM_START, 0, this.contentType));
  }

  _write(chunk, _encoding, done) {
    this.begin();
    let at = 0;
    const go = () => {
      while (at < chunk.length) {
        const part = chunk.subarray(at, at + CHUNK_BYTES);
        const buffer = this.host.frame(STREAM_CHUNK, part.length, '');
        part.copy(buffer, 5);
        at += part.length;
        if (!this.host.outlet.push(buffer)) return this.host.outlet.whenFree(go);
      }
      done();
    };
    go();
  }

  _writev(entries, done) {
    this._write(Buffer.concat(entries.map(({ chunk }) => chunk)), undefined, done);
  }

  /** The service's confirmation takes a moment, in which a write after the end is still an error. */
  _final(done) {
    this.begin();
    setImmediate(done);
  }

  cutShort() {
    if (this.writableFinished || this.errored) return;
    this.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  }

  /** The vendor's client leaves such an error unhandled, and the environment ends with it. */
  broken(error) {
    if (this.writableFinished) return;
    this.failed = true;
    setImmediate(() => void Promise.reject(error));
  }
}

const METHODS =
  'cork destroy uncork addListener emit eventNames getMaxListeners listenerCount listeners off on once prependListener prependOnceListener rawListeners removeAllListeners removeListener setMaxListeners';
const ACCESSORS = 'destroyed writable _onBeforeFirstWrite';
const GETTERS =
  'writableFinished writableObjectMode writableBuffer writableEnded writableHighWaterMark writableNeedDrain writableCorked writableLength';

/** Text and bytes stay, everything else becomes JSON. @throws TypeError for null and undefined, as the vendor's client does */
function dataOf(chunk) {
  if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) return chunk;
  if (chunk === undefined || chunk === null)
    throw new TypeError(`Cannot read properties of ${chunk} (reading 'length')`);
  return chunk.constructor === Uint8Array ? chunk : JSON.stringify(chunk);
}

/** What a handler gets: the vendor's selection of a stream's methods, and not a Writable. */
function facadeOf(body) {
  const stream = Object.fromEntries(METHODS.split(' ').map((name) => [name, body[name].bind(body)]));
  for (const name of ACCESSORS.split(' '))
    Object.defineProperty(stream, name, {
      get: () => body[name],
      set(value) {
        body[name] = value;
      },
    });
  for (const name of GETTERS.split(' ')) Object.defineProperty(stream, name, { get: () => body[name] });
  return Object.assign(stream, {
    setContentType(contentType) {
      if (body.wrote) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
      body.contentType = String(contentType);
    },
    write(chunk, encoding, callback) {
      const data = dataOf(chunk);
      if (!body.wrote && typeof body._onBeforeFirstWrite === 'function') {
        body._onBeforeFirstWrite((piece) => body.write(piece));
      }
      const more = body.write(data, encoding, callback);
      body.wrote = true;
      return more;
    },
    // Only the first argument counts, and a prelude is written by `write` alone.
    end(chunk) {
      if (!body.wrote && !body.writableEnded && body._onBeforeFirstWrite !== undefined) {
        body.host.note(
          'the status and headers of HttpResponseStream.from() are lost: they go out with the first write(), and there was none before end()',
        );
      }
      body.end(chunk);
    },
  });
}

/**
 * Runs a streaming handler.
 * @param handler the handler; its mark may have a high water mark
 * @param call (stream) => what the handler returns
 * @param host what the bootstrap does for it: `outlet`, `frame`, `note`, `logError`, `waits`, `whenIdle`, `finish`, `fail`
 * @returns what is to be done when the event loop is empty
 */
exports.run = function run(handler, call, host) {
  const highWaterMark = handler[HIGH_WATER_MARK];
  const body = new ResponseBody(host, highWaterMark > 0 ? { highWaterMark } : {});
  const succeed = () => (host.waits() ? host.whenIdle(host.finish) : host.finish());
  const fail = (error) => {
    host.logError('Invoke Error', error);
    // After the end of the response an error is only logged; a broken stream ends the process.
    if (body.writableEnded) body.complete.then(succeed, () => undefined);
    else if (!body.failed) host.fail(error);
  };
  const answer = async () => {
    try {
      const result = call(facadeOf(body));
      if (typeof result?.then !== 'function') return fail('Streaming does not support non-async handlers.');
      if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
      await body.complete;
      succeed();
    } catch (error) {
      fail(error);
    }
  };
  void answer();
  return () => {
    if (body.writableFinished) return host.finish();
    host.note('the response stream was never ended, and nothing is left that could end it: waiting for the timeout');
  };
};
