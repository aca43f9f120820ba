import { performance } from 'node:perf_hooks';

/** The event loop is busy for this share of the time: what waits, waits for the emulator itself. */
const LOOP_SHARE = 0.9;
/** The emulator takes this share of a core: it has so many invocations to pass on that none of them can be slow. */
const CORE_SHARE = 0.25;

/** @returns asked again and again: whether the emulator itself has had much to do since it was last asked */
export function ownLoad(): () => boolean {
  let loop = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();
  let at = performance.now();
  return () => {
    const loopNow = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(loopNow, loop);
    const { user, system } = process.cpuUsage(cpu);
    const now = performance.now();
    const share = (user + system) / 1_000 / Math.max(1, now - at);
    loop = loopNow;
    cpu = process.cpuUsage();
    at = now;
    return utilization > LOOP_SHARE || share > CORE_SHARE;
  };
}
