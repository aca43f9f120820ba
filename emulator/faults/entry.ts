import type { Clock, Timer } from '../clock.js';
import type { Fault, FaultDecision } from '../contract/faults.js';
import { keyedDraw } from '../rng.js';
import { wildcard } from '../value-match.js';
import { matcherOf, matchText, type Matcher } from './match.js';
import { Ordinals } from './ordinals.js';
import { pickOf, pickText } from './pick.js';
import type { PlannedFault } from './plan.js';
import type { FaultSubject } from './types.js';
import type { CheckedSpec } from './validate.js';

/** While a fault is on. */
interface Lease {
  readonly until: number;
  readonly timer: Timer;
  readonly ended: AbortController;
  /** Epoch ms when it was switched on without a gap since: what a ramp counts from. */
  readonly from: number;
  stopBackground?: () => void;
}

/** One fault: its spec, its lease and its counts; decides which invocations it hits. */
export class Entry {
  readonly matchesFunction: (name: string) => boolean;
  readonly matcher: Matcher;
  readonly summary: string;
  readonly scope: string | undefined;
  since: number;
  matched = 0;
  injected = 0;
  /** Present while it is on. */
  lease?: Lease;
  readonly #pick: ((ordinal: number) => boolean) | undefined;
  readonly #ordinals = new Ordinals();
  readonly #decided: (decision: FaultDecision) => void;
  #kept: unknown;
  #atOnce = 0;

  constructor(
    readonly id: string,
    readonly spec: CheckedSpec,
    private readonly clock: Clock,
    private readonly seed: string,
    decided: (decision: FaultDecision) => void,
  ) {
    this.matchesFunction = spec.function === undefined ? () => true : wildcard(spec.function);
    this.matcher = matcherOf(spec.match);
    this.summary = spec.kind.describe(spec.params);
    this.scope = scopeText(spec);
    this.since = clock.now();
    this.#pick = pickOf(spec);
    this.#decided = decided;
  }

  /** Decides on an invocation that matches. @returns undefined when it does not hit */
  decide(subject: FaultSubject): PlannedFault | undefined {
    const { lease } = this;
    if (!lease) return undefined;
    this.matched++;
    const { function: name, queue, number, attempt, requestId } = subject;
    const way = queue === undefined ? [name] : [name, queue];
    const draw = (what: string): number => this.draw(...way, number, attempt, what);
    const by = this.#passes(subject, draw, lease);
    this.#decided({
      fault: this.id,
      function: name,
      ...(queue === undefined ? undefined : { queue }),
      number,
      attempt,
      requestId,
      ...by,
    });
    if (!by.hit) return undefined;
    this.#atOnce++;
    let held = true;
    return {
      id: this.id,
      kindName: this.spec.kindName,
      kind: this.spec.kind,
      params: this.spec.params,
      dryRun: this.spec.dryRun,
      signal: lease.ended.signal,
      draw,
      memory: (make) => this.memory(make),
      hit: () => void this.injected++,
      release: () => {
        if (held) this.#atOnce--;
        held = false;
      },
    };
  }

  /** It takes its place in the order that picks go by; decided is when it comes. */
  announce(subject: FaultSubject): void {
    if (this.#pick) this.#ordinals.of(subject);
  }

  draw(...what: readonly (string | number)[]): number {
    return keyedDraw(this.seed, this.id, ...what);
  }

  /** What the kind keeps from one invocation to the next. */
  memory<T>(make: () => T): T {
    return (this.#kept ??= make()) as T;
  }

  /** The lease is over: what was counted stays, what the kind kept does not. */
  forget(): void {
    this.#kept = undefined;
  }

  get view(): Fault {
    const { id, spec, summary, scope, since, matched, injected, lease } = this;
    return {
      id,
      kind: spec.kindName,
      ...(spec.function === undefined ? {} : { function: spec.function }),
      params: { ...spec.params },
      rate: spec.rate,
      ...(scope === undefined ? {} : { scope }),
      ...(spec.dryRun ? { dryRun: true } : {}),
      ...(spec.unreached.length > 0 ? { unreached: spec.unreached } : {}),
      enabled: lease !== undefined,
      since,
      ...(lease ? { until: lease.until } : {}),
      durationMs: spec.durationMs,
      matched,
      injected,
      summary,
    };
  }

  #passes(subject: FaultSubject, draw: (what: string) => number, lease: Lease): Pick<FaultDecision, 'hit' | 'by'> {
    if (this.#pick && !this.#pick(this.#ordinals.of(subject))) return { hit: false, by: 'pick' };
    const { rate, rampMs, atOnce } = this.spec;
    const grown = rampMs === undefined ? 1 : Math.min(1, (this.clock.now() - lease.from) / rampMs);
    const share = rate * grown;
    if (share < 100 && draw('share') * 100 >= share) return { hit: false, by: 'share' };
    if (atOnce !== undefined && this.#atOnce >= atOnce) return { hit: false, by: 'at once' };
    return { hit: true, by: this.#pick ? 'pick' : 'share' };
  }
}

function scopeText(spec: CheckedSpec): string | undefined {
  const parts = [
    ...(spec.match ? matchText(spec.match) : []),
    ...pickText(spec),
    ...(spec.atOnce === undefined ? [] : [`at most ${String(spec.atOnce)} at once`]),
    ...(spec.rampMs === undefined ? [] : [`growing over ${String(spec.rampMs / 1_000)} s`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
