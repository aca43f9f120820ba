import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { policies } from './balancing/index.js';
import { delay, systemClock } from './clock.js';
import { loadConfig } from './config/index.js';
import type { Catalog } from './contract/catalog.js';
import type { InvokeBody, InvokeReply, LogEvent } from './contract/control.js';
import type { FaultSpec } from './contract/faults.js';
import type { Emulator, InvokeResult, StartOptions } from './contract/library.js';
import { RECENT_INVOCATIONS, type SeriesReply, type Snapshot } from './contract/snapshot.js';
import { createControl } from './control/index.js';
import type { ControlBackend } from './control/types.js';
import { createDispatcher } from './dispatch/index.js';
import type { Outcome } from './dispatch/types.js';
import { createFaultEngine } from './faults/engine.js';
import { createGateway } from './gateway/index.js';
import { createReaper } from './instances/reaper.js';
import { createWatcher } from './instances/watcher.js';
import { findNode, findPython } from './interpreters.js';
import { webviewDir } from './paths.js';
import { claimStateFile } from './state-file.js';
import { createTelemetry } from './telemetry/index.js';
import { Workspace } from './workspace.js';

/** The composition root: the only file that wires the rooms. What each does is in its room. */

/** How long running invocations may go on once the emulator is asked to stop, in ms. */
const DRAIN_MS = 10_000;

/** Something that happened; listeners are told, nothing is kept. */
class Signal<T> {
  private readonly listeners = new Set<(value: T) => void>();
  readonly fire = (value: T): void => {
    for (const listener of this.listeners) listener(value);
  };
  readonly on = (listener: (value: T) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/**
 * Starts an emulator on a workspace.
 * @returns once both listeners are bound and every function is known; instances start on demand
 * @throws FaultlineError CONFIG_NOT_FOUND, CONFIG_INVALID, PORT_IN_USE, ALREADY_RUNNING
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const root = path.resolve(options.root ?? '.');
  const config = await loadConfig(root);
  const release = options.stateFile ? await claimStateFile(root) : undefined;
  try {
    return await assemble(root, config, options, release);
  } catch (error) {
    await release?.remove();
    throw error;
  }
}

async function assemble(
  root: string,
  config: Awaited<ReturnType<typeof loadConfig>>,
  options: StartOptions,
  stateFile: Awaited<ReturnType<typeof claimStateFile>> | undefined,
): Promise<Emulator> {
  const clock = systemClock;
  const log = options.log ?? (() => undefined);
  const host = options.host ?? '127.0.0.1';
  const seed = String(options.seed ?? randomBytes(4).readUInt32LE());
  const token = randomBytes(24).toString('base64url');
  const startedAt = clock.now();
  const changed = new Signal<void>();
  const logged = new Signal<LogEvent>();
  const buildDir = privateFolder(root);

  let workspace: Workspace | undefined;
  const names = (): readonly string[] => workspace?.names() ?? [];
  const telemetry = createTelemetry({
    clock,
    sources: {
      functions: () =>
        names().flatMap((name) => {
          const pool = workspace?.pool(name);
          return pool ? [{ name, ...pool.snapshot() }] : [];
        }),
    },
  });
  const faults = createFaultEngine({ clock, seed, functions: names, onChange: () => changed.fire() });
  const dispatcher = createDispatcher({
    clock,
    pools: (name) => workspace?.pool(name),
    names,
    functions: (name) => workspace?.function(name),
    faults,
    recorder: {
      invocation(record, event, payload) {
        telemetry.invocation(record, event, payload);
        changed.fire();
      },
    },
    newId: randomUUID,
  });
  const gateway = createGateway({ dispatcher, logTail: (id) => telemetry.logTail(id), clock, newId: randomUUID, log });
  const gatewayAt = await gateway.listen(options.port ?? 0, host);
  const reaper = createReaper({ tempDirs: [buildDir] });
  workspace = new Workspace({
    config,
    load: () => loadConfig(root),
    gateway: gatewayAt.url,
    seed,
    clock,
    reaper,
    buildDir,
    nodePath: findNode(process.env),
    pythonPath: findPython(root, process.env),
    hooks: {
      log(event) {
        telemetry.log(event);
        logged.fire(event);
      },
      changed: changed.fire,
    },
    setRoutes: (routes) => gateway.setRoutes(routes),
    log,
  });
  const space = workspace;
  telemetry.start();

  let sequence = 0;
  const snapshot = (): Snapshot => ({
    sequence: ++sequence,
    at: clock.now(),
    startedAt,
    root,
    configFile: space.config.file,
    seed,
    gateway: gatewayAt.url,
    functions: space.config.functions.flatMap((fn) => {
      const pool = space.pool(fn.name)?.snapshot();
      if (!pool) return [];
      const { routes, scaling, environment: _environment, ...plain } = fn;
      return [
        {
          ...plain,
          scaling: { min: scaling.min, max: scaling.max },
          routes,
          version: pool.version,
          queued: pool.queued,
          instances: pool.instances,
          figures: telemetry.figures(fn.name),
          totals: { ...telemetry.totals(fn.name), coldStarts: pool.coldStarts },
          recent: telemetry.recent(fn.name, RECENT_INVOCATIONS),
          ...(pool.problem ? { problem: pool.problem } : {}),
        },
      ];
    }),
    faults: faults.list(),
    ...(space.problem ? { problem: space.problem } : {}),
  });

  const invoke = async (body: InvokeBody): Promise<InvokeReply> => {
    const request = {
      function: body.function,
      payload: Buffer.from(JSON.stringify(body.event ?? {})),
      source: body.source ?? 'library',
    } as const;
    if (body.async) {
      const requestId = randomUUID();
      if (!dispatcher.has(body.function)) await dispatcher.invoke({ ...request, requestId });
      else void dispatcher.invoke({ ...request, requestId }).catch((error: unknown) => log(String(error)));
      return { requestId, ok: true };
    }
    return toReply(await dispatcher.invoke(request));
  };
  const toReply = ({ requestId, result }: Outcome): InvokeResult => {
    const detail = telemetry.detail(requestId);
    if (!detail) throw new Error(`the record of ${requestId} is gone`);
    return { requestId, ok: result.ok, payload: JSON.parse(result.payload.toString()) as unknown, record: detail };
  };
  const series = (seconds: number): SeriesReply => ({
    functions: Object.fromEntries([
      ['*', telemetry.series(undefined, seconds)],
      ...space.names().map((name) => [name, telemetry.series(name, seconds)] as const),
    ]),
    periods: faults.periods(clock.now() - seconds * 1_000),
  });

  const backend: ControlBackend = {
    catalog: (): Catalog => ({
      faults: faults.catalog(),
      policies: Object.entries(policies).map(([name, { title, summary }]) => ({
        name,
        title,
        summary,
        doc: `balancing.md#${name}`,
      })),
    }),
    snapshot,
    series,
    faults,
    invoke,
    invocations: (name, limit) => telemetry.recent(name, limit),
    invocation: (id) => telemetry.detail(id),
    restart: (name) => space.restart(name),
    shutdown: () => void stop(),
    metrics: async () => ({ contentType: telemetry.contentType, text: await telemetry.metrics() }),
    onChange: changed.on,
    onLog: logged.on,
  };
  const control = createControl({ backend, token, clock, webviewDir });

  let watcher: { close(): Promise<void> } | undefined;
  let closed: () => void = () => undefined;
  const whenClosed = new Promise<void>((resolve) => (closed = resolve));
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= shutDown().finally(closed));
  const shutDown = async (): Promise<void> => {
    await watcher?.close();
    await stateFile?.remove();
    const bound = new AbortController();
    const late = delay(clock, DRAIN_MS, bound.signal).then((passed) => (passed ? space.kill() : undefined));
    await Promise.all([gateway.close(), dispatcher.drain().then(() => space.drain())]);
    bound.abort();
    await late;
    await control.close();
    faults.dispose();
    telemetry.dispose();
    await reaper.dispose();
    rmSync(buildDir, { recursive: true, force: true });
  };

  try {
    const controlAt = await control.listen(options.controlPort ?? 0, host);
    if (options.watch) watcher = await createWatcher({ root, clock, onChange: (paths) => void space.changed(paths) });
    await stateFile?.write({ gateway: gatewayAt.url, control: controlAt.url, token, startedAt });
    return {
      url: gatewayAt.url,
      control: { url: controlAt.url, token },
      seed,
      faults: {
        add: async (spec: FaultSpec) => faults.add(spec),
        list: async () => faults.list(),
        setEnabled: async (id, enabled) => faults.setEnabled(id, enabled),
        remove: async (id) => faults.remove(id),
        clear: async () => faults.clear(),
      },
      fetch: (to, init) => fetch(new URL(to, gatewayAt.url), init),
      invoke: async (name, event) =>
        toReply(
          await dispatcher.invoke({
            function: name,
            payload: Buffer.from(JSON.stringify(event ?? {})),
            source: 'library',
          }),
        ),
      snapshot,
      metrics: () => telemetry.metrics(),
      closed: whenClosed,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `<root>/.faultline/build-<pid>-<n>`, kept out of version control; bundles go there. */
function privateFolder(root: string): string {
  const folder = path.join(root, '.faultline');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, '.gitignore'), '*\n');
  const build = path.join(folder, `build-${process.pid}-${randomBytes(3).toString('hex')}`);
  mkdirSync(build);
  return build;
}
