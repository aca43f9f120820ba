import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig, ScheduleConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { ScheduleSnapshot } from '../contract/snapshot.js';
import { ACCOUNT_ID, REGION, type NewId } from '../dispatch/types.js';
import { parseSchedule, type Schedule } from '../schedule.js';
import type { ScaledTime } from './scaled-time.js';
import type { AsyncEvent } from './types.js';

/** The clock is looked at this often at least, ms: a timer does not run while the computer sleeps, the clock does. */
const LONGEST_WAIT_MS = 60_000;

export interface SchedulesParts {
  readonly clock: Clock;
  readonly time: ScaledTime;
  readonly newId: NewId;
  accept(event: AsyncEvent): Promise<void>;
  log(message: string): void;
}

/**
 * Invokes functions at their times, of the functions' time. Times that passed while the emulator was off, or while the
 * computer slept, are not made up for; the one that was being waited for comes late.
 */
export class Schedules {
  #running = new Map<string, Running>();

  constructor(private readonly parts: SchedulesParts) {}

  /** What is unchanged goes on as it was; what is new counts from now. */
  configure(functions: readonly FunctionConfig[]): void {
    const before = this.#running;
    this.#running = new Map();
    for (const { name, schedules } of functions) {
      for (const [i, config] of schedules.entries()) {
        const key = this.#key(name, config);
        const running =
          before.get(key) ?? new Running(this.parts, name, parseSchedule(config.expression, config.timezone));
        before.delete(key);
        running.configure(config, `${name}-schedule-${String(i + 1)}`);
        this.#running.set(key, running);
      }
    }
    for (const running of before.values()) running.stop();
  }

  snapshot(functionName: string): readonly ScheduleSnapshot[] {
    return [...this.#running.values()]
      .filter((each) => each.functionName === functionName)
      .map((each) => each.snapshot());
  }

  stop(): void {
    for (const running of this.#running.values()) running.stop();
  }

  /** The same expression twice for one function is two schedules. */
  #key(name: string, { expression, timezone }: ScheduleConfig): string {
    for (let nth = 1; ; nth++) {
      const key = JSON.stringify([name, expression, timezone, nth]);
      if (!this.#running.has(key)) return key;
    }
  }
}

/** One schedule. */
class Running {
  readonly #start: number;
  #config: ScheduleConfig | undefined;
  #rule = '';
  /** In the functions' time, as `#start`. */
  #due: number | undefined;
  #timer: Timer | undefined;

  constructor(
    private readonly parts: SchedulesParts,
    readonly functionName: string,
    private readonly schedule: Schedule,
  ) {
    this.#start = parts.time.now();
  }

  /** @param rule what EventBridge's event names it by */
  configure(config: ScheduleConfig, rule: string): void {
    this.#rule = rule;
    this.#config = config;
    if (!config.enabled) this.stop();
    else if (!this.#timer) this.#wait(this.schedule.next(this.parts.time.now(), this.#start));
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#due = undefined;
  }

  snapshot(): ScheduleSnapshot {
    const { expression = '', timezone = '', enabled = false } = this.#config ?? {};
    const next = this.#due === undefined ? {} : { next: Math.round(this.parts.time.clockAt(this.#due)) };
    return { expression, timezone, enabled, ...next };
  }

  #wait(due: number | undefined): void {
    this.#due = due;
    if (due === undefined) return;
    const { clock, time } = this.parts;
    const ms = Math.min(time.wait(Math.max(0, due - time.now())), LONGEST_WAIT_MS);
    this.#timer = clock.after(ms, () => this.#look(due));
  }

  #look(due: number): void {
    const now = this.parts.time.now();
    // Timers may be early, and the clock may have been set back.
    if (now < due) return this.#wait(due);
    this.#fire(due);
    this.#wait(this.schedule.next(Math.max(due, now), this.#start));
  }

  #fire(due: number): void {
    const { accept, newId, log } = this.parts;
    const input = this.#config?.input;
    const payload = Buffer.from(JSON.stringify(input === undefined ? this.#event(due) : input));
    accept({ requestId: newId(), function: this.functionName, payload, source: 'schedule' }).catch((error: unknown) => {
      const { code, message } = FaultlineError.from(error);
      if (code !== 'STOPPING') log(`delivery: ${this.#rule} was not accepted: ${message}`);
    });
  }

  /** EventBridge's event [R: scheduled rule]; its time has whole seconds. */
  #event(due: number): object {
    return {
      version: '0',
      id: this.parts.newId(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: ACCOUNT_ID,
      time: new Date(due).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: REGION,
      resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${this.#rule}`],
      detail: {},
    };
  }
}
