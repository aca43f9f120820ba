'use strict';
// Clock skew, inside a Node instance: `Date`, `performance.now`, `process.hrtime`. Timers go by the real time, and so does the
// runtime itself, which keeps the functions as they were: what is left of the timeout and the times of log lines are right.

/** What is ahead of the real time just now; all is 0 while no fault says otherwise, for whoever kept one of ours. */
const skew = { wallMs: 0, steadyMs: 0, gain: 0, began: { wall: 0, steady: 0, ns: 0n } };

const RealDate = Date;
const realNow = Date.now;
const { hrtime } = process;
const realBigint = hrtime.bigint;
const steadyNow = performance.now.bind(performance);

const wall = (now = realNow()) => now + Math.trunc(skew.wallMs + (now - skew.began.wall) * skew.gain);

function steady() {
  const now = steadyNow();
  return now + skew.steadyMs + (now - skew.began.steady) * skew.gain;
}

function bigint() {
  const now = realBigint();
  return now + BigInt(Math.trunc(skew.steadyMs * 1e6 + Number(now - skew.began.ns) * skew.gain));
}

function skewedHrtime(previous) {
  // Its own errors for what is none.
  if (previous !== undefined) hrtime(previous);
  const now = bigint();
  const since = previous === undefined ? now : now - (BigInt(previous[0]) * 1_000_000_000n + BigInt(previous[1]));
  const seconds = since / 1_000_000_000n;
  const rest = since % 1_000_000_000n;
  return rest < 0n ? [Number(seconds) - 1, Number(rest) + 1e9] : [Number(seconds), Number(rest)];
}
skewedHrtime.bigint = bigint;

const now = () => wall();
const SkewedDate = new Proxy(RealDate, {
  apply: () => new RealDate(wall()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [wall()] : given, newTarget === SkewedDate ? target : newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

/** Only what is still as it was set: a handler's test library may have put its own there meanwhile. */
function swap(owner, key, from, to) {
  const found = Object.getOwnPropertyDescriptor(owner, key);
  if (owner[key] !== from) return;
  if (to === undefined) delete owner[key];
  else
    Object.defineProperty(owner, key, { configurable: true, writable: true, enumerable: false, ...found, value: to });
}

/** @returns what sets the clock right */
exports.begin = function begin(effects) {
  const sum = (valueOf) => effects.reduce((total, effect) => total + valueOf(effect), 0);
  skew.wallMs = sum(({ offsetMs }) => offsetMs);
  // What only counts on never goes back.
  skew.steadyMs = sum(({ offsetMs, clocks }) => (clocks === 'all' ? Math.max(0, offsetMs) : 0));
  skew.gain = effects.reduce((product, { speed }) => product * speed, 1) - 1;
  skew.began = { wall: realNow(), steady: steadyNow(), ns: realBigint() };
  const inherited = performance.now;
  const own = Object.hasOwn(performance, 'now') ? inherited : undefined;
  swap(globalThis, 'Date', RealDate, SkewedDate);
  swap(RealDate.prototype, 'constructor', RealDate, SkewedDate);
  swap(process, 'hrtime', hrtime, skewedHrtime);
  swap(hrtime, 'bigint', realBigint, bigint);
  swap(performance, 'now', inherited, steady);
  return {
    end() {
      swap(globalThis, 'Date', SkewedDate, RealDate);
      swap(RealDate.prototype, 'constructor', SkewedDate, RealDate);
      swap(process, 'hrtime', skewedHrtime, hrtime);
      swap(hrtime, 'bigint', bigint, realBigint);
      swap(performance, 'now', steady, own);
      Object.assign(skew, { wallMs: 0, steadyMs: 0, gain: 0 });
    },
  };
};
