import { delay, type Clock } from '../clock.js';
import type { Check, Expectation, Phase } from '../contract/experiment.js';
import type { Emulator } from '../contract/library.js';
import type { InvocationRecord, InvocationSource } from '../contract/records.js';
import type { Snapshot } from '../contract/snapshot.js';
import { messagesOf } from './delivered-messages.js';
import type { RecordWatch } from './record-watch.js';
import type { Sample } from './types.js';

/*
 * Whether deliveries were lost or doubled. What counts is what handlers were invoked with, by request id (of a queue: by message
 * id, read from the event), and whether they finished without an error:
 *
 *   the target's own function: every id that an answer of the load told. Lost: no invocation with it finished. An answer that
 *     told no id is lost too.
 *   another function, behind queues or asynchronous invocations: ids are those that came. Lost: accepted events that no
 *     invocation has finished, dead letters, and messages still in its queues.
 *
 * Doubled: more than one invocation with the same id finished. A retry after an error is none.
 */

type DeliveryExpectation = NonNullable<Expectation['delivery']>;

/** How often it is looked at whether everything has arrived, in ms. */
const EVERY_MS = 100;

const ASYNC: ReadonlySet<InvocationSource> = new Set(['sdk-async', 'schedule', 'destination', 'editor', 'experiment']);

export interface DeliveryParts {
  readonly clock: Clock;
  readonly emulator: Pick<Emulator, 'snapshot' | 'invocation'>;
  readonly records: RecordWatch;
  /** Functions that the target reaches itself. */
  readonly direct: readonly string[];
  readonly signal: AbortSignal;
}

interface Count {
  readonly lost: number;
  readonly duplicated: number;
  readonly sent: number;
  /** How many invocations there were. */
  readonly runs: number;
}

/** Follows the deliveries of one phase. */
export class DeliveryWatch {
  readonly #before: Snapshot;
  readonly #from: number;
  /** Message ids by the invocation that had them; undefined: its event is not remembered whole. */
  readonly #messages = new Map<InvocationRecord, readonly string[] | undefined>();

  constructor(private readonly parts: DeliveryParts) {
    this.#before = parts.emulator.snapshot();
    parts.records.read();
    this.#from = parts.records.records.length;
  }

  /** While the emulator still remembers its event. */
  saw(record: InvocationRecord): void {
    if (record.source !== 'queue') return;
    this.#messages.set(record, messagesOf(this.parts.emulator.invocation(record.requestId)));
  }

  /** Waits until everything has arrived, `within` at most, and counts. */
  async end(phase: Phase, expectation: DeliveryExpectation, samples: readonly Sample[]): Promise<Check> {
    const { clock, signal } = this.parts;
    const until = clock.monotonic() + expectation.within;
    let count = this.#count(expectation, samples);
    while (count.lost > 0 && clock.monotonic() < until && (await delay(clock, EVERY_MS, signal)))
      count = this.#count(expectation, samples);
    return this.#check(phase, expectation, count);
  }

  #check(phase: Phase, { lost, duplicated }: DeliveryExpectation, count: Count): Check {
    const { sent, runs } = count;
    const unreadable = [...this.#messages.values()].filter((ids) => ids === undefined).length;
    const untold = this.parts.records.missed
      ? '; more invocations than the emulator remembers: send fewer a second'
      : unreadable > 0
        ? `; ${unreadable} batches are too large to read`
        : '';
    return {
      phase,
      type: 'delivery',
      expectation: `at most ${lost} lost and ${duplicated} doubled deliveries`,
      measured: `${count.lost} lost, ${count.duplicated} doubled of ${sent} (${runs} invocations)${untold}`,
      passed: count.lost <= lost && count.duplicated <= duplicated && untold === '',
    };
  }

  #count({ function: given }: DeliveryExpectation, samples: readonly Sample[]): Count {
    this.parts.records.read();
    const names = given === undefined ? this.parts.direct : [given];
    const records = this.parts.records.records.slice(this.#from).filter((record) => names.includes(record.function));
    const finished = this.#finishedById(records);
    const runs = records.length;
    if (names.every((name) => this.parts.direct.includes(name))) {
      const ids = samples.map(({ id }) => id);
      const times = ids.map((id) => (id === undefined ? 0 : (finished.get(id) ?? 0)));
      return { sent: ids.length, lost: times.filter((n) => n === 0).length, duplicated: doubled(times), runs };
    }
    const times = [...finished.values()];
    const lost = this.#lostOnTheWay(names, records);
    return { sent: times.length + lost, lost, duplicated: doubled(times), runs };
  }

  #finishedById(records: readonly InvocationRecord[]): ReadonlyMap<string, number> {
    const finished = new Map<string, number>();
    const one = (id: string): void => void finished.set(id, (finished.get(id) ?? 0) + 1);
    for (const record of records) {
      if (record.error) continue;
      if (record.source === 'queue') for (const id of this.#messages.get(record) ?? []) one(id);
      else one(record.requestId);
    }
    return finished;
  }

  /** Of what was accepted since the phase began. */
  #lostOnTheWay(names: readonly string[], records: readonly InvocationRecord[]): number {
    const now = this.parts.emulator.snapshot();
    const accepted = acceptedBy(names, now) - acceptedBy(names, this.#before);
    const asynchronous = records.filter(({ source, error }) => ASYNC.has(source) && !error);
    const arrived = new Set(asynchronous.map(({ requestId }) => requestId)).size;
    const left = waitingIn(names, now) - waitingIn(names, this.#before);
    return Math.max(0, accepted - arrived) + Math.max(0, left);
  }
}

const doubled = (times: readonly number[]): number => times.filter((n) => n > 1).length;

function acceptedBy(names: readonly string[], { functions }: Snapshot): number {
  return functions
    .filter(({ name }) => names.includes(name))
    .reduce(
      (sum, { async: { pending, succeeded, failed, expired } }) => sum + pending + succeeded + failed + expired,
      0,
    );
}

/** Messages in the queues of the functions, and in those that take their dead letters. */
function waitingIn(names: readonly string[], { queues }: Snapshot): number {
  const own = queues.filter(({ functions }) => functions.some((name) => names.includes(name)));
  const dead = queues.filter(({ deadLetterOf }) => own.some(({ name }) => deadLetterOf.includes(name)));
  return [...new Set([...own, ...dead])].reduce(
    (sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed,
    0,
  );
}
