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
 *   dispatch → oldest fault's `around` → … → newest fault's `around` → instance (`effect`s) → handler
 *
 * Among those that act around the run the oldest is outermost: it decides first whether there is a run at all, and last
 * over the result. Those that act inside the instance are inside of all of these; there one effect ends an invocation
 * before the handler or after it, and the oldest is that one.
 */
export class Plan implements FaultPlan {
  readonly hits: FaultHit[] = [];
  readonly effects: readonly RuntimeEffect[];
  readonly #faults: readonly PlannedFault[];
  readonly #subject: { readonly function: string; readonly requestId: string };
  /** Those whose effect is carried out by the instance. */
  readonly #inside: readonly PlannedFault[];

  constructor(faults: readonly PlannedFault[], subject: { readonly function: string; readonly requestId: string }) {
    this.#faults = faults;
    this.#subject = subject;
    const carriedOut = carryOut(faults, subject);
    this.effects = carriedOut.map(([, effect]) => effect);
    this.#inside = carriedOut.map(([fault]) => fault);
  }

  run(wait: Wait, next: () => Promise<RunResult>): Promise<RunResult> {
    let inner = (): Promise<RunResult> => {
      for (const fault of this.#inside) if (fault.kind.hitBy === undefined) this.#hit(fault);
      return next();
    };
    for (const fault of this.#faults.toReversed()) {
      const { kind, params } = fault;
      if (!kind.around) continue;
      const around = kind.around.bind(kind);
      const following = inner;
      inner = async () => {
        if (kind.hitBy === undefined) this.#hit(fault);
        return around(params, this.#context(fault, wait), following);
      };
    }
    return inner();
  }

  operation({ fault: id }: Operation): void {
    if (id === undefined) return;
    const fault = this.#inside.find((one) => one.id === id && one.kind.hitBy === 'operation');
    if (fault) this.#hit(fault);
  }

  #context({ draw, signal }: PlannedFault, wait: Wait): FaultContext {
    const { function: name, requestId } = this.#subject;
    return { function: name, requestId, draw, delay: async (ms) => void (await wait(ms, signal)) };
  }

  #hit(fault: PlannedFault): void {
    if (this.hits.some((hit) => hit.fault === fault.id)) return;
    this.hits.push({ fault: fault.id, kind: fault.kindName });
    fault.hit();
  }
}

/** The effects that come to act: of those that end the invocation only the first to be reached. */
function carryOut(faults: readonly PlannedFault[], subject: { readonly function: string; readonly requestId: string }) {
  const all = faults.flatMap((fault): [PlannedFault, RuntimeEffect][] => {
    const effect = fault.kind.effect?.(fault.params, { ...subject, draw: fault.draw }, fault.id);
    return effect ? [[fault, effect]] : [];
  });
  const ending = (when: string) => all.find(([, effect]) => 'when' in effect && effect.when === when);
  const end = ending('before') ?? ending('after');
  return all.filter((pair) => !('when' in pair[1]) || pair === end);
}
