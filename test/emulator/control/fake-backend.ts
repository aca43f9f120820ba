import type { Clock } from '../../../emulator/clock.js';
import { systemClock } from '../../../emulator/clock.js';
import { createControl } from '../../../emulator/control/index.js';
import type { ControlBackend, ControlServer } from '../../../emulator/control/types.js';
import type { Catalog } from '../../../emulator/contract/catalog.js';
import type { LogEvent } from '../../../emulator/contract/control.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { Fault, FaultSpec } from '../../../emulator/contract/faults.js';
import type { InvocationDetail } from '../../../emulator/contract/records.js';
import type { FunctionSnapshot, Snapshot } from '../../../emulator/contract/snapshot.js';

/** A backend that remembers faults and one invocation: what the control API needs to be talked to. */
export class FakeBackend implements ControlBackend {
  readonly list: Fault[] = [];
  readonly changeListeners = new Set<() => void>();
  readonly logListeners = new Set<(event: LogEvent) => void>();
  snapshots = 0;
  shutdowns = 0;
  /** Last arguments of calls, by name. */
  readonly seen: Record<string, unknown> = {};
  functions: FunctionSnapshot[] = [functionOf('stock')];
  detail: InvocationDetail = detailOf('r1');

  catalog(): Catalog {
    return { faults: [LATENCY], policies: [] };
  }

  snapshot(): Snapshot {
    return {
      sequence: ++this.snapshots,
      at: 0,
      startedAt: 0,
      root: '/workspace',
      configFile: '/workspace/faultline.yaml',
      seed: '7',
      gateway: 'http://127.0.0.1:1',
      functions: this.functions,
      queues: [],
      timeScale: 1,
      faults: this.list,
    };
  }

  series(seconds: number) {
    this.seen['series'] = seconds;
    return { functions: {}, periods: [] };
  }

  readonly faults = {
    addPrepared: async (spec: FaultSpec): Promise<Fault> => {
      this.seen['add'] = spec;
      if (spec.kind !== 'latency') {
        throw new FaultlineError('FAULT_INVALID', `There is no fault kind "${spec.kind}"`, { place: { key: 'kind' } });
      }
      const fault = faultOf(`latency-${String(this.list.length + 1)}`, spec);
      this.list.push(fault);
      return fault;
    },
    decisions: () => [],
    list: (): readonly Fault[] => this.list,
    setEnabled: (id: string, enabled: boolean): Fault => ({ ...this.#find(id), enabled }),
    remove: (id: string): Fault => {
      const fault = this.#find(id);
      this.list.splice(this.list.indexOf(fault), 1);
      return fault;
    },
    clear: (): number => this.list.splice(0).length,
  };

  #find(id: string): Fault {
    const fault = this.list.find((one) => one.id === id);
    if (fault) return fault;
    throw new FaultlineError('FAULT_NOT_FOUND', `there is no fault ${id}`);
  }

  invoke: ControlBackend['invoke'] = async (body) => {
    this.seen['invoke'] = body;
    if (body.function !== 'stock') {
      throw new FaultlineError('FUNCTION_NOT_FOUND', `there is no function ${body.function}`);
    }
    if (body.async) return { requestId: 'r2', ok: true };
    const ok = this.detail.error === undefined;
    return { requestId: 'r1', ok, payload: JSON.parse(this.detail.payload) as unknown, record: this.detail };
  };

  prove: ControlBackend['prove'] = async (request) => {
    this.seen['prove'] = request;
    const text = 'While nothing was broken, stock answered 200 after 1 ms.';
    return { verdict: 'refuted', text, record: this.detail, decisions: [], seed: '7' };
  };

  invocations(functionName: string | undefined, limit: number) {
    this.seen['invocations'] = [functionName, limit];
    return [this.detail];
  }

  invocation(requestId: string) {
    return requestId === this.detail.requestId ? this.detail : undefined;
  }

  restart(functionName: string) {
    this.seen['restart'] = functionName;
    return Promise.resolve({ version: 2 });
  }

  shutdown(): void {
    this.shutdowns++;
  }

  metrics: ControlBackend['metrics'] = async () => ({ contentType: 'text/plain; version=0.0.4', text: '# none\n' });

  onChange(listener: () => void) {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  onLog(listener: (event: LogEvent) => void) {
    this.logListeners.add(listener);
    return () => this.logListeners.delete(listener);
  }

  change(): void {
    for (const listener of this.changeListeners) listener();
  }

  log(text: string): void {
    for (const listener of this.logListeners) listener({ function: 'stock', instance: 'i1', at: 0, text });
  }
}

const LATENCY: Catalog['faults'][number] = {
  kind: 'latency',
  group: 'answer',
  title: 'Latency',
  summary: 'The invocation takes longer.',
  params: {
    type: 'object',
    properties: {
      ms: { type: 'number', default: 800, description: 'Delay in ms' },
      hosts: { type: 'array', items: { type: 'string' }, default: [] },
      when: { type: 'string', enum: ['before', 'after'], default: 'before' },
    },
  },
  doc: 'faults/latency.md',
};

export function faultOf(id: string, spec: FaultSpec): Fault {
  return {
    id,
    kind: spec.kind,
    ...(spec.function === undefined ? {} : { function: spec.function }),
    params: spec.params ?? {},
    rate: spec.rate ?? 100,
    enabled: true,
    since: 0,
    durationMs: 1_000,
    matched: 0,
    injected: 0,
    summary: '+800 ms before the handler',
  };
}

export function functionOf(name: string, change: Partial<FunctionSnapshot> = {}): FunctionSnapshot {
  return {
    name,
    runtime: 'node',
    handler: `${name}.handler`,
    file: `/workspace/${name}.js`,
    export: 'handler',
    line: 2,
    timeoutMs: 3_000,
    memoryMb: 128,
    balancing: 'p2c',
    scaling: { min: 0, max: 10 },
    routes: [{ method: 'GET', path: `/${name}` }],
    schedules: [],
    async: { pending: 0, succeeded: 0, failed: 0, expired: 0 },
    version: 1,
    queued: 0,
    instances: [],
    figures: { rate: 0, errorShare: 0 },
    totals: { invocations: 0, errors: 0, coldStarts: 0 },
    recent: [],
    ...change,
  };
}

export function detailOf(requestId: string, change: Partial<InvocationDetail> = {}): InvocationDetail {
  return {
    requestId,
    function: 'stock',
    source: 'library',
    number: 1,
    attempt: 1,
    at: 0,
    queueMs: 0,
    durationMs: 3,
    memoryMb: 128,
    faults: [],
    operations: [],
    log: [`START RequestId: ${requestId} Version: $LATEST`, `END RequestId: ${requestId}`],
    event: '{}',
    payload: '{"left":3}',
    ...change,
  };
}

export interface FakeControl extends AsyncDisposable {
  readonly backend: FakeBackend;
  readonly server: ControlServer;
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

/** A real control server, on a free port, over a fake backend. */
export async function fakeControl(
  options: { clock?: Clock; host?: string; webviewDir?: string } = {},
): Promise<FakeControl> {
  const backend = new FakeBackend();
  const token = 'correct-horse';
  const { clock = systemClock, webviewDir = '/nowhere', host = '127.0.0.1' } = options;
  const server = createControl({ backend, token, clock, webviewDir });
  const { url, port } = await server.listen(0, host);
  return { backend, server, url, port, token, [Symbol.asyncDispose]: () => server.close() };
}
