import { delay, type Clock } from '../clock.js';
import type { FaultHit } from '../contract/faults.js';
import type { DeliveryFault, DeliveryFaults, FaultSubject } from '../faults/types.js';
import { sharedAbort } from '../signal.js';
import type { Poison } from './spoil.js';
import { ReorderWindow, type Reordered } from './transit-window.js';

/*
 * What faults do to events and messages between their queue and their handler:
 *
 *   received ──┬── lost: gone, as if handled
 *              └── spoilt ── held until it is late enough ── held until its window is full ── handed over
 *                                                                                                └── again: copies
 *
 * What is held is leased for as long, and is in memory: a fault that ends lets it go on at once, an emulator that ends puts
 * it back, and one that is killed leaves it to its lease. Whatever waits for the copies is only dropped, since they are copies.
 */

/** What is on its way. */
export interface Passenger {
  /** What faults did to it so far. */
  readonly hits?: readonly FaultHit[];
  /** It is delivered once more: what becomes of it changes nothing. */
  readonly copy?: true;
}

export interface TransitParts<T extends Passenger> {
  readonly clock: Clock;
  readonly faults: DeliveryFaults;
  /** For the record: `delivery from queue jobs`. */
  readonly where: string;
  subject(item: T): FaultSubject;
  /** Whether each is an invocation by itself. */
  alone(): boolean;
  /** It is to be gone. */
  lose(item: T): void;
  spoil(item: T, poison: Poison): T;
  /** They are to be handed over now, in this order. */
  due(items: readonly T[]): void;
}

/** So many are held at most; while there are, no more are to be received. */
export const MAX_HELD = 10_000;

/** What one item still has to go through. */
interface Stages {
  readonly late: readonly DeliveryFault[];
  readonly reorder: DeliveryFault | undefined;
  readonly duplicate: readonly DeliveryFault[];
}

interface Held<T> {
  /** As it will be handed over. */
  item: T;
  readonly stages: Stages;
}

/** From one queue to one function. */
export class Transit<T extends Passenger> {
  readonly #held = new Set<Held<T>>();
  /** By fault. */
  readonly #windows = new Map<string, ReorderWindow<Held<T>>>();
  readonly #stopping = sharedAbort();

  constructor(private readonly parts: TransitParts<T>) {}

  /** Whether no more are to be received for now. */
  get full(): boolean {
    return this.#held.size >= MAX_HELD;
  }

  /** Decides on what was received, in this order. @returns what goes on at once */
  pass(items: readonly T[]): readonly T[] {
    return this.parts.faults.active ? items.flatMap((item) => this.#pass(item)) : items;
  }

  /** Nothing more is handed over. @returns what was held, to be put back */
  stop(): readonly T[] {
    const held = Array.from(this.#held, ({ item }) => item);
    this.#held.clear();
    for (const window of this.#windows.values()) window.close();
    this.#stopping.abort();
    return held;
  }

  #pass(item: T): readonly T[] {
    const { faults } = this.parts;
    const subject = this.parts.subject(item);
    const planned = faults.planDelivery(subject);
    const acting = planned.filter(({ dryRun }) => !dryRun);
    const lost = acting.find(({ effect }) => effect.type === 'lost');
    if (lost) {
      lost.hit();
      for (const fault of planned) fault.release();
      this.parts.lose(item);
      return [];
    }
    if (this.parts.alone()) faults.announce(subject);
    if (planned.length === 0) return [item];
    let passing = item;
    for (const fault of planned) if (fault.dryRun) passing = this.#dryRun(passing, fault);
    for (const fault of acting) passing = this.#spoil(passing, fault);
    return this.#hold(passing, stagesOf(acting));
  }

  #dryRun(item: T, fault: DeliveryFault): T {
    fault.release();
    return this.#mark(item, fault, { dryRun: true });
  }

  #spoil(item: T, fault: DeliveryFault): T {
    if (fault.effect.type !== 'poison') return item;
    fault.hit();
    fault.release();
    return this.#mark(this.parts.spoil(item, fault.effect), fault, { saw: SPOILT[fault.effect.how] });
  }

  /** @returns it, unless it has to wait */
  #hold(item: T, stages: Stages): readonly T[] {
    if (stages.late.length === 0 && !stages.reorder) {
      this.#duplicate(item, stages.duplicate);
      return [item];
    }
    const held = { item, stages };
    this.#held.add(held);
    if (stages.late.length > 0) void this.#late(held);
    else this.#reorder(held);
    return [];
  }

  async #late(held: Held<T>): Promise<void> {
    const { clock } = this.parts;
    for (const fault of held.stages.late) {
      if (fault.effect.type !== 'late') continue;
      const from = clock.monotonic();
      fault.hit();
      await this.#wait(fault.effect.ms, fault);
      if (!this.#held.has(held)) return;
      held.item = this.#mark(held.item, fault, { saw: `+${String(Math.round(clock.monotonic() - from))} ms` });
      fault.release();
    }
    if (held.stages.reorder) this.#reorder(held);
    else this.#handOver([held]);
  }

  #reorder(held: Held<T>): void {
    const fault = held.stages.reorder;
    if (fault?.effect.type !== 'reordered') return;
    let window = this.#windows.get(fault.id);
    if (!window) {
      window = new ReorderWindow(this.parts.clock, (through) => this.#reordered(through));
      this.#windows.set(fault.id, window);
    }
    window.add(held, fault, fault.effect);
  }

  #reordered(through: readonly Reordered<Held<T>>[]): void {
    for (const { item: held, fault, saw } of through) {
      fault.release();
      if (saw === undefined) continue;
      fault.hit();
      held.item = this.#mark(held.item, fault, { saw });
    }
    this.#handOver(through.map(({ item }) => item));
  }

  #handOver(all: readonly Held<T>[]): void {
    for (const held of all) this.#held.delete(held);
    this.parts.due(all.map(({ item }) => item));
    for (const { item, stages } of all) this.#duplicate(item, stages.duplicate);
  }

  #duplicate(item: T, faults: readonly DeliveryFault[]): void {
    for (const fault of faults) void this.#copies(item, fault);
  }

  async #copies(item: T, fault: DeliveryFault): Promise<void> {
    if (fault.effect.type !== 'duplicate') return;
    const { copies, afterMs } = fault.effect;
    for (let n = 1; n <= copies; n++) {
      if (!(await this.#wait(afterMs, fault))) break;
      if (n === 1) fault.hit();
      const copy = { ...this.#mark(item, fault, { saw: `copy ${String(n)} of ${String(copies)}` }), copy: true };
      this.parts.due([copy]);
    }
    fault.release();
  }

  /** @returns false when the fault or the transit has ended meanwhile */
  #wait(ms: number, fault: DeliveryFault): Promise<boolean> {
    return delay(this.parts.clock, ms, AbortSignal.any([fault.ended, this.#stopping.signal]));
  }

  #mark(item: T, { id, kind }: DeliveryFault, seen: Pick<FaultHit, 'saw' | 'dryRun'>): T {
    const hit: FaultHit = { fault: id, kind, where: this.parts.where, ...seen };
    return { ...item, hits: [...(item.hits ?? []), hit] };
  }
}

const SPOILT = { truncated: 'cut', garbage: 'garbage', empty: 'nothing in it' };

/** Of several that reorder, the oldest does. */
function stagesOf(faults: readonly DeliveryFault[]): Stages {
  const of = (type: DeliveryFault['effect']['type']) => faults.filter(({ effect }) => effect.type === type);
  const [reorder, ...others] = of('reordered');
  for (const fault of others) fault.release();
  return { late: of('late'), reorder, duplicate: of('duplicate') };
}

/** What faults did to all of them, each fault once. */
export function hitsOf(items: readonly Passenger[]): readonly FaultHit[] | undefined {
  const byFault = new Map<string, FaultHit[]>();
  for (const { hits = [] } of items)
    for (const hit of hits) byFault.set(hit.fault, [...(byFault.get(hit.fault) ?? []), hit]);
  if (byFault.size === 0) return undefined;
  const of = `of ${String(items.length)}`;
  return Array.from(byFault.values(), (same) => {
    const [first] = same as [FaultHit];
    if (items.length === 1) return first;
    const saw = [...new Set(same.flatMap((hit) => hit.saw ?? []))].slice(0, 3).join('; ');
    return { ...first, where: `${first.where ?? ''}: ${String(same.length)} ${of}`, ...(saw === '' ? {} : { saw }) };
  });
}
