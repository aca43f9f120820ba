import type { Clock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { Fault, FaultDecision, FaultPeriod, FaultSpec } from '../contract/faults.js';
import type { InstanceControl } from '../instances/types.js';
import { sharedAbort } from '../signal.js';
import { faultCatalog } from './catalog.js';
import { Decisions } from './decisions.js';
import { deliveryFault } from './delivery-fault.js';
import { Entry } from './entry.js';
import { Periods } from './periods.js';
import { Plan, type PlannedFault, type Surroundings, type Undecided } from './plan.js';
import { requestSpecs } from './request-faults.js';
import { Services } from './services.js';
import type { DeliveryFault, FaultEngine, FaultPlan, FaultSubject, FaultTarget, RequestFaults } from './types.js';
import { checkSpec, type CheckedSpec } from './validate.js';

/*
 * The one wrapper around every kind of fault:
 *
 *   invocation → on? → function, route, header, event match? (matched + 1) → pick → share: keyed draw → at once → planned
 *              → instance, version match? → it acts (injected + 1)
 *
 * Decided at admission, in the order in which invocations come: which instance is free first decides nothing, unless a fault
 * goes by the instance. Every fault ends: with its lease, when it is cleared, or for a while when it is switched off. Each of
 * these also ends the delays that it holds invocations back with, and what it does in the background.
 */

export interface FaultEngineOptions {
  readonly clock: Clock;
  /** The run's seed: same seed, same decisions. */
  readonly seed: string;
  /** The configured functions, asked at every `add`. */
  functions(): readonly FaultTarget[];
  /** The processes of a function. */
  instances?(functionName: string): readonly InstanceControl[];
  readonly platform?: NodeJS.Platform;
  /** Calls back when a fault was added, switched or ended; not for counts. */
  onChange?(): void;
  log?(message: string): void;
}

/** The faults of one run. @throws FaultlineError FAULT_INVALID from `add`, FAULT_NOT_FOUND for an unknown id */
export function createFaultEngine(options: FaultEngineOptions): FaultEngine {
  return new Engine(options);
}

/** Whether a kind acts on invocations, not only on deliveries or in the background. */
const actsOnInvocations = ({ kind }: CheckedSpec): boolean =>
  Boolean(kind.admit ?? kind.start ?? kind.around ?? kind.effect);

class Engine implements FaultEngine {
  active = false;
  readonly #options: FaultEngineOptions;
  /** In order of adding: the oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #counters = new Map<string, number>();
  readonly #periods = new Periods();
  readonly #decisions = new Decisions();
  readonly #services: Services;

  constructor(options: FaultEngineOptions) {
    this.#options = options;
    this.#services = new Services(options.clock, (message) => options.log?.(message));
  }

  plan(subject: FaultSubject, own?: RequestFaults): FaultPlan | undefined {
    let planned: PlannedFault[] | undefined;
    let undecided: Undecided[] | undefined;
    const event = lazyEvent(subject);
    for (const entry of this.#entries.values()) {
      if (!this.#admits(entry, subject, event, actsOnInvocations)) continue;
      const { instance } = entry.matcher;
      if (instance) {
        const decide: Undecided['decide'] = (id, version) =>
          instance(id, version) ? entry.decide(subject) : undefined;
        (undecided ??= []).push({ decide });
        continue;
      }
      const fault = entry.decide(subject);
      if (fault) (planned ??= []).push(fault);
    }
    const ofRequest = own ? this.#ofRequest(own, subject) : [];
    if (!planned && !undecided && ofRequest.length === 0) return undefined;
    return new Plan([...(planned ?? []), ...ofRequest], undecided ?? [], subject, this.#surroundings);
  }

  planDelivery(subject: FaultSubject): readonly DeliveryFault[] {
    if (!this.active) return [];
    const event = lazyEvent(subject);
    return [...this.#entries.values()].flatMap((entry) => {
      if (!this.#admits(entry, subject, event, ({ kind }) => kind.deliver !== undefined)) return [];
      const fault = entry.decide(subject);
      return fault ? deliveryFault(fault, subject, this.#surroundings, () => this.#options.onChange?.()) : [];
    });
  }

  announce(subject: FaultSubject): void {
    if (!this.active) return;
    const event = lazyEvent(subject);
    for (const entry of this.#entries.values()) {
      if (entry.matcher.instance || !this.#admits(entry, subject, event, actsOnInvocations)) continue;
      entry.announce(subject);
    }
  }

  add(spec: FaultSpec): Fault {
    const checked = checkSpec(spec, this.#options.functions(), this.#options.platform);
    const number = (this.#counters.get(checked.kindName) ?? 0) + 1;
    const entry = this.#entry(`${checked.kindName}-${String(number)}`, checked);
    this.#counters.set(checked.kindName, number);
    this.#entries.set(entry.id, entry);
    if (checked.enabled) this.#switchOn(entry);
    this.#changed();
    return entry.view;
  }

  async addPrepared(spec: FaultSpec): Promise<Fault> {
    await this.#prepare(spec);
    return this.add(spec);
  }

  async forRequest(header: string): Promise<RequestFaults> {
    const faults: CheckedSpec[] = [];
    for (const spec of requestSpecs(header)) faults.push(await this.#prepare(spec, actsOnInvocations));
    return { faults };
  }

  list(): readonly Fault[] {
    return Array.from(this.#entries.values(), ({ view }) => view);
  }

  setEnabled(id: string, enabled: boolean): Fault {
    const entry = this.#find(id);
    if (enabled) this.#switchOn(entry);
    else this.#switchOff(entry);
    this.#changed();
    return entry.view;
  }

  remove(id: string): Fault {
    const entry = this.#find(id);
    const last = entry.view;
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

  decisions(fault?: string): readonly FaultDecision[] {
    return this.#decisions.list(fault);
  }

  catalog() {
    return faultCatalog;
  }

  dispose(): void {
    for (const entry of this.#entries.values()) this.#drop(entry);
    this.active = false;
    this.#services.close();
  }

  async #prepare(spec: FaultSpec, acts: (spec: CheckedSpec) => boolean = () => true): Promise<CheckedSpec> {
    const checked = checkSpec(spec, this.#options.functions(), this.#options.platform);
    if (!acts(checked)) {
      const hint = 'Add it as a fault; a request brings along those that act on its invocation.';
      throw new FaultlineError('FAULT_INVALID', `${checked.kindName} does not act on a single invocation`, { hint });
    }
    await checked.kind.prepare?.(this.#services);
    return checked;
  }

  get #surroundings(): Surroundings {
    return { clock: this.#options.clock, service: (service) => this.#services.use(service) };
  }

  #entry(id: string, spec: CheckedSpec): Entry {
    return new Entry(id, spec, this.#options.clock, this.#options.seed, (decision) => this.#decisions.add(decision));
  }

  #admits(entry: Entry, subject: FaultSubject, event: () => unknown, acts: (spec: CheckedSpec) => boolean): boolean {
    if (!entry.lease || !acts(entry.spec) || !entry.matchesFunction(subject.function)) return false;
    if (entry.spec.unreached.some((each) => each.function === subject.function)) return false;
    return entry.matcher.admits(subject, event);
  }

  /** Faults of one request: they end with it, and nobody else meets them. */
  #ofRequest({ faults }: RequestFaults, subject: FaultSubject): PlannedFault[] {
    return faults.flatMap((checked, i) => {
      const entry = this.#entry(`request-${String(i + 1)}`, checked);
      const never = { cancel: () => undefined };
      entry.lease = { until: Infinity, timer: never, ended: sharedAbort(), from: this.#options.clock.now() };
      return entry.decide(subject) ?? [];
    });
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
    const before = entry.lease;
    if (!before) {
      entry.since = now;
      this.#periods.begin({ id: entry.id, kind, ...(target === undefined ? {} : { function: target }) }, now);
    }
    entry.lease = {
      until: now + durationMs,
      timer,
      ended: before?.ended ?? sharedAbort(),
      from: before?.from ?? now,
      ...(before?.stopBackground ? { stopBackground: before.stopBackground } : {}),
    };
    if (!before) this.#startBackground(entry);
  }

  #startBackground(entry: Entry): void {
    const { kind, params, dryRun, unreached } = entry.spec;
    if (!kind.background || !entry.lease) return;
    const { clock, functions, instances, log } = this.#options;
    const reached = (name: string): boolean =>
      entry.matchesFunction(name) && !unreached.some((each) => each.function === name);
    entry.lease.stopBackground = kind.background(params, {
      fault: entry.id,
      clock,
      draw: (...what) => entry.draw(...what),
      targets: () =>
        functions()
          .filter(({ name }) => reached(name))
          .map(({ name }) => ({ function: name, instances: (instances?.(name) ?? []).map(dryRun ? untouched : same) })),
      hit: () => {
        entry.matched++;
        entry.injected++;
        this.#options.onChange?.();
      },
      log: (message) => log?.(dryRun ? `dry run, nothing is done: ${message}` : message),
    });
  }

  #switchOff(entry: Entry): void {
    const { lease } = entry;
    if (!lease) return;
    delete entry.lease;
    lease.timer.cancel();
    lease.stopBackground?.();
    this.#periods.end(entry.id, this.#options.clock.now());
    lease.ended.abort();
    entry.forget();
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

const same = (instance: InstanceControl): InstanceControl => instance;

/** For a dry run: one that may be looked at. */
function untouched({ id, pid, state }: InstanceControl): InstanceControl {
  const nothing = (): undefined => undefined;
  return { id, pid, ...(state === undefined ? {} : { state }), pause: nothing, resume: nothing, kill: nothing };
}

/** The event, parsed when a fault first asks for it; what is no JSON matches nothing. */
function lazyEvent({ payload }: FaultSubject): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => (parsed ??= { value: parse(payload) }).value;
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString()) as unknown;
  } catch {
    return undefined;
  }
}
