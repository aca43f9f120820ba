import type { Meter, Usage } from './sampler.js';

/** Where the kernel does not tell process groups: each instance's own process, without those that it has started. */
export function processUsage(): Meter {
  return {
    costly: true,
    async measure(processes) {
      const { default: pidusage } = await import('pidusage');
      const stats = await pidusage(
        processes.map(({ pid }) => pid),
        { maxage: 5_000 },
      );
      const usage = new Map<number, Usage>();
      for (const { pid } of processes) {
        const stat = stats[String(pid)];
        if (stat) usage.set(pid, { cpu: rounded(stat.cpu), memoryMb: Math.ceil(stat.memory / 1_048_576) });
      }
      return usage;
    },
  };
}

function rounded(percent: number): number {
  return Math.round(percent * 10) / 10;
}
