import type { Clock } from '../../../emulator/clock.js';
import { delay } from '../../../emulator/clock.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { Fault, FaultDecision, FaultPeriod, FaultSpec } from '../../../emulator/contract/faults.js';
import type { InvocationRecord } from '../../../emulator/contract/records.js';
import type { Emulator, StartOptions } from '../../../emulator/contract/library.js';
import type { FunctionSnapshot, Snapshot } from '../../../emulator/contract/snapshot.js';
import type { VirtualClock } from '../../support/virtual-clock.js';

/** How the one function of the fake answers. */
export type Behaviour = (state: { readonly call: number; readonly faultOn: boolean }) => {
  readonly status?: number;
  readonly ms?: number;
  /** Never answers. */
  readonly hangs?: boolean;
  /** How often a handler is invoked with it; once when absent. */
  readonly runs?: number;
  /** What the answer is, as JSON. */
  readonly body?: unknown;
};

/** What the fake tells beside answers. */
export interface FakeFacts {
  /** Memory of its one instance at a time, MB. */
  readonly memoryMb?: (at: number) => number;
  readonly metrics?: string;
}

/** An emulator without processes: one function `api` behind `POST /api`, in virtual time. */
export class FakeEmulator {
  readonly calls: { readonly at: number; readonly faultOn: boolean }[] = [];
  readonly events: string[] = [];
  started: StartOptions | undefined;
  stopped = 0;
  inFlight = 0;
  /** Calls back for each line of a log. */
  print: ((text: string) => void) | undefined;
  private readonly faults = new Map<string, { spec: FaultSpec; on: boolean; injected: number }>();
  private readonly periods: FaultPeriod[] = [];
  private readonly records: InvocationRecord[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly behaviour: Behaviour = () => ({}),
    private readonly file = 'handlers/api.mjs',
    private readonly facts: FakeFacts = {},
  ) {}

  readonly start = async (options: StartOptions): Promise<Emulator> => {
    this.started = options;
    return this.emulator();
  };

  private emulator(): Emulator {
    const stop = async (): Promise<void> => void this.stopped++;
    return {
      url: 'http://127.0.0.1:1',
      control: { url: 'http://127.0.0.1:2', token: 't' },
      seed: String(this.started?.seed),
      faults: {
        add: async (spec) => this.add(spec),
        list: async () => [...this.faults.keys()].map((id) => this.fault(id)),
        setEnabled: async (id, on) => {
          const fault = this.faults.get(id);
          if (fault && fault.on !== on) this.events.push(`${id} ${on ? 'on' : 'off'} with ${this.inFlight} in flight`);
          if (fault && fault.on !== on) this.period(id, fault.spec.kind, on);
          if (fault) fault.on = on;
          return this.fault(id);
        },
        remove: async (id) => this.fault(id),
        clear: async () => {
          this.events.push('clear');
          return 0;
        },
        decisions: async () => this.decisions(),
        periods: async () => this.periods,
      },
      invocations: ({ limit } = {}) => this.records.slice(-(limit ?? 500)).reverse(),
      invocation: () => undefined,
      events: async ({ onLog, signal }) => {
        const at = 0;
        this.print = (text) => onLog?.({ function: 'api', instance: 'i1', at, text });
        signal?.addEventListener('abort', () => (this.print = undefined));
      },
      fetch: async (_path, init) => {
        const { status, id, body } = await this.call(init?.signal ?? undefined);
        return new Response(JSON.stringify(body), { status, headers: { 'apigw-requestid': id } });
      },
      invoke: async () => {
        const { status, id } = await this.call();
        const payload = status === 500 ? { errorType: 'Error' } : { statusCode: status };
        return { requestId: id, ok: status !== 500, payload, record: undefined as never };
      },
      snapshot: () => ({ functions: [this.function()], queues: [] }) as unknown as Snapshot,
      metrics: async () => this.facts.metrics ?? '',
      closed: new Promise(() => undefined),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  }

  private async call(signal?: AbortSignal): Promise<{ status: number; id: string; body: unknown }> {
    const faultOn = [...this.faults.values()].some((fault) => fault.on);
    for (const fault of this.faults.values()) if (fault.on) fault.injected++;
    this.calls.push({ at: this.clock.monotonic(), faultOn });
    const call = this.calls.length;
    const id = `r${call}`;
    const { status = 200, ms = 0, hangs = false, runs = 1, body = {} } = this.behaviour({ call, faultOn });
    this.inFlight++;
    const arrived = await delay(this.clock, hangs ? 1e9 : ms, signal);
    this.inFlight--;
    if (!arrived) throw new Error('aborted');
    for (let i = 0; i < runs; i++) this.record(id, faultOn);
    return { status, id, body };
  }

  private record(requestId: string, faultOn: boolean): void {
    const hits = [...this.faults].filter(([, { on }]) => on && faultOn);
    this.records.push({
      requestId,
      function: 'api',
      source: 'http',
      number: this.records.length + 1,
      attempt: 1,
      at: this.clock.now(),
      queueMs: 0,
      durationMs: 1,
      memoryMb: 128,
      faults: hits.map(([fault, { spec }]) => ({ fault, kind: spec.kind, where: 'before the handler' })),
      operations: [],
    });
  }

  private decisions(): FaultDecision[] {
    return this.records.flatMap(({ faults, number, attempt, requestId }) =>
      faults.map(({ fault }) => ({
        fault,
        function: 'api',
        number,
        attempt,
        requestId,
        hit: true,
        by: 'share' as const,
      })),
    );
  }

  private period(fault: string, kind: string, on: boolean): void {
    if (on) this.periods.push({ fault, kind, from: this.clock.now() });
    else this.periods.push({ ...(this.periods.pop() ?? { fault, kind, from: 0 }), to: this.clock.now() });
  }

  private add(spec: FaultSpec): Fault {
    if (!['latency', 'status'].includes(spec.kind))
      throw new FaultlineError('FAULT_INVALID', `There is no fault kind "${spec.kind}"`, { place: { key: 'kind' } });
    const id = `${spec.kind}-${this.faults.size + 1}`;
    this.faults.set(id, { spec, on: spec.enabled ?? true, injected: 0 });
    return this.fault(id);
  }

  private fault(id: string): Fault {
    const fault = this.faults.get(id);
    return {
      id,
      kind: fault?.spec.kind ?? '',
      params: {},
      ...(fault?.spec.dryRun ? { dryRun: true } : {}),
      rate: 100,
      enabled: fault?.on ?? false,
      since: 0,
      durationMs: 1,
      matched: fault?.injected ?? 0,
      injected: fault?.injected ?? 0,
      summary: `summary of ${id}`,
      ...(fault?.spec.function === undefined ? {} : { function: fault.spec.function }),
    };
  }

  private function(): FunctionSnapshot {
    const routes = [{ method: 'POST', path: '/api' }];
    const { memoryMb } = this.facts;
    const instances = memoryMb ? [{ id: 'i1', memoryMb: memoryMb(this.clock.monotonic()) }] : [];
    const nothing = { pending: 0, succeeded: 0, failed: 0, expired: 0 };
    return {
      name: 'api',
      file: this.file,
      export: 'handler',
      timeoutMs: 3_000,
      routes,
      instances,
      async: nothing,
    } as unknown as FunctionSnapshot;
  }
}

/** Lets virtual time pass, and real file reads finish, until the promise settles. */
export async function drive<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = (): void => void (settled = true);
  promise.then(mark, mark);
  while (!settled) {
    await clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return promise;
}
