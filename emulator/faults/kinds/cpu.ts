import { z } from 'zod';
import type { Clock, Timer } from '../../clock.js';
import type { InstanceControl } from '../../instances/types.js';
import type { FaultKind } from '../types.js';
import { SIGNALLED } from '../reach.js';

const params = z.strictObject({
  share: z.number().min(1).max(99).default(10).describe('Percent of the time in which the instance runs'),
  periodMs: z.number().int().min(10).max(10_000).default(100).describe('ms in which it is stopped once and runs once'),
});

type Params = z.output<typeof params>;

/** The instance gets little of the CPU: everything it does takes longer, its timers and its garbage collection too. */
export const cpu: FaultKind<Params> = {
  title: 'CPU starvation',
  summary: 'The instance gets only a share of the CPU while it runs the invocation.',
  group: 'resources',
  reach: SIGNALLED,
  params,
  describe: ({ share, periodMs }) => `${String(share)} % of the CPU, in periods of ${String(periodMs)} ms`,

  async around({ share, periodMs }, { instance, clock, ended, note }, next) {
    const runningMs = (periodMs * share) / 100;
    const throttle = new Throttle(instance, clock, periodMs - runningMs, runningMs);
    const end = (): void => throttle.end();
    ended.addEventListener('abort', end, { once: true });
    if (!ended.aborted) throttle.begin();
    try {
      return await next();
    } finally {
      end();
      ended.removeEventListener('abort', end);
      note({ where: 'the whole run', saw: `stopped for ${String(Math.round(throttle.stoppedMs))} ms` });
    }
  },
};

/**
 * A duty cycle of SIGSTOP and SIGCONT to the process group [V: 25 % of the time cut work from 50.1M to 10.8M iterations].
 * Stopped first, so that short runs feel it as well.
 */
class Throttle {
  /** ms that it has been stopped for. */
  stoppedMs = 0;
  private timer: Timer | undefined;
  private stoppedAt: number | undefined;
  private over = false;

  constructor(
    private readonly instance: InstanceControl,
    private readonly clock: Clock,
    private readonly pauseMs: number,
    private readonly runMs: number,
  ) {}

  begin(): void {
    this.stoppedAt = this.clock.monotonic();
    this.instance.pause();
    this.timer = this.clock.after(this.pauseMs, () => {
      this.resume();
      this.timer = this.clock.after(this.runMs, () => this.begin());
    });
  }

  /** Whatever it does just now, it goes on after this. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.timer?.cancel();
    this.resume();
  }

  private resume(): void {
    if (this.stoppedAt === undefined) return;
    this.stoppedMs += this.clock.monotonic() - this.stoppedAt;
    this.stoppedAt = undefined;
    this.instance.resume();
  }
}
