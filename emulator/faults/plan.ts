import type { FaultHit, RuntimeEffect } from '../contract/faults.js';
import type { Operation } from '../contract/records.js';
import type { RunResult } from '../instances/types.js';
import type { FaultContext, FaultKind, FaultPlan } from './types.js';

/** One fault that hits this invocation. */
export interface PlannedFault {
  readonly id: string;
  readonly kindName: string;
  readonly kind: FaultKind;
  readonly params: object;
  /** Aborted when the fault ends or is switched off. */
  readonly signal: AbortSignal;
  readonly draw: (name: string) => number;
  /** Counts the hit. */
  readonly hit: () => void;
}

type Wait = (ms: number, signal: AbortSignal) => Promise<boolean>;

/**
 * What the faults do to one invocation:
 *
 *   dispatch → oldest fault's `around` → … → newest fault's `around` → instance (every `effect`, oldest first) → handler
 *
 * So among those that act around the run the oldest is outermost: it decides last over the result and first whether to
 * run at all. Those that act inside the instance are inside of all of these, and there too the oldest decides.
 */
export class Plan implements FaultPlan {
  readonly hits: FaultHit[] = [];
  readonly effects: RuntimeEffect[] = [];
  readonly #faults: readonly PlannedFault[];
  readonly #subject: { readonly function: string; readonly requestId: string };
  readonly #counted = new Set<string>();

  constructor(faults: readonly PlannedFault[], subject: { readonly function: string; readonly requestId: string }) {
    this.#faults = faults;
    this.#subject = subject;
    for (const { id, kind, params, draw } of faults) {
      const effect = kind.effect?.(params, { function: subject.function, requestId: subject.requestId, draw }, id);
      if (effect) this.effects.push(effect);
    }
  }

  run(wait: Wait, next: () => Promise<RunResult>): Promise<RunResult> {
    let inner = (): Promise<RunResult> => {
      for (const fault of this.#faults) if (fault.kind.effect && fault.kind.hitBy === undefined) this.#hit(fault);
      return next();
    };
    for (const fault of this.#faults.toReversed()) {
      if (!fault.kind.around) continue;
      const following = inner;
      inner = async () => {
        if (fault.kind.hitBy === undefined) this.#hit(fault);
        return (await fault.kind.around?.(fault.params, this.#context(fault, wait), following)) ?? following();
      };
    }
    return inner();
  }

  operation({ fault: id }: Operation): void {
    if (id === undefined) return;
    const fault = this.#faults.find((one) => one.id === id && one.kind.hitBy === 'operation');
    if (fault) this.#hit(fault);
  }

  #context({ draw, signal }: PlannedFault, wait: Wait): FaultContext {
    const { function: name, requestId } = this.#subject;
    return { function: name, requestId, draw, delay: async (ms) => void (await wait(ms, signal)) };
  }

  #hit(fault: PlannedFault): void {
    if (this.#counted.has(fault.id)) return;
    this.#counted.add(fault.id);
    this.hits.push({ fault: fault.id, kind: fault.kindName });
    fault.hit();
  }
}
