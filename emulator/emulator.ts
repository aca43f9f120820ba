import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { delay, systemClock } from './clock.js';
import { loadConfig } from './config/index.js';
import type { LogEvent } from './contract/control.js';
import type { FaultSpec } from './contract/faults.js';
import type { Emulator, StartOptions } from './contract/library.js';
import { createBackend } from './backend.js';
import { createControl } from './control/index.js';
import { createDispatcher } from './dispatch/index.js';
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

  const backend = createBackend({
    clock,
    workspace: space,
    telemetry,
    faults,
    dispatcher,
    root,
    seed,
    gateway: gatewayAt.url,
    startedAt,
    log,
  });
  const control = createControl({
    backend: { ...backend, shutdown: () => void stop(), onChange: changed.on, onLog: logged.on },
    token,
    clock,
    webviewDir,
  });

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
      invoke: (name, event) => backend.run(name, event, 'library'),
      snapshot: backend.snapshot,
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
