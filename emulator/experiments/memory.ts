import type { Clock, Timer } from '../clock.js';
import type { Check, Expectation, Phase } from '../contract/experiment.js';
import type { Emulator } from '../contract/library.js';

/** Whether the memory of instances stays flat over a phase. */

type MemoryExpectation = NonNullable<Expectation['memory']>;

/** How often instances are looked at, in ms; the emulator itself measures processes once a second. */
const EVERY_MS = 1_000;

/** Takes down what each instance of a function uses. */
export class MemoryWatch {
  readonly #uses = new Map<string, number[]>();
  #timer: Timer | undefined;

  /** @param name of the function */
  constructor(
    private readonly clock: Clock,
    private readonly emulator: Pick<Emulator, 'snapshot'>,
    private readonly name: string | undefined,
  ) {
    this.#look();
  }

  /** @returns the check, with the instance that grew most */
  end(phase: Phase, { growth, samples }: MemoryExpectation): Check {
    this.#timer?.cancel();
    const expectation = `memory of ${this.name ?? 'no function'} grows by at most ${growth} %`;
    const grown = [...this.#uses]
      .filter(([, uses]) => uses.length >= samples)
      .map(([id, uses]) => ({ id, uses, percent: growthOf(uses) }))
      .sort((a, b) => b.percent - a.percent);
    const [worst] = grown;
    const base = { phase, type: 'memory' as const, expectation };
    if (!worst) {
      const most = Math.max(0, ...[...this.#uses.values()].map(({ length }) => length));
      const measured = `too little to tell: ${most} measurements of an instance, ${samples} are needed`;
      return { ...base, measured, passed: false };
    }
    const { id, uses, percent } = worst;
    const from = Math.round(uses[0] ?? 0);
    const measured = `${id} ${percent >= 0 ? '+' : '−'}${Math.abs(Math.round(percent * 10) / 10)} % (from ${from} to ${Math.round(uses.at(-1) ?? 0)} MB)`;
    return { ...base, measured, passed: percent <= growth };
  }

  dispose(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const instances = this.emulator.snapshot().functions.find(({ name }) => name === this.name)?.instances ?? [];
    for (const { id, memoryMb } of instances) {
      if (memoryMb === undefined) continue;
      const uses = this.#uses.get(id);
      if (uses) uses.push(memoryMb);
      else this.#uses.set(id, [memoryMb]);
    }
    this.#timer = this.clock.after(EVERY_MS, () => this.#look());
  }
}

/** Percent between the mean of the first quarter and that of the last: one reading beside the others decides nothing. */
export function growthOf(uses: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(uses.length / 4));
  const mean = (list: readonly number[]): number => list.reduce((sum, mb) => sum + mb, 0) / list.length;
  const before = mean(uses.slice(0, quarter));
  return before === 0 ? 0 : ((mean(uses.slice(-quarter)) - before) / before) * 100;
}
