import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';

const INTERVAL_MS = 1_000;

/** A process that is looked at. */
export interface Sampled {
  readonly pid: number | undefined;
  /** @param cpu percent of one core since the last sample @param memoryMb resident memory, of this process alone */
  sample(cpu: number, memoryMb: number): void;
}

/**
 * CPU and memory of the processes, once a second while there are any. Processes that a handler starts are not counted:
 * their memory is not that of the instance.
 */
export class Sampler {
  private readonly deadline: Deadline;
  private disposed = false;

  constructor(
    clock: Clock,
    private readonly processes: () => readonly Sampled[],
    private readonly sampled: () => void,
  ) {
    this.deadline = new Deadline(clock, () => void this.look());
  }

  /** There is a process. */
  wake(): void {
    if (!this.disposed) this.deadline.setEarlier(INTERVAL_MS);
  }

  dispose(): void {
    this.disposed = true;
    this.deadline.dispose();
  }

  private async look(): Promise<void> {
    const byPid = new Map(
      this.processes().flatMap((each) => (each.pid === undefined ? [] : [[each.pid, each] as const])),
    );
    if (byPid.size === 0) return;
    try {
      const { default: pidusage } = await import('pidusage');
      const stats = await pidusage([...byPid.keys()], { maxage: 5 * INTERVAL_MS });
      for (const [pid, each] of byPid) {
        const stat = stats[String(pid)];
        if (stat) each.sample(Math.round(stat.cpu * 10) / 10, Math.ceil(stat.memory / 1_048_576));
      }
      this.sampled();
    } catch {
      // The processes have ended meanwhile.
    }
    this.wake();
  }
}
