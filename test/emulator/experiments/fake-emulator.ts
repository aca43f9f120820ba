import type { Clock } from '../../../emulator/clock.js';
import { delay } from '../../../emulator/clock.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { Fault, FaultSpec } from '../../../emulator/contract/faults.js';
import type { Emulator, StartOptions } from '../../../emulator/contract/library.js';
import type { FunctionSnapshot, Snapshot } from '../../../emulator/contract/snapshot.js';
import type { VirtualClock } from '../../support/virtual-clock.js';

/** How the one function of the fake answers. */
export type Behaviour = (state: { readonly call: number; readonly faultOn: boolean }) => {
  readonly status?: number;
  readonly ms?: number;
  /** Never answers. */
  readonly hangs?: boolean;
};

/** An emulator without processes: one function `api` behind `POST /api`, in virtual time. */
export class FakeEmulator {
  readonly calls: { readonly at: number; readonly faultOn: boolean }[] = [];
  readonly events: string[] = [];
  started: StartOptions | undefined;
  stopped = 0;
  inFlight = 0;
  private readonly faults = new Map<string, { spec: FaultSpec; on: boolean; injected: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly behaviour: Behaviour = () => ({}),
    private readonly file = 'handlers/api.mjs',
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
          if (fault) fault.on = on;
          return this.fault(id);
        },
        remove: async (id) => this.fault(id),
        clear: async () => {
          this.events.push('clear');
          return 0;
        },
        decisions: async () => [],
        periods: async () => [],
      },
      invocations: () => [],
      invocation: () => undefined,
      events: () => Promise.resolve(),
      fetch: async (_path, init) => {
        const { status } = await this.call(init?.signal ?? undefined);
        return { status, arrayBuffer: async () => new ArrayBuffer(0) } as Response;
      },
      invoke: async () => {
        const { status } = await this.call();
        const payload = status === 500 ? { errorType: 'Error' } : { statusCode: status };
        return { requestId: 'r', ok: status !== 500, payload, record: undefined as never };
      },
      snapshot: () => ({ functions: [this.function()] }) as unknown as Snapshot,
      metrics: async () => '',
      closed: new Promise(() => undefined),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  }

  private async call(signal?: AbortSignal): Promise<{ status: number }> {
    const faultOn = [...this.faults.values()].some((fault) => fault.on);
    for (const fault of this.faults.values()) if (fault.on) fault.injected++;
    this.calls.push({ at: this.clock.monotonic(), faultOn });
    const { status = 200, ms = 0, hangs = false } = this.behaviour({ call: this.calls.length, faultOn });
    this.inFlight++;
    const arrived = await delay(this.clock, hangs ? 1e9 : ms, signal);
    this.inFlight--;
    if (!arrived) throw new Error('aborted');
    return { status };
  }

  private add(spec: FaultSpec): Fault {
    if (spec.kind !== 'latency' && spec.kind !== 'status')
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
    return { name: 'api', file: this.file, export: 'handler', timeoutMs: 3_000, routes } as unknown as FunctionSnapshot;
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
