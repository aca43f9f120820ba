import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';
import { groupUsage } from './group-usage.js';
import { processUsage } from './process-usage.js';

/** How often is looked, in ms: while something works, and while nothing does. */
const BUSY_MS = 250;
const IDLE_MS = 1_000;

/** What a process group uses. */
export interface Usage {
  /** Percent of one core since the last look. */
  readonly cpu: number;
  /** Resident memory in MB, rounded up. */
  readonly memoryMb: number;
}

/** A process that is looked at, with all that it has started. */
export interface Sampled {
  /** Leader of its process group. */
  readonly pid: number | undefined;
  /** It starts or works, so that its memory may grow. */
  readonly working: boolean;
  readonly memoryLimitMb: number;
  sample(usage: Usage): void;
}

/** The processes of one pool. */
export interface SampleSource {
  processes(): readonly Sampled[];
  sampled(): void;
}

/** Looks at processes. @returns by pid; those that have ended are missing */
export interface Meter {
  /** Looking costs so much that it is done once a second at most. */
  readonly costly: boolean;
  measure(processes: readonly (Sampled & { readonly pid: number })[]): Promise<ReadonlyMap<number, Usage>>;
}

/** The process groups where the kernel tells them, the processes alone elsewhere. */
export function platformMeter(clock: Clock): Meter {
  return process.platform === 'linux' ? groupUsage(clock) : processUsage();
}

/** CPU and memory of the instances, while there are any; one for all pools, so that the machine is looked at once. */
export class Sampler {
  private readonly sources = new Set<SampleSource>();
  private readonly deadline: Deadline;
  private hurried = false;

  constructor(
    clock: Clock,
    private readonly meter: Meter = platformMeter(clock),
  ) {
    this.deadline = new Deadline(clock, () => void this.look());
  }

  add(source: SampleSource): void {
    this.sources.add(source);
  }

  remove(source: SampleSource): void {
    this.sources.delete(source);
    if (this.sources.size === 0) this.deadline.dispose();
  }

  /** Something starts or begins to work. On the hot path. */
  hurry(): void {
    if (this.hurried) return;
    this.hurried = true;
    this.deadline.setEarlier(this.busyMs);
  }

  private get busyMs(): number {
    return this.meter.costly ? IDLE_MS : BUSY_MS;
  }

  private async look(): Promise<void> {
    const there = [...this.sources].flatMap((source) => source.processes().filter(hasPid));
    this.hurried = false;
    if (there.length === 0) return;
    try {
      const usage = await this.meter.measure(there);
      for (const each of there) {
        const used = usage.get(each.pid);
        if (used) each.sample(used);
      }
      for (const source of this.sources) source.sampled();
    } catch {
      // The processes have ended meanwhile.
    }
    if (this.sources.size === 0) return;
    if (there.some(({ working }) => working)) this.hurry();
    else this.deadline.setEarlier(IDLE_MS);
  }
}

function hasPid(each: Sampled): each is Sampled & { readonly pid: number } {
  return each.pid !== undefined;
}
