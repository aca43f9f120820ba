import type { FaultHit, RuntimeEffect } from '../contract/faults.js';
import type { InstanceControl, ReportedOperation, RunResult, StartEffect } from '../instances/types.js';
import type { FaultContext, FaultKind, FaultPlan, FaultSubject, HitBy, RunContext, Wait } from './types.js';

/** One fault that hits this invocation. */
export interface PlannedFault {
  readonly id: string;
  readonly kindName: string;
  readonly kind: FaultKind;
  readonly params: object;
  readonly dryRun: boolean;
  /** Aborted when the fault ends or is switched off. */
  readonly signal: AbortSignal;
  readonly draw: (name: string) => number;
  readonly memory: <T>(make: () => T) => T;
  /** Counts the hit. */
  readonly hit: () => void;
  /** The invocation is over. */
  readonly release: () => void;
}

/** What is the same for every fault of the engine. */
export type Surroundings = Pick<FaultContext, 'clock' | 'service'>;

/** A fault whose decision waits for the instance. */
export interface Undecided {
  /** @returns undefined when it does not hit */
  decide(instance: string, version: number): PlannedFault | undefined;
}

/**
 * What the faults do to one invocation:
 *
 *   admission (`admit`) → instance (`start`) → oldest fault's `around` → … → newest fault's `around` → handler (`effect`s)
 *
 * Among those that act around the run the oldest is outermost: it decides first whether there is a run at all, and last
 * over the result. Those that act inside the instance are inside of all of these; there one effect ends an invocation
 * before the handler or after it, and the oldest is that one.
 */
export class Plan implements FaultPlan {
  readonly hits: FaultHit[] = [];
  #faults: readonly PlannedFault[];
  readonly #undecided: readonly Undecided[];
  readonly #subject: FaultSubject;
  readonly #surroundings: Surroundings;
  #effects: Effects | undefined;

  constructor(
    faults: readonly PlannedFault[],
    undecided: readonly Undecided[],
    subject: FaultSubject,
    surroundings: Surroundings,
  ) {
    this.#faults = faults;
    this.#undecided = undecided;
    this.#subject = subject;
    this.#surroundings = surroundings;
  }

  get effects(): readonly RuntimeEffect[] {
    return this.#carriedOut().map(([, effect]) => effect);
  }

  admit(): RunResult | undefined {
    for (const fault of this.#faults) {
      const result = fault.kind.admit?.(fault.params, this.#context(fault));
      if (!result) continue;
      this.#hit(fault, { where: 'at admission' });
      if (!fault.dryRun) return result;
    }
    return undefined;
  }

  start(): StartEffect | undefined {
    let merged: StartEffect | undefined;
    for (const fault of this.#acting()) {
      const effect = fault.kind.start?.(fault.params, this.#context(fault));
      // An init fails once: in the way of the oldest fault.
      if (!effect || (merged?.fail && effect.fail)) continue;
      this.#hit(fault, { where: 'start of the instance', ...(effect.saw === undefined ? {} : { saw: effect.saw }) });
      const fail = merged?.fail ?? (effect.fail && { ...effect.fail, ended: fault.signal });
      const delays = [...(merged?.delays ?? []), { ms: effect.delayMs, ended: fault.signal }];
      merged = { delayMs: (merged?.delayMs ?? 0) + effect.delayMs, delays, ...(fail ? { fail } : {}) };
    }
    return merged;
  }

  reached({ id }: InstanceControl, version: number): void {
    // It may have waited for an instance for longer than a fault lasted.
    for (const fault of this.#faults) if (fault.signal.aborted) fault.release();
    const going = this.#faults.filter(({ signal }) => !signal.aborted);
    const decided = this.#undecided.flatMap((each) => each.decide(id, version) ?? []);
    this.#faults = [...going, ...decided];
    // What would have hit at admission has been counted there.
    for (const fault of this.#faults) if (fault.dryRun && !fault.kind.admit) this.#hit(fault, {});
  }

  run(wait: Wait, instance: InstanceControl, next: () => Promise<RunResult>): Promise<RunResult> {
    let inner = (): Promise<RunResult> => {
      for (const [fault, effect] of this.#carriedOut())
        if (hitByOf(fault) === undefined)
          this.#hit(fault, 'when' in effect ? { where: `${effect.when} the handler` } : {});
      return next();
    };
    for (const fault of this.#acting().toReversed()) {
      const { kind, params } = fault;
      if (!kind.around) continue;
      const around = kind.around.bind(kind);
      const following = inner;
      inner = async () => {
        if (this.#countsAround(fault)) this.#hit(fault, {});
        return around(params, this.#around(fault, wait, instance), following);
      };
    }
    return inner();
  }

  operation(operation: ReportedOperation): void {
    if (operation.fault === undefined) return;
    const [fault] = this.#carriedOut().find(([{ id }]) => id === operation.fault) ?? [];
    if (!fault) return;
    fault.kind.operation?.(fault.params, operation, this.#context(fault));
    if (hitByOf(fault) !== 'operation') return;
    const { saw } = operation;
    this.#hit(fault, { where: whereOf(operation), ...(saw === undefined ? {} : { saw }) });
  }

  end(): void {
    for (const fault of this.#faults) fault.release();
  }

  #acting(): readonly PlannedFault[] {
    return this.#faults.filter(({ dryRun }) => !dryRun);
  }

  #carriedOut(): Effects['carriedOut'] {
    return (this.#effects ??= effectsOf(this.#acting(), (fault) => this.#context(fault))).carriedOut;
  }

  /** One that acts inside the instance counts when it does, not before. */
  #countsAround(fault: PlannedFault): boolean {
    if (hitByOf(fault) !== undefined) return false;
    this.#carriedOut();
    return this.#effects?.all.every(([each]) => each !== fault) ?? true;
  }

  #context(fault: PlannedFault): FaultContext {
    const { function: name, requestId } = this.#subject;
    const { id, draw, memory } = fault;
    return {
      fault: id,
      function: name,
      requestId,
      ...this.#surroundings,
      draw,
      memory,
      note: (seen) => this.#note(fault, seen),
      hit: (seen) => this.#hit(fault, seen),
    };
  }

  #around(fault: PlannedFault, wait: Wait, instance: InstanceControl): RunContext {
    return {
      ...this.#context(fault),
      instance,
      ended: fault.signal,
      caller: this.#subject.caller ?? 'payload',
      delay: async (ms) => void (await wait(ms, fault.signal)),
    };
  }

  #hit(fault: PlannedFault, seen: Partial<FaultHit>): void {
    if (this.hits.some((hit) => hit.fault === fault.id)) return;
    this.hits.push({ fault: fault.id, kind: fault.kindName, ...seen, ...(fault.dryRun ? { dryRun: true } : {}) });
    fault.hit();
  }

  #note(fault: PlannedFault, seen: Pick<FaultHit, 'where' | 'saw'>): void {
    const at = this.hits.findIndex((hit) => hit.fault === fault.id);
    const hit = this.hits[at];
    if (hit) this.hits[at] = { ...hit, ...seen };
  }
}

function hitByOf({ kind, params }: PlannedFault): HitBy | undefined {
  return kind.hitBy?.(params);
}

/** What faults do inside the instance. */
interface Effects {
  readonly all: readonly (readonly [PlannedFault, RuntimeEffect])[];
  /** Those that come to act: of those that end the invocation only the first to be reached. */
  readonly carriedOut: readonly (readonly [PlannedFault, RuntimeEffect])[];
}

function effectsOf(faults: readonly PlannedFault[], contextOf: (fault: PlannedFault) => FaultContext): Effects {
  const all = faults.flatMap((fault): [PlannedFault, RuntimeEffect][] => {
    const effect = fault.kind.effect?.(fault.params, contextOf(fault));
    return effect ? [[fault, effect]] : [];
  });
  const ending = (when: string) => all.find(([, effect]) => 'when' in effect && effect.when === when);
  const end = ending('before') ?? ending('after');
  return { all, carriedOut: all.filter((pair) => !('when' in pair[1]) || pair === end) };
}

/** `connect db:5432`, `GET https://host/path`, `dynamodb GetItem`. */
function whereOf({ kind, target, service, operation }: ReportedOperation): string {
  if (service !== undefined && operation !== undefined) return `${service} ${operation}`;
  return kind === 'http' ? target : `${kind} ${target}`;
}
