import type { Clock } from '../clock.js';
import { FaultlineError, type ErrorPlace } from '../contract/errors.js';
import type { Experiment } from '../contract/experiment.js';
import type { Emulator } from '../contract/library.js';
import type { InvocationRecord } from '../contract/records.js';
import { DeliveryWatch } from './delivery.js';
import type { Draft } from './draft.js';
import { readEvents } from './event-files.js';
import { FaultPlan } from './fault-plan.js';
import { handlerPlace } from './handler-line.js';
import { runPhase } from './phase.js';
import { RecordWatch } from './record-watch.js';
import { sendLoad, type PlannedLoad } from './send-load.js';
import { durationOf, peakFor, plannedRequests, shapeOf } from './shape.js';
import { createSend, targetFunction } from './target.js';
import { Ticks } from './ticks.js';
import type { Progress, Send } from './types.js';

/** A request may take this much longer than the timeout of the function it calls before it is given up, in ms. */
const SAFETY_MARGIN_MS = 10_000;
/** Where the target's function is not known, API Gateway's own 30 s count. */
const DEFAULT_TIMEOUT_MS = 30_000;

export interface CourseParts {
  readonly emulator: Emulator;
  readonly experiment: Experiment;
  /** Absolute path of its file. */
  readonly file: string;
  readonly root: string;
  readonly faultPlaces: readonly ErrorPlace[];
  readonly clock: Clock;
  readonly draft: Draft;
  readonly onProgress: (event: Progress) => void;
  readonly signal: AbortSignal;
  /** Nothing is sent while the faults are off: no warm-up, no steady state, nothing after. */
  readonly faultsOnly?: boolean | undefined;
}

/**
 * One experiment from its warm-up to its last check, on an emulator that runs:
 *
 *   faults prepared (off) → warm-up → steady state ─┬→ faults, each at its time → during → faults off → after
 *                                                   └→ it does not hold: stop; breaking what is broken proves nothing
 *
 * Where only the faults are asked for, as a proof does, it is `during` alone: what is not broken would be called for real.
 * A phase begins once every request of the one before has settled. A threshold that aborts ends it after its phase.
 */
export class Course {
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly draft: Draft;
  readonly root: string;
  readonly onProgress: (event: Progress) => void;
  readonly signal: AbortSignal;
  /** Told of each invocation that is read. */
  onRecord: ((record: InvocationRecord) => void) | undefined;
  load!: PlannedLoad;
  to!: Send;
  /** Functions that the target reaches itself. */
  direct: readonly string[] = [];
  #records: RecordWatch | undefined;

  constructor(private readonly parts: CourseParts) {
    const { emulator, clock, draft, root, onProgress, signal } = parts;
    this.emulator = emulator;
    this.clock = clock;
    this.draft = draft;
    this.root = root;
    this.onProgress = onProgress;
    this.signal = signal;
  }

  /** What a phase sends, for progress. */
  get planned(): { readonly requests?: number; readonly durationMs: number } {
    const requests = plannedRequests(this.load.shape);
    return { ...(requests === undefined ? {} : { requests }), durationMs: durationOf(this.load.shape) };
  }

  async run(): Promise<void> {
    const { experiment, faultPlaces } = this.parts;
    await this.#prepare();
    const plan = await FaultPlan.prepare(this.clock, this.emulator.faults, experiment.faults, faultPlaces);
    this.draft.faults = plan.untouched;
    try {
      if (this.parts.faultsOnly === true) return await this.#during(plan);
      await this.#warmUp();
      if (!(await runPhase(this, 'steadyState', experiment.steadyState)) || this.draft.abort) return;
      await this.#during(plan);
      if (!experiment.after || this.draft.abort) return;
      const ended = Math.max(0, ...this.draft.periods.map(({ to }) => to));
      await runPhase(this, 'after', experiment.after, { faultsEndedAt: this.draft.monotonic(ended) });
    } finally {
      plan.dispose();
      this.#records?.dispose();
    }
  }

  /** Follows the deliveries of a phase from now on. */
  watchDelivery(): DeliveryWatch {
    const { clock, emulator, direct, signal } = this;
    const watch = new DeliveryWatch({ clock, emulator, direct, signal, records: this.#watchRecords() });
    this.onRecord = (record) => watch.saw(record);
    return watch;
  }

  throwIfInterrupted(): void {
    if (this.signal.aborted) throw new FaultlineError('STOPPING', 'interrupted before the end');
  }

  async #prepare(): Promise<void> {
    const { experiment, file } = this.parts;
    const { functions, queues = [] } = this.emulator.snapshot();
    const reached = targetFunction(functions, experiment.target, queues);
    if (reached) this.draft.place = await handlerPlace(reached.file, reached.export);
    this.direct =
      queues.find(({ name }) => name === experiment.target.queue)?.functions ?? (reached ? [reached.name] : []);
    const events = experiment.load.events && (await readEvents(experiment.load.events, file));
    this.to = createSend(this.emulator, experiment.target, file, events);
    const safetyMs = (reached?.timeoutMs ?? DEFAULT_TIMEOUT_MS) + SAFETY_MARGIN_MS;
    this.load = { shape: shapeOf(experiment.load), safetyMs };
  }

  /** One request to the end, which starts what it needs, then a load that starts as many instances as will be needed. */
  async #warmUp(): Promise<void> {
    const ms = this.parts.experiment.load.warmUp;
    if (ms === 0) return;
    const { clock, load, to, signal, draft } = this;
    const from = draft.elapsed;
    const peak = peakFor(load.shape, ms);
    const one = { kind: 'open' as const, segments: [{ from: 0, to: 0, ms: 0 }], thinkMs: 0 };
    const requests = plannedRequests(peak);
    this.onProgress({ type: 'warm-up', ...(requests === undefined ? {} : { requests: 1 + requests }), durationMs: ms });
    const ticks = new Ticks(clock, 'warmUp', ms, this.onProgress);
    try {
      for (const shape of [one, peak])
        draft.samples.push(...(await sendLoad(clock, { ...load, shape }, to, signal, (sample) => ticks.saw(sample))));
    } finally {
      ticks.dispose();
    }
    draft.marks.push({ phase: 'warmUp', from, to: draft.elapsed });
    this.throwIfInterrupted();
  }

  async #during(plan: FaultPlan): Promise<void> {
    const { experiment } = this.parts;
    const { draft, emulator } = this;
    const records = this.#watchRecords();
    await plan.on();
    this.onProgress({ type: 'faults', on: true, summaries: plan.summaries });
    await runPhase(this, 'during', experiment.during, {
      loadEnded: async () => {
        draft.faults = await plan.off();
        draft.setPeriods(await emulator.faults.periods(draft.startedAt));
        draft.setDecisions(await emulator.faults.decisions());
        this.onProgress({ type: 'faults', on: false, summaries: plan.summaries });
      },
    });
    records.read();
    // Retries that were still hit, and what was waited for, are counted too.
    draft.faults = await plan.off();
  }

  #watchRecords(): RecordWatch {
    return (this.#records ??= new RecordWatch(this.clock, this.emulator, (record) => {
      this.draft.saw(record);
      this.onRecord?.(record);
    }));
  }
}
