'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// Memory pressure and running out of memory, inside a Node instance.

const os = require('os');

const MB = 1_048_576;
/** What one step takes, in MB. */
const STEP = 8;
/** The most that one buffer has, in MB: Node 20 has none of 4 GB or more. */
const BUFFER_MB = 512;
/** What is always left to the machine, in MB: the developer's other processes live on it. */
const RESERVE = 256;

/** Memory that grows, resident at once since every byte is written. */
const PLACES = {
  /** Given back to the system at once, which freed memory need not be. */
  outside() {
    const buffers = [];
    const room = () => buffers.length > 0 && (buffers.at(-1).maxByteLength - buffers.at(-1).byteLength) / MB;
    return {
      grow(mb) {
        for (let step; mb > 0; mb -= step) {
          if (!room()) buffers.push(new ArrayBuffer(0, { maxByteLength: BUFFER_MB * MB }));
          const buffer = buffers.at(-1);
          const from = buffer.byteLength;
          step = Math.min(mb, room());
          buffer.resize(from + step * MB);
          new Uint8Array(buffer, from).fill(1);
        }
      },
      release: () => buffers.forEach((buffer) => buffer.resize(0)),
    };
  },
  heap() {
    const arrays = [];
    return {
      // Doubles of 8 bytes; arrays as large as these are not moved about.
      grow(mb) {
        for (; mb > 0; mb--) arrays.push(new Array(131_072).fill(Math.PI));
      },
      release() {
        arrays.length = 0;
        collect();
      },
    };
  },
};

const placeOf = ({ heap }) => PLACES[heap ? 'heap' : 'outside']();

const resident = () => Math.ceil(process.memoryUsage.rss() / MB);

/** What may be taken of the machine's memory, in MB. Only Linux tells what it could give. */
function spare() {
  const available = process.platform === 'linux' ? os.freemem() : os.totalmem() / 2;
  return Math.max(0, Math.floor(available / MB) - RESERVE);
}

function collect() {
  // A function of another context, so that handlers see no global `gc` because of it.
  require('v8').setFlagsFromString('--expose-gc');
  require('vm').runInNewContext('gc')();
  require('v8').setFlagsFromString('--no-expose-gc');
}

function pressure(effects, host) {
  const held = effects.map((effect) => {
    const mb = Math.min(effect.mb, spare());
    if (mb < effect.mb) host.note(`only ${mb} MB are held: the machine has no more to spare`);
    const place = placeOf(effect);
    place.grow(mb);
    return place;
  });
  return () => held.forEach(({ release }) => release());
}

/** Above the limit the emulator kills it when it next looks; a handler that has answered by then is killed here. */
function runOut(effect, host) {
  const limit = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  const most = limit + 8 * STEP;
  const place = placeOf(effect);
  const killed = () => {
    host.note(`killed: ${resident()} MB used of ${limit} MB`);
    process.kill(process.pid, 'SIGKILL');
    // The signal may take a moment to arrive, and nothing may happen after it.
    for (;;);
  };
  for (let mb = 0; resident() <= limit + STEP && mb <= most - STEP; mb += STEP) {
    if (spare() < STEP) {
      host.note('the machine has no memory to spare: the instance is killed before it has reached its limit');
      killed();
    }
    place.grow(STEP);
  }
  // What was taken must be held, or the garbage collector gives it back before anybody has looked.
  return () => place && killed();
}

/** @returns what gives the memory back */
exports.begin = function begin(effects, host) {
  const held = effects.filter(({ mode }) => mode === 'pressure');
  const oom = effects.find(({ mode }) => mode === 'oom');
  const release = held.length > 0 ? pressure(held, host) : undefined;
  const kill = oom && runOut(oom, host);
  return {
    end() {
      kill?.();
      release?.();
    },
  };
};
