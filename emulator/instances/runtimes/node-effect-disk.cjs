'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// A full disk, inside a Node instance: nothing is filled, writes are counted. The functions of `fs`, its promises, file handles and
// streams all end in a few functions of Node's own binding, which they look up with every call: what is changed there reaches
// also those that a module has taken out of `fs` before (`const { writeFile } = require('fs')`) [V: Node 20, 22, 24].

const fs = require('fs');
const os = require('os');
const path = require('path');
const { StringDecoder } = require('string_decoder');
const { getSystemErrorMap } = require('util');

const [ENOSPC] = [...getSystemErrorMap()].find(([, [code]]) => code === 'ENOSPC');
const PROC = fs.existsSync('/proc/self/fd');

const CHANNEL = 3;

let binding;
const original = {};
/** What is left on each full disk; none while no fault says so. */
let quotas = [];
let tell;
/** Paths of open files, where the system does not tell them. */
const opened = new Map();

function real(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** @returns whether a path is one of the patterns, or below it */
function matcher(patterns) {
  if (patterns.length === 0) return () => true;
  // Lambda's only writable folder; here each instance has one of its own.
  const own = (pattern) => (/^\/tmp(\/|$)/.test(pattern) ? [real(os.tmpdir()) + pattern.slice(4)] : []);
  const expressions = patterns.flatMap((pattern) =>
    [pattern, real(pattern), ...own(pattern)].map((each) => {
      const source = each.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(`^${source.join('.*')}${each.includes('*') ? '' : '(/.*)?'}$`, 's');
    }),
  );
  return (file) => file !== undefined && expressions.some((one) => one.test(file));
}

/** @returns {path} of a regular file; undefined for sockets, pipes and devices: a full disk is nothing to them */
function fileOf(fd) {
  try {
    // Standard input, output and error, and the channel, whatever they are.
    if (fd <= CHANNEL || !fs.fstatSync(fd).isFile()) return undefined;
    return { path: PROC ? fs.readlinkSync(`/proc/self/fd/${fd}`) : opened.get(fd) };
  } catch {
    return undefined;
  }
}

function fileAt(name) {
  const file = path.resolve(String(name));
  const there = fs.statSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) return undefined;
  return { path: there ? real(file) : path.join(real(path.dirname(file)), path.basename(file)) };
}

/** @returns how many of the bytes there is room for, which count as written; and what tells that there was none */
function take(file, bytes) {
  const concerned = file === undefined ? [] : quotas.filter(({ matches }) => matches(file.path));
  const fullest = concerned.reduce((least, each) => (each.left < (least?.left ?? Infinity) ? each : least), undefined);
  const most = Math.min(bytes, fullest?.left ?? bytes);
  for (const each of concerned) each.left -= most;
  return { most, told: () => hit(fullest, file.path ?? 'a file') };
}

/** Told once for each file. */
function hit(quota, target) {
  if (quota.told.has(target)) return;
  quota.told.add(target);
  tell({ kind: 'write', target, fault: quota.fault, saw: 'ENOSPC' });
}

/** Writes what there is room for; a write that finds none fails. @param write called with the number of bytes */
function limited(fd, bytes, rest, write) {
  const { most, told } = take(fileOf(fd), bytes);
  if (most > 0 || bytes === 0) return write(most);
  told();
  return fail(failure('write'), rest);
}

function failure(syscall, where = '') {
  const error = new Error(`ENOSPC: no space left on device, ${syscall}${where}`);
  const lines = error.stack.split('\n').filter((line) => !line.includes(__filename));
  error.stack = lines.join('\n');
  return Object.assign(error, { errno: ENOSPC, code: 'ENOSPC', syscall });
}

/** The ways in which the binding tells: a promise, a request's callback, an object for the error (Node 20), an exception. */
function fail(error, [request, told]) {
  if (request !== undefined && request === binding.kUsePromises) return Promise.reject(error);
  if (typeof request?.oncomplete === 'function') return void setImmediate(() => request.oncomplete(error));
  if (typeof told !== 'object' || told === null) throw error;
  Object.assign(told, { errno: error.errno, code: error.code, syscall: error.syscall });
}

const hooks = {
  writeBuffer: (fd, buffer, offset, length, position, ...rest) =>
    limited(fd, length, rest, (most) => original.writeBuffer(fd, buffer, offset, most, position, ...rest)),

  writeString(fd, text, position, encoding, ...rest) {
    const bytes = Buffer.byteLength(text, encoding ?? 'utf8');
    return limited(fd, bytes, rest, (most) =>
      most === bytes
        ? original.writeString(fd, text, position, encoding, ...rest)
        : original.writeBuffer(fd, Buffer.from(text, encoding ?? 'utf8'), 0, most, position, ...rest),
    );
  },

  writeBuffers(fd, chunks, position, ...rest) {
    const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return limited(fd, bytes, rest, (most) => {
      if (most === bytes) return original.writeBuffers(fd, chunks, position, ...rest);
      const views = chunks.map((chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      return original.writeBuffers(fd, [Buffer.concat(views, most)], position, ...rest);
    });
  },

  writeFileUtf8(file, text, ...rest) {
    const bytes = Buffer.byteLength(text);
    const { most, told } = take(typeof file === 'number' ? fileOf(file) : fileAt(file), bytes);
    if (most === bytes) return original.writeFileUtf8(file, text, ...rest);
    // What cannot be opened fails with that; what there is room for is in the file.
    original.writeFileUtf8(file, new StringDecoder().write(Buffer.from(text).subarray(0, most)), ...rest);
    told();
    throw failure('write');
  },

  copyFile(from, to, mode, ...rest) {
    const size = fs.statSync(String(from), { throwIfNoEntry: false })?.size ?? 0;
    const { most, told } = take(fileAt(to), size);
    if (most === size || !fs.existsSync(path.dirname(String(to)))) return original.copyFile(from, to, mode, ...rest);
    told();
    return fail(failure('copyfile', ` '${String(from)}' -> '${String(to)}'`), rest);
  },
};

/** Where the system does not tell the path of an open file. */
const watched = {
  open(file, flags, mode, request, ...rest) {
    if (typeof request?.oncomplete === 'function') {
      const { oncomplete } = request;
      request.oncomplete = function (error, fd, ...more) {
        if (!error) opened.set(fd, fileAt(file)?.path);
        return oncomplete.call(this, error, fd, ...more);
      };
    }
    const fd = original.open(
      file,
      flags,
      mode,
      ...(request === undefined && rest.length === 0 ? [] : [request, ...rest]),
    );
    if (typeof fd === 'number') opened.set(fd, fileAt(file)?.path);
    return fd;
  },
  openFileHandle(file, ...rest) {
    const handle = original.openFileHandle(file, ...rest);
    void Promise.resolve(handle).then(
      ({ fd }) => opened.set(fd, fileAt(file)?.path),
      () => undefined,
    );
    return handle;
  },
};

/** @returns what takes the disk to be as it is again */
exports.begin = function begin(effects, host) {
  try {
    binding ??= process.binding('fs');
  } catch {
    // Not with Node's permission model.
  }
  if (typeof binding?.writeBuffer !== 'function') {
    host.note('this Node does not let a disk be full: its fs binding is not what it is known to be');
    return undefined;
  }
  tell = host.report;
  quotas = effects.map(({ fault, freeBytes, paths }) => ({
    fault,
    left: freeBytes,
    matches: matcher(paths),
    told: new Set(),
  }));
  const changes = PROC ? hooks : { ...hooks, ...watched };
  for (const [name, changed] of Object.entries(changes)) {
    // Not every Node has each of them.
    if (typeof binding[name] !== 'function' || binding[name] === changed) continue;
    original[name] = binding[name];
    binding[name] = changed;
  }
  return {
    end() {
      for (const [name, changed] of Object.entries(changes)) {
        if (binding[name] === changed) binding[name] = original[name];
      }
      quotas = [];
      opened.clear();
    },
  };
};
