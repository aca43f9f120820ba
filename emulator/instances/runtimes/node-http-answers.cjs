'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Answers in the place of hosts: an HTTP server inside the instance, on the loopback interface, started with the first answer.
// So what a client gets is a real response on a real socket. It answers only what this process has asked it for: each answer
// has a name that cannot be guessed, sent in front of the request or as its path, and is given once.

const http = require('http');
const net = require('net');
const { randomBytes } = require('crypto');

const PREFIX = '/faultline/';
/** Name → { effect, answer }, until it is asked for. */
const expected = new Map();
/** Socket → what is to be answered on it. */
const onSockets = new WeakMap();

let listener;
let server;

exports.port = () => listener?.address()?.port;

/** Calls back with the port. */
function withPort(use) {
  if (listener === undefined) {
    server = http.createServer({ keepAliveTimeout: 0 }, respond);
    // A request that hangs is none of the server's to give up.
    Object.assign(server, { requestTimeout: 0, headersTimeout: 0, timeout: 0 });
    listener = net.createServer({ noDelay: true }, admit);
    listener.unref();
    listener.listen(0, '127.0.0.1');
  }
  if (listener.listening) use(exports.port());
  else listener.once('listening', () => use(exports.port()));
}

function expect(hit) {
  const name = randomBytes(16).toString('hex');
  expected.set(name, hit);
  return name;
}

function take(name) {
  const hit = expected.get(name);
  expected.delete(name);
  return hit;
}

/** Looks at the first line: a name of its own before the request, or a request for one. */
function admit(socket) {
  socket.unref();
  socket.on('error', () => socket.destroy());
  socket.once('data', (data) => {
    socket.pause();
    const line = /^([0-9a-f]{32})\n/.exec(data.latin1Slice(0, 33));
    if (line) {
      const hit = take(line[1]);
      if (hit === undefined) return socket.destroy();
      onSockets.set(socket, hit);
    }
    server.emit('connection', socket);
    socket.unshift(line ? data.subarray(33) : data);
    process.nextTick(() => socket.resume());
  });
}

function respond(request, response) {
  const { socket } = request;
  const hit = onSockets.get(socket) ?? take(request.url.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : '');
  if (hit === undefined) return socket.destroy();
  // Only what was sent whole is answered.
  request.resume().once('end', () => give(hit, request, response, socket));
}

function give({ effect, answer }, request, response, socket) {
  if (effect.mode === 'hang') return;
  if (effect.mode === 'reset') return socket.resetAndDestroy();
  const body = Buffer.from(answer.body, 'base64');
  response.sendDate = true;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length, connection: 'close' });
  if (effect.mode !== 'truncated' || request.method === 'HEAD') return response.end(body);
  response.write(body.subarray(0, body.length >>> 1), () => socket.end());
}

/** A socket on which whatever is sent gets this answer, for http.request. */
exports.socketFor = function socketFor(hit, use) {
  withPort((port) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    socket.write(`${expect(hit)}\n`);
    use(socket);
  });
};

/** An origin and a path where whatever is sent gets this answer, for what is told where to send. */
exports.placeFor = function placeFor(hit, use) {
  withPort((port) => use(`http://127.0.0.1:${port}`, PREFIX + expect(hit)));
};
