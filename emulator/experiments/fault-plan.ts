import type { Clock, Timer } from '../clock.js';
import { FaultlineError, type ErrorPlace } from '../contract/errors.js';
import type { Experiment, ExperimentResult, FaultOutcome } from '../contract/experiment.js';
import { MAX_FAULT_MS, type Fault } from '../contract/faults.js';
import type { EmulatorFaults } from '../contract/library.js';

/**
 * The faults of one experiment. They are added switched off before anything is measured, so that a wrong one is told at
 * once, and only switched on and off afterwards: a fault that the engine drops at the end of its lease takes its counts
 * with it, and whether it fired is what tells proof from a vacuous pass.
 */
export class FaultPlan {
  private readonly timers: Timer[] = [];
  /** Why a fault could not be switched at its time. */
  private failure: unknown;

  private constructor(
    private readonly clock: Clock,
    private readonly faults: EmulatorFaults,
    private readonly specs: Experiment['faults'],
    private readonly added: readonly Fault[],
  ) {}

  /**
   * @param places where each spec is written
   * @throws FaultlineError FAULT_INVALID with the place in the experiment's file
   */
  static async prepare(
    clock: Clock,
    faults: EmulatorFaults,
    specs: Experiment['faults'],
    places: readonly ErrorPlace[],
  ): Promise<FaultPlan> {
    const added: Fault[] = [];
    for (const [i, { at: _, ...spec }] of specs.entries()) {
      if (!(spec.for > 0 && spec.for <= MAX_FAULT_MS)) throw badDuration(i, places[i]);
      try {
        added.push(await faults.add({ ...spec, for: `${MAX_FAULT_MS}ms`, enabled: false }));
      } catch (error) {
        throw placed(error, i, places[i]);
      }
    }
    return new FaultPlan(clock, faults, specs, added);
  }

  /** `latency on stock: +1500 ms before the handler, from 2 s on`. */
  get summaries(): readonly string[] {
    return this.added.map((fault, i) => {
      const { at = 0, enabled = true } = this.specs[i] ?? {};
      const when = !enabled ? ', switched off' : at > 0 ? `, from ${at / 1_000} s on` : '';
      const what = `${fault.kind}${fault.function ? ` on ${fault.function}` : ''}: ${fault.summary}`;
      return `${what}${fault.dryRun ? ', only counted' : ''}${when}`;
    });
  }

  /** Switches each on at its time, counted from now; it goes off again after its own `for`, or with `off`. */
  async on(): Promise<void> {
    for (const [i, fault] of this.added.entries()) {
      const spec = this.specs[i];
      if (!spec?.enabled) continue;
      if (spec.at === 0) await this.faults.setEnabled(fault.id, true);
      else this.later(spec.at, fault, true);
      this.later(spec.at + spec.for, fault, false);
    }
  }

  private later(ms: number, { id }: Fault, on: boolean): void {
    const timer = this.clock.after(ms, () => {
      this.faults.setEnabled(id, on).catch((error: unknown) => (this.failure ??= error));
    });
    this.timers.push(timer);
  }

  /**
   * Switches all off and tells how often each fired.
   * @throws what kept a fault from being switched at its time
   */
  async off(): Promise<ExperimentResult['faults']> {
    for (const timer of this.timers.splice(0)) timer.cancel();
    if (this.failure !== undefined) throw this.failure;
    for (const fault of this.added) await this.faults.setEnabled(fault.id, false);
    const now = new Map((await this.faults.list()).map((fault) => [fault.id, fault]));
    return this.added.map((fault, i) => outcomeOf(now.get(fault.id) ?? fault, this.specs[i]?.enabled ?? true));
  }

  /** The faults as they would be reported if none ever fired. */
  get untouched(): ExperimentResult['faults'] {
    return this.added.map((fault, i) => outcomeOf(fault, this.specs[i]?.enabled ?? true));
  }

  dispose(): void {
    for (const timer of this.timers.splice(0)) timer.cancel();
  }
}

function outcomeOf(fault: Fault, enabled: boolean): FaultOutcome {
  const { id, kind, function: target, scope, summary, dryRun, unreached, matched, injected } = fault;
  return {
    id,
    kind,
    ...(target === undefined ? {} : { function: target }),
    ...(scope === undefined ? {} : { scope }),
    summary,
    ...(dryRun ? { dryRun } : {}),
    ...(unreached ? { unreached } : {}),
    matched,
    injected,
    ...(enabled ? {} : { off: true }),
  };
}

function badDuration(index: number, place: ErrorPlace | undefined): FaultlineError {
  return new FaultlineError('FAULT_INVALID', 'A fault lasts more than 0 and at most 24h', {
    hint: 'Write for example for: 30s.',
    place: { ...place, key: `faults[${index}].for` },
  });
}

/** The engine knows the key within the fault; where the fault is written, we know. */
function placed(error: unknown, index: number, place: ErrorPlace | undefined): unknown {
  if (!(error instanceof FaultlineError) || error.blame !== 'user') return error;
  const key = [`faults[${index}]`, error.place?.key].filter(Boolean).join('.');
  return new FaultlineError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    place: { ...place, key },
    cause: error,
  });
}
