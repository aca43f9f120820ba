import { performance } from 'node:perf_hooks';

/** The event loop is busy for this share of the time: what waits, waits for the emulator itself. */
const LOOP_SHARE = 0.9;
/** The emulator takes this share of a core: it has so many invocations to pass on that none of them can be slow. */
const CORE_SHARE = 0.25;

/** Since the process began, in ms. */
export interface Reading {
  readonly at: number;
  /** Of the event loop. */
  readonly active: number;
  readonly idle: number;
  /** Of all cores. */
  readonly cpu: number;
}

function readOwn(): Reading {
  const { active, idle } = performance.eventLoopUtilization();
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), active, idle, cpu: (user + system) / 1_000 };
}

/** @returns asked again and again: whether the emulator itself has had much to do since it was last asked */
export function ownLoad(read: () => Reading = readOwn): () => boolean {
  let last = read();
  return () => {
    const now = read();
    const active = now.active - last.active;
    const loop = active / Math.max(1, active + now.idle - last.idle);
    const core = (now.cpu - last.cpu) / Math.max(1, now.at - last.at);
    last = now;
    return loop > LOOP_SHARE || core > CORE_SHARE;
  };
}
