import { delay } from '../clock.js';
import type { AfterExpectation, Check, Expectation, Phase, Probe } from '../contract/experiment.js';
import { AbortWatch } from './abort-watch.js';
import { checksOf } from './checks.js';
import type { Course } from './course.js';
import { DeliveryWatch } from './delivery.js';
import { figuresOf } from './figures.js';
import { LogWatch } from './log-watch.js';
import { MemoryWatch } from './memory.js';
import { runProbe } from './probes/run.js';
import { recoveryOf } from './recovery.js';
import { sendLoad } from './send-load.js';
import { durationOf } from './shape.js';
import { thresholdCheck, thresholdsOf } from './thresholds.js';
import { Ticks } from './ticks.js';
import type { Sample } from './types.js';

/*
 * One phase:
 *
 *   watches on → load, and the probes that have an `at` → the last request has settled → the other probes, in order
 *     → `loadEnded` (of the phase with faults: they go off) → deliveries are waited for → checks
 */

export interface PhaseHooks {
  /** Once everything but deliveries has been measured. */
  readonly loadEnded?: () => Promise<void>;
  /** Of `after`: when the faults ended, monotonic ms. */
  readonly faultsEndedAt?: number;
}

/** @returns whether every check of the phase passed */
export async function runPhase(
  course: Course,
  name: Phase,
  expectation: Expectation & Pick<AfterExpectation, 'recoveredWithin'>,
  { loadEnded, faultsEndedAt }: PhaseHooks = {},
): Promise<boolean> {
  const { draft, onProgress } = course;
  const from = draft.elapsed;
  onProgress({ type: 'phase', phase: name, ...course.planned });
  const measured = await new RunningPhase(course, name, expectation).run(loadEnded);
  draft.marks.push({ phase: name, from, to: draft.elapsed });
  const recovery = recoveryOf(expectation, samplesSince(course, faultsEndedAt), faultsEndedAt ?? 0);
  const counted = recovery ? measured.samples.filter(({ dueAt }) => dueAt >= recovery.wellFrom) : measured.samples;
  const figures = figuresOf(name, counted);
  const thresholds = thresholdsOf(expectation).map((threshold) =>
    thresholdCheck(threshold, name, counted, measured.elapsedMs),
  );
  const checks = [
    ...checksOf(expectation, figures),
    ...thresholds,
    ...(recovery ? [recovery.check] : []),
    ...measured.checks,
  ];
  draft.phases.push(figures);
  draft.checks.push(...checks);
  onProgress({ type: 'figures', figures, checks });
  return checks.every(({ passed }) => passed);
}

function samplesSince({ draft }: Course, from: number | undefined): readonly Sample[] {
  return from === undefined ? [] : draft.samples.filter(({ dueAt }) => dueAt >= from);
}

interface Measured {
  readonly samples: readonly Sample[];
  readonly checks: readonly Check[];
  /** ms that the load took. */
  readonly elapsedMs: number;
}

class RunningPhase {
  readonly #abort: AbortWatch;
  readonly #signal: AbortSignal;
  readonly #memory: MemoryWatch | undefined;
  readonly #delivery: DeliveryWatch | undefined;
  readonly #logs: LogWatch | undefined;
  readonly #ticks: Ticks;

  constructor(
    private readonly course: Course,
    private readonly name: Phase,
    private readonly expectation: Expectation,
  ) {
    const { clock, emulator, direct } = course;
    const { memory, delivery, probes } = expectation;
    this.#abort = new AbortWatch(clock, name, thresholdsOf(expectation));
    this.#signal = AbortSignal.any([course.signal, this.#abort.signal]);
    if (memory) this.#memory = new MemoryWatch(clock, emulator, memory.function ?? direct[0]);
    if (delivery) this.#delivery = course.watchDelivery();
    if (probes?.some(({ log }) => log)) this.#logs = new LogWatch(emulator);
    this.#ticks = new Ticks(clock, name, course.planned.durationMs, course.onProgress);
  }

  async run(loadEnded?: () => Promise<void>): Promise<Measured> {
    try {
      return await this.#measure(loadEnded);
    } finally {
      this.#abort.dispose();
      this.#memory?.dispose();
      this.#logs?.dispose();
      this.#ticks.dispose();
      this.course.onRecord = undefined;
    }
  }

  async #measure(loadEnded?: () => Promise<void>): Promise<Measured> {
    const { course, expectation, name } = this;
    const { clock, draft } = course;
    const startedAt = clock.monotonic();
    const timed = this.#timed();
    const samples = await sendLoad(clock, course.load, course.to, this.#signal, (sample) => {
      this.#abort.saw(sample);
      this.#ticks.saw(sample);
    });
    draft.samples.push(...samples);
    const ended = clock.monotonic() - startedAt;
    const checks = [...(await timed), ...(await this.#last())];
    course.throwIfInterrupted();
    if (this.#memory && expectation.memory && !this.#signal.aborted)
      checks.push(this.#memory.end(name, expectation.memory));
    this.#ticks.dispose();
    await loadEnded?.();
    const { delivery } = expectation;
    if (this.#delivery && delivery && !this.#signal.aborted)
      checks.push(await this.#delivery.end(name, delivery, samples));
    course.throwIfInterrupted();
    this.#tellAbort();
    return { samples, checks, elapsedMs: this.#abort.failed ? ended : durationOf(course.load.shape) };
  }

  /** Probes with a time of their own, while the load runs. */
  async #timed(): Promise<Check[]> {
    const probes = (this.expectation.probes ?? []).filter(({ at }) => at !== undefined);
    const checks = probes.map(async (probe): Promise<Check[]> => {
      await delay(this.course.clock, probe.at ?? 0, this.#signal);
      return this.#probe(probe);
    });
    return (await Promise.all(checks)).flat();
  }

  async #last(): Promise<Check[]> {
    const checks: Check[] = [];
    for (const probe of this.expectation.probes ?? [])
      if (probe.at === undefined) checks.push(...(await this.#probe(probe)));
    return checks;
  }

  /** Nothing once the phase is cut short: what it would tell is of no moment of the phase. */
  async #probe(probe: Probe): Promise<Check[]> {
    if (this.#signal.aborted) return [];
    const { clock, emulator, root } = this.course;
    const context = { clock, emulator, root, logs: () => this.#logs?.lines ?? [] };
    const check = await runProbe(probe, this.name, context, this.#signal);
    return this.#signal.aborted ? [] : [check];
  }

  #tellAbort(): void {
    const { failed } = this.#abort;
    if (!failed) return;
    const { expectation, measured } = failed;
    this.course.draft.abort = { phase: this.name, expectation, measured, at: this.course.draft.elapsed };
  }
}
