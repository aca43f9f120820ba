import { randomUUID } from 'node:crypto';
import { policies } from './balancing/index.js';
import type { Clock } from './clock.js';
import type { Catalog } from './contract/catalog.js';
import type { InvokeBody, InvokeReply } from './contract/control.js';
import type { InvokeResult } from './contract/library.js';
import type { InvocationSource } from './contract/records.js';
import { RECENT_INVOCATIONS, type FunctionSnapshot, type SeriesReply, type Snapshot } from './contract/snapshot.js';
import type { FunctionConfig } from './contract/config.js';
import type { ControlBackend } from './control/types.js';
import type { Delivery } from './delivery/types.js';
import type { Dispatcher, Outcome } from './dispatch/types.js';
import type { FaultEngine } from './faults/types.js';
import type { Telemetry } from './telemetry/types.js';
import type { Workspace } from './workspace.js';

/** What the control API and the library serve, drawn from the rooms. */

export interface BackendParts {
  readonly clock: Clock;
  readonly workspace: Workspace;
  readonly telemetry: Telemetry;
  readonly faults: FaultEngine;
  readonly dispatcher: Dispatcher;
  readonly delivery: Delivery;
  /** How many times faster than the wall clock retries, ages and schedules run. */
  readonly timeScale: number;
  readonly root: string;
  readonly seed: string;
  /** Its URL, known once it listens. */
  gateway(): string;
  /** URL of a function that has one. */
  functionUrl(name: string): string | undefined;
  readonly startedAt: number;
}

export interface Backend extends Omit<ControlBackend, 'prove' | 'shutdown' | 'onChange' | 'onLog'> {
  /** A synchronous invocation with its record. */
  run(functionName: string, event: unknown, source: InvocationSource): Promise<InvokeResult>;
}

export function createBackend(parts: BackendParts): Backend {
  const { clock, workspace, telemetry, faults, dispatcher } = parts;
  let sequence = 0;
  return {
    faults,
    catalog: () => catalog(faults),
    snapshot: (): Snapshot => ({
      sequence: ++sequence,
      at: clock.now(),
      startedAt: parts.startedAt,
      root: parts.root,
      configFile: workspace.configFile,
      seed: parts.seed,
      gateway: parts.gateway(),
      functions: workspace.functions().flatMap((fn) => functionSnapshot(parts, fn)),
      queues: parts.delivery.queues(),
      timeScale: parts.timeScale,
      faults: faults.list(),
      ...(workspace.problem ? { problem: workspace.problem } : {}),
    }),
    series: (seconds): SeriesReply => ({
      functions: Object.fromEntries([
        ['*', telemetry.series(undefined, seconds)],
        ...workspace.names().map((name) => [name, telemetry.series(name, seconds)] as const),
      ]),
      periods: faults.periods(clock.now() - seconds * 1_000),
    }),
    invoke: (body) => (body.async ? invokeLater(parts, body) : invokeNow(parts, body)),
    run: async (name, event, source) =>
      toResult(telemetry, await dispatcher.invoke({ function: name, payload: toPayload(event), source })),
    invocations: (name, limit) => telemetry.recent(name, limit),
    invocation: (id) => telemetry.detail(id),
    restart: (name) => workspace.restart(name),
    metrics: () => telemetry.metrics(),
  };
}

function catalog(faults: FaultEngine): Catalog {
  return {
    faults: faults.catalog(),
    policies: Object.entries(policies).map(([name, { title, summary }]) => ({
      name,
      title,
      summary,
      doc: `balancing.md#${name}`,
    })),
  };
}

function functionSnapshot(parts: BackendParts, fn: FunctionConfig): FunctionSnapshot[] {
  const { workspace, telemetry, delivery } = parts;
  const pool = workspace.pool(fn.name)?.snapshot();
  if (!pool) return [];
  const url = parts.functionUrl(fn.name);
  return [
    {
      name: fn.name,
      ...(fn.description === undefined ? {} : { description: fn.description }),
      runtime: fn.runtime,
      handler: fn.handler,
      file: fn.file,
      export: fn.export,
      line: fn.line,
      timeoutMs: fn.timeoutMs,
      memoryMb: fn.memoryMb,
      balancing: fn.balancing,
      scaling: { min: fn.scaling.min, max: fn.scaling.max },
      routes: fn.routes,
      ...(url === undefined ? {} : { url }),
      schedules: delivery.schedules(fn.name),
      ...(fn.queues.length === 0 ? {} : { batchSize: Math.max(...fn.queues.map((each) => each.batchSize)) }),
      async: delivery.async(fn.name),
      version: pool.version,
      queued: pool.queued,
      instances: pool.instances,
      figures: telemetry.figures(fn.name),
      totals: { ...telemetry.totals(fn.name), coldStarts: pool.coldStarts },
      recent: telemetry.recent(fn.name, RECENT_INVOCATIONS),
      ...(pool.problem ? { problem: pool.problem } : {}),
    },
  ];
}

function toPayload(event: unknown): Buffer {
  return Buffer.from(JSON.stringify(event) ?? '{}');
}

/** A runtime of any other language may answer with what is no JSON, and so does a fault. */
function parsed(payload: Buffer): unknown {
  const text = payload.toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function toResult(telemetry: Telemetry, { requestId, result }: Outcome): InvokeResult {
  const record = telemetry.detail(requestId);
  if (!record) throw new Error(`the record of ${requestId} is gone`);
  return { requestId, ok: result.ok, payload: parsed(result.payload), record };
}

async function invokeNow({ dispatcher, telemetry }: BackendParts, body: InvokeBody): Promise<InvokeReply> {
  const request = {
    function: body.function,
    payload: toPayload(body.event),
    source: body.source ?? 'library',
    ...(body.debug ? { debug: true } : {}),
  };
  return toResult(telemetry, await dispatcher.invoke(request));
}

async function invokeLater({ delivery }: BackendParts, body: InvokeBody): Promise<InvokeReply> {
  const requestId = randomUUID();
  const source = body.source ?? 'library';
  await delivery.accept({ requestId, function: body.function, payload: toPayload(body.event), source });
  return { requestId, ok: true };
}
