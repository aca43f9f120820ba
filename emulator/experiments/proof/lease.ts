import { delay, type Clock } from '../../clock.js';
import type { Emulator } from '../../contract/library.js';
import type { FaultDecision } from '../../contract/faults.js';
import type { InvocationDetail } from '../../contract/records.js';

/** Where the gateway tells the id of the invocation. */
const REQUEST_ID = 'apigw-requestid';
const LOOK_EVERY_MS = 50;

/** An answer that a caller got, and whose invocation it was. */
interface Asked {
  readonly requestId: string;
  /** What the caller saw; absent for a direct invocation. */
  readonly status?: number;
}

/**
 * An emulator that somebody else runs, as an experiment sees it: it can be neither stopped nor cleared of other people's
 * faults, and it remembers what the experiment has asked.
 */
export interface Lease {
  readonly emulator: Emulator;
  /** Ids of the faults that were added through it. */
  readonly faults: ReadonlySet<string>;
  /**
   * The invocations that were asked for, in order. One that goes on after its caller was answered is waited for.
   * @param withinMs how long that may take
   */
  records(clock: Clock, withinMs: number, signal: AbortSignal): Promise<readonly InvocationDetail[]>;
  /** What the faults decided about these invocations. */
  decisions(records: readonly InvocationDetail[]): Promise<readonly FaultDecision[]>;
}

export function leaseOf(emulator: Emulator): Lease {
  const faults = new Set<string>();
  const asked: Asked[] = [];
  let kept: readonly FaultDecision[] = [];
  const decisions = async (): Promise<readonly FaultDecision[]> =>
    (kept = (await emulator.faults.decisions()).filter(({ fault }) => faults.has(fault)));
  return {
    faults,
    emulator: {
      url: emulator.url,
      control: emulator.control,
      seed: emulator.seed,
      closed: emulator.closed,
      faults: ownFaults(emulator, faults, decisions),
      async fetch(path, init) {
        const reply = await emulator.fetch(path, init);
        const requestId = reply.headers.get(REQUEST_ID);
        if (requestId !== null) asked.push({ requestId, status: reply.status });
        return reply;
      },
      async invoke(name, event) {
        const reply = await emulator.invoke(name, event);
        asked.push({ requestId: reply.requestId });
        return reply;
      },
      snapshot: () => emulator.snapshot(),
      invocations: (filter) => emulator.invocations(filter),
      invocation: (id) => emulator.invocation(id),
      events: (handlers) => emulator.events(handlers),
      metrics: () => emulator.metrics(),
      stop: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    records: (clock, withinMs, signal) => recordsOf(emulator, asked, { clock, withinMs, signal }),
    decisions: async (records) => {
      const ids = new Set(records.map(({ requestId }) => requestId));
      return kept.filter(({ requestId }) => ids.has(requestId));
    },
  };
}

function ownFaults(
  { faults }: Emulator,
  own: Set<string>,
  decisions: () => Promise<readonly FaultDecision[]>,
): Emulator['faults'] {
  return {
    ...faults,
    add: async (spec) => {
      const fault = await faults.add(spec);
      own.add(fault.id);
      return fault;
    },
    list: async () => (await faults.list()).filter(({ id }) => own.has(id)),
    decisions,
    clear: async () => {
      const mine = (await faults.list()).filter(({ id }) => own.has(id));
      for (const { id } of mine) await faults.remove(id);
      return mine.length;
    },
  };
}

async function recordsOf(
  emulator: Emulator,
  asked: readonly Asked[],
  { clock, withinMs, signal }: { clock: Clock; withinMs: number; signal: AbortSignal },
): Promise<readonly InvocationDetail[]> {
  const until = clock.monotonic() + withinMs;
  const found: InvocationDetail[] = [];
  for (const { requestId, status } of asked) {
    let record = emulator.invocation(requestId);
    while (record === undefined && clock.monotonic() < until && !signal.aborted) {
      await delay(clock, LOOK_EVERY_MS, signal);
      record = emulator.invocation(requestId);
    }
    if (record) found.push(status === undefined ? record : { ...record, status });
  }
  return found;
}
