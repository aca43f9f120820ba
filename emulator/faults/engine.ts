import type { Clock, Timer } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { Fault, FaultPeriod, FaultSpec } from '../contract/faults.js';
import { keyedDraw } from '../rng.js';
import { faultCatalog } from './catalog.js';
import { Periods } from './periods.js';
import { Plan, type PlannedFault } from './plan.js';
import type { FaultEngine, FaultPlan, FaultSubject } from './types.js';
import { checkSpec, functionMatcher, type CheckedSpec } from './validate.js';

/*
 * The one wrapper around every kind of fault:
 *
 *   invocation → on? → function matches? (matched + 1) → share: keyed draw → planned → it acts (injected + 1)
 *
 * Every fault ends: with its lease, when it is cleared, or for a while when it is switched off. Each of these also ends
 * the delays that it holds invocations back with.
 */

export interface FaultEngineOptions {
  readonly clock: Clock;
  /** The run's seed: same seed, same decisions. */
  readonly seed: string;
  /** Names of the configured functions, asked at every `add`. */
  functions(): readonly string[];
  /** Calls back when a fault was added, switched or ended; not for counts. */
  onChange?(): void;
}

interface Entry {
  readonly id: string;
  readonly spec: CheckedSpec;
  readonly matches: (name: string) => boolean;
  readonly summary: string;
  since: number;
  matched: number;
  injected: number;
  /** Present while it is on. */
  lease?: { readonly until: number; readonly timer: Timer; readonly ended: AbortController };
}

/** The faults of one run. @throws FaultlineError FAULT_INVALID from `add`, FAULT_NOT_FOUND for an unknown id */
export function createFaultEngine(options: FaultEngineOptions): FaultEngine {
  return new Engine(options);
}

class Engine implements FaultEngine {
  active = false;
  readonly #options: FaultEngineOptions;
  /** In order of adding: the oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #counters = new Map<string, number>();
  readonly #periods = new Periods();

  constructor(options: FaultEngineOptions) {
    this.#options = options;
  }

  plan(subject: FaultSubject): FaultPlan | undefined {
    let planned: PlannedFault[] | undefined;
    for (const entry of this.#entries.values()) {
      if (!entry.lease || !entry.matches(subject.function)) continue;
      entry.matched++;
      const fault = this.#planned(entry, entry.lease.ended.signal, subject);
      if (entry.spec.rate < 100 && fault.draw('share') * 100 >= entry.spec.rate) continue;
      (planned ??= []).push(fault);
    }
    return planned && new Plan(planned, subject);
  }

  add(spec: FaultSpec): Fault {
    const checked = checkSpec(spec, this.#options.functions());
    const number = (this.#counters.get(checked.kindName) ?? 0) + 1;
    this.#counters.set(checked.kindName, number);
    const entry: Entry = {
      id: `${checked.kindName}-${String(number)}`,
      spec: checked,
      matches: checked.function === undefined ? () => true : functionMatcher(checked.function),
      summary: checked.kind.describe(checked.params),
      since: this.#options.clock.now(),
      matched: 0,
      injected: 0,
    };
    this.#entries.set(entry.id, entry);
    if (checked.enabled) this.#switchOn(entry);
    this.#changed();
    return view(entry);
  }

  list(): readonly Fault[] {
    return Array.from(this.#entries.values(), view);
  }

  setEnabled(id: string, enabled: boolean): Fault {
    const entry = this.#find(id);
    if (enabled) this.#switchOn(entry);
    else this.#switchOff(entry);
    this.#changed();
    return view(entry);
  }

  remove(id: string): Fault {
    const entry = this.#find(id);
    const last = view(entry);
    this.#drop(entry);
    this.#changed();
    return last;
  }

  clear(): number {
    const count = this.#entries.size;
    for (const entry of this.#entries.values()) this.#drop(entry);
    if (count > 0) this.#changed();
    return count;
  }

  periods(since: number): readonly FaultPeriod[] {
    return this.#periods.since(since);
  }

  catalog() {
    return faultCatalog;
  }

  dispose(): void {
    for (const entry of this.#entries.values()) this.#drop(entry);
    this.active = false;
  }

  #planned(entry: Entry, signal: AbortSignal, { function: name, number, attempt }: FaultSubject): PlannedFault {
    const { seed } = this.#options;
    const { kindName, kind, params } = entry.spec;
    return {
      id: entry.id,
      kindName,
      kind,
      params,
      signal,
      draw: (what) => keyedDraw(seed, entry.id, name, number, attempt, what),
      hit: () => void entry.injected++,
    };
  }

  /** Begins the lease; of a fault that is on already, begins it again without a gap. */
  #switchOn(entry: Entry): void {
    const { clock } = this.#options;
    const now = clock.now();
    const { durationMs, function: target, kindName: kind } = entry.spec;
    const timer = clock.after(durationMs, () => {
      this.#drop(entry);
      this.#changed();
    });
    entry.lease?.timer.cancel();
    if (!entry.lease) {
      entry.since = now;
      this.#periods.begin({ id: entry.id, kind, ...(target === undefined ? {} : { function: target }) }, now);
    }
    entry.lease = { until: now + durationMs, timer, ended: entry.lease?.ended ?? new AbortController() };
  }

  #switchOff(entry: Entry): void {
    const { lease } = entry;
    if (!lease) return;
    delete entry.lease;
    lease.timer.cancel();
    this.#periods.end(entry.id, this.#options.clock.now());
    lease.ended.abort();
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#switchOff(entry);
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    const ids = [...this.#entries.keys()];
    const hint = ids.length === 0 ? 'There are no faults; it may have ended by itself.' : `Faults: ${ids.join(', ')}.`;
    throw new FaultlineError('FAULT_NOT_FOUND', `There is no fault "${id}"`, { hint });
  }

  #changed(): void {
    this.active = [...this.#entries.values()].some((entry) => entry.lease !== undefined);
    this.#options.onChange?.();
  }
}

function view({ id, spec, summary, since, matched, injected, lease }: Entry): Fault {
  return {
    id,
    kind: spec.kindName,
    ...(spec.function === undefined ? {} : { function: spec.function }),
    params: { ...spec.params },
    rate: spec.rate,
    enabled: lease !== undefined,
    since,
    ...(lease ? { until: lease.until } : {}),
    durationMs: spec.durationMs,
    matched,
    injected,
    summary,
  };
}
