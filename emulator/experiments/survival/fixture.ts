import { delay, type Clock } from '../../clock.js';
import type { Fault, FaultSpec } from '../../contract/faults.js';
import type { Emulator } from '../../contract/library.js';
import type { InvocationRecord } from '../../contract/records.js';
import type { Snapshot } from '../../contract/snapshot.js';
import type { VirtualClock } from '../../../test/support/virtual-clock.js';

/** An emulator without processes, in virtual time: one function `api` behind `POST /api`. Only tests import it. */

export interface FakeReply {
  readonly status?: number;
  readonly ms?: number;
  readonly body?: string;
  /** fetch rejects with this code. */
  readonly breaks?: string;
  /** The faults that are on do not fire for this call. */
  readonly spared?: boolean;
}

export interface Fake {
  readonly emulator: Emulator;
  /** Ids of the faults that are on. */
  readonly on: () => readonly string[];
  /** What was asked for, one line a call: `POST /api [status-1]`. */
  readonly calls: readonly string[];
}

export function fakeEmulator(
  clock: Clock,
  reply: (state: { readonly call: number; readonly faultOn: boolean }) => FakeReply,
): Fake {
  const faults = new Map<string, Fault>();
  const records: InvocationRecord[] = [];
  const calls: string[] = [];
  let added = 0;

  const answer = async (
    what: string,
    signal?: AbortSignal | null,
  ): Promise<Required<Pick<FakeReply, 'status' | 'body'>>> => {
    const ids = [...faults.keys()];
    calls.push(`${what} [${ids.join(' ')}]`);
    const { status = 200, ms = 5, body = '', breaks, spared } = reply({ call: calls.length, faultOn: ids.length > 0 });
    if (!spared) for (const [id, fault] of faults) faults.set(id, { ...fault, injected: fault.injected + 1 });
    for (const [id, fault] of faults) faults.set(id, { ...fault, matched: fault.matched + 1 });
    const hits = spared
      ? []
      : ids.map((id) => ({ fault: id, kind: 'status', where: 'before the handler', saw: '503' }));
    records.unshift({ requestId: `r${calls.length}`, attempt: 1, function: 'api', faults: hits } as never);
    if (!(await delay(clock, ms, signal ?? undefined))) throw new Error('aborted');
    if (breaks !== undefined) throw Object.assign(new TypeError('fetch failed'), { cause: { code: breaks } });
    return { status, body };
  };

  const add = async (spec: FaultSpec): Promise<Fault> => {
    const id = `${spec.kind}-${String(++added)}`;
    const fault = { id, kind: spec.kind, matched: 0, injected: 0, summary: 'answers 503' };
    faults.set(id, { ...fault, ...(spec.function ? { function: spec.function } : {}) } as Fault);
    return { ...faults.get(id) } as Fault;
  };
  const remove = async (id: string): Promise<Fault> => {
    const last = faults.get(id);
    if (!last) throw new Error(`no ${id}`);
    faults.delete(id);
    return last;
  };
  const emulator = {
    seed: '7',
    faults: { add, remove },
    invocations: () => [...records],
    fetch: async (path: string, init?: RequestInit) => {
      const { status, body } = await answer(`${init?.method ?? 'GET'} ${path}`, init?.signal);
      return { status, text: async () => body };
    },
    invoke: async (name: string) => {
      const { status, body } = await answer(name);
      if (status < 500) return { ok: true, payload: { statusCode: status } };
      return { ok: false, payload: { errorType: 'Error', errorMessage: body } };
    },
    snapshot: () =>
      ({
        functions: [{ name: 'api', timeoutMs: 3_000, routes: [{ method: 'POST', path: '/api' }] }],
      }) as unknown as Snapshot,
  };
  return { emulator: emulator as unknown as Emulator, on: () => [...faults.keys()], calls };
}

/** Lets virtual time pass until the promise settles. */
export async function drive<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = (): void => void (settled = true);
  promise.then(mark, mark);
  while (!settled) await clock.advance(5);
  return promise;
}
