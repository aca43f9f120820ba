import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createBackend, type Backend } from './backend.js';
import { delay, systemClock } from './clock.js';
import { loadConfig } from './config/index.js';
import type { Config } from './contract/config.js';
import { FaultlineError } from './contract/errors.js';
import type { LogEvent } from './contract/control.js';
import type { FaultSpec } from './contract/faults.js';
import { STORE_PATTERN, type Emulator, type StartOptions } from './contract/library.js';
import { runtimeFacts } from './contract/runtimes.js';
import { createControl } from './control/index.js';
import { createDelivery } from './delivery/index.js';
import { openStore } from './delivery/stores/index.js';
import type { Delivery } from './delivery/types.js';
import { createDispatcher } from './dispatch/index.js';
import type { Prover } from './experiments/proof/prove.js';
import { createFaultEngine } from './faults/engine.js';
import { createGateway } from './gateway/index.js';
import { createReaper } from './instances/reaper.js';
import { createWatcher, type Watcher } from './instances/watcher.js';
import { findNode, findPython } from './interpreters.js';
import { createBuildFolder, webviewDir } from './paths.js';
import { claimStateFile, type StateClaim } from './state-file.js';
import { Pulse } from './pulse.js';
import { aborted, Signal } from './signal.js';
import { createTelemetry } from './telemetry/index.js';
import { createCloudWatch } from './telemetry/cloudwatch/index.js';
import { createXrayDaemon } from './telemetry/xray/daemon.js';
import { Workspace } from './workspace.js';

/** The composition root: the only file that wires the rooms. What each does is in its room. */

/** How long running invocations may go on once the emulator is asked to stop, in ms. */
const DRAIN_MS = 10_000;

/**
 * Starts an emulator on a workspace.
 * @returns once both listeners are bound and every function is known; instances start on demand
 * @throws FaultlineError CONFIG_NOT_FOUND, CONFIG_INVALID, USAGE, PORT_IN_USE, ALREADY_RUNNING, STORE_UNAVAILABLE
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const root = path.resolve(options.root ?? '.');
  checkOptions(options);
  const config = await loadConfig(root);
  const stateFile = options.stateFile ? await claimStateFile(root) : undefined;
  const emulator = new LocalEmulator(config, options, stateFile);
  try {
    await emulator.start();
    return emulator;
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

/** What SDKs in handlers read, so that their calls come back to this emulator. @param xray `host:port` */
function endpointVariables(gateway: string, xray: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_LAMBDA: gateway,
    AWS_ENDPOINT_URL_SQS: gateway,
    AWS_ENDPOINT_URL_CLOUDWATCH: gateway,
    AWS_XRAY_DAEMON_ADDRESS: xray,
  };
}

/** Lambda's name of the Node that handlers run on, where it is ours and so known. */
function nodeName(nodePath: string): string | undefined {
  return nodePath === process.execPath ? `nodejs${process.versions.node.split('.')[0] ?? ''}.x` : undefined;
}

function checkOptions({ timeScale = 1, store = 'memory' }: StartOptions): void {
  if (!(timeScale > 0 && timeScale <= 100_000))
    throw new FaultlineError('USAGE', `timeScale is ${String(timeScale)}`, {
      hint: 'give a factor above 0, up to 100000',
    });
  if (!STORE_PATTERN.test(store))
    throw new FaultlineError('USAGE', 'store is none of those that there are', {
      hint: 'give memory, file or redis://HOST:PORT',
    });
}

class LocalEmulator implements Emulator {
  readonly seed: string;
  readonly control = { url: '', token: randomBytes(24).toString('base64url') };
  readonly closed: Promise<void>;
  url = '';
  readonly #config: Config;
  readonly #options: StartOptions;
  readonly #stateFile: StateClaim | undefined;
  readonly #log: (message: string) => void;
  readonly #clock = systemClock;
  readonly #startedAt = systemClock.now();
  readonly #changed = new Signal<void>();
  readonly #logged = new Signal<LogEvent>();
  readonly #build: ReturnType<typeof createBuildFolder>;
  readonly #reaper: ReturnType<typeof createReaper>;
  readonly #workspace: Workspace;
  readonly #telemetry: ReturnType<typeof createTelemetry>;
  readonly #engine: ReturnType<typeof createFaultEngine>;
  readonly #dispatcher: ReturnType<typeof createDispatcher>;
  readonly #delivery: Delivery;
  readonly #xray: ReturnType<typeof createXrayDaemon>;
  readonly #timeScale: number;
  readonly #nodePath = findNode(process.env);
  readonly #gateway: ReturnType<typeof createGateway>;
  readonly #backend: Backend;
  readonly #controlServer: ReturnType<typeof createControl>;
  /** Of the config that serves. */
  #account: Config['account'];
  #faultHeader: boolean;
  #watcher: Watcher | undefined;
  #proving: Promise<Prover> | undefined;
  #stopping: Promise<void> | undefined;
  #close: () => void = () => undefined;

  constructor(config: Config, options: StartOptions, stateFile: StateClaim | undefined) {
    this.#config = config;
    this.#account = config.account;
    this.#faultHeader = options.faultHeader ?? config.faultHeader;
    this.#options = options;
    this.#stateFile = stateFile;
    this.#log = options.log ?? (() => undefined);
    this.seed = String(options.seed ?? randomBytes(4).readUInt32LE());
    this.#timeScale = options.timeScale ?? 1;
    this.closed = new Promise((resolve) => (this.#close = resolve));
    this.#build = createBuildFolder(config.root);
    this.#reaper = createReaper({ tempDirs: [this.#build.path] });
    this.#workspace = this.#createWorkspace();
    this.#telemetry = this.#createTelemetry();
    this.#engine = createFaultEngine({
      clock: this.#clock,
      seed: this.seed,
      functions: () =>
        this.#workspace.functions().map(({ name, runtime, routes }) => ({
          name,
          runtime,
          routes: routes.map(({ method, path: at }) => `${method} ${at}`),
        })),
      instances: (name) => this.#workspace.pool(name)?.controls() ?? [],
      onChange: this.#changed.fire,
      log: this.#log,
    });
    this.#dispatcher = this.#createDispatcher();
    this.#delivery = this.#createDelivery();
    this.#xray = createXrayDaemon({ onSegment: (document) => this.#telemetry.trace(document), log: this.#log });
    this.#gateway = this.#createGateway();
    this.#backend = this.#createBackend();
    this.#controlServer = this.#createControl();
  }

  async start(): Promise<void> {
    const { port = 0, controlPort = 0, host = '127.0.0.1', watch } = this.#options;
    this.url = (await this.#gateway.listen(port, host)).url;
    this.control.url = (await this.#controlServer.listen(controlPort, host)).url;
    // Environments name the gateway, so instances start only now.
    this.#workspace.open(this.#config, this.url, endpointVariables(this.url, await this.#xray.start()));
    await this.#delivery.open();
    this.#telemetry.start();
    if (watch)
      this.#watcher = await createWatcher({ root: this.#config.root, clock: this.#clock, onChange: this.#edited });
    const { url, token } = this.control;
    await this.#stateFile?.write({ gateway: this.url, control: url, token, startedAt: this.#startedAt });
  }

  readonly faults = {
    add: (spec: FaultSpec) => this.#engine.addPrepared(spec),
    list: async () => this.#engine.list(),
    setEnabled: async (id: string, enabled: boolean) => this.#engine.setEnabled(id, enabled),
    remove: async (id: string) => this.#engine.remove(id),
    clear: async () => this.#engine.clear(),
    decisions: async (fault?: string) => this.#engine.decisions(fault),
    periods: async (since: number) => this.#engine.periods(since),
  };

  fetch(to: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(to, this.url), init);
  }

  invoke(name: string, event?: unknown): ReturnType<Emulator['invoke']> {
    return this.#backend.run(name, event, 'library');
  }

  snapshot(): ReturnType<Emulator['snapshot']> {
    return this.#backend.snapshot();
  }

  invocations({ function: name, limit = Infinity }: Parameters<Emulator['invocations']>[0] = {}) {
    return this.#backend.invocations(name, limit);
  }

  invocation(requestId: string): ReturnType<Emulator['invocation']> {
    return this.#backend.invocation(requestId);
  }

  async events({ onSnapshot, onLog, signal }: Parameters<Emulator['events']>[0]): Promise<void> {
    if (signal?.aborted) return;
    const pulse = new Pulse({ snapshot: () => this.snapshot(), onChange: this.#changed.on }, this.#clock, (snapshot) =>
      onSnapshot?.(snapshot),
    );
    pulse.start();
    const stopLogs = this.#logged.on((event) => onLog?.(event));
    onSnapshot?.(pulse.take());
    await Promise.race([this.closed, ...(signal ? [aborted(signal)] : [])]);
    pulse.flush();
    pulse.stop();
    stopLogs();
  }

  async metrics(): Promise<string> {
    return (await this.#telemetry.metrics()).text;
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#shutDown().finally(this.#close));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  readonly #edited = (paths: readonly string[]): void => void this.#workspace.changed(paths);

  async #shutDown(): Promise<void> {
    await this.#watcher?.close();
    await this.#stateFile?.remove();
    // What they hold back is let go: an answer that comes late or drop by drop does not keep us.
    this.#engine.clear();
    const inTime = new AbortController();
    const late = delay(this.#clock, DRAIN_MS, inTime.signal).then((passed) =>
      passed ? this.#workspace.kill() : undefined,
    );
    // Its events first: what they run still goes through the dispatcher.
    const delivered = this.#delivery.drain();
    const ended = this.#dispatcher.drain().then(() => this.#workspace.drain());
    await Promise.all([this.#gateway.close(), delivered, ended]);
    inTime.abort();
    await late;
    await Promise.all([this.#controlServer.close(), this.#delivery.close(), this.#xray.stop()]);
    this.#engine.dispose();
    this.#telemetry.dispose();
    await this.#reaper.dispose();
    this.#build.remove();
  }

  #createWorkspace(): Workspace {
    const { root } = this.#config;
    return new Workspace({
      load: () => loadConfig(root),
      seed: this.seed,
      clock: this.#clock,
      reaper: this.#reaper,
      buildDir: this.#build.path,
      nodePath: this.#nodePath,
      pythonPath: findPython(root, process.env),
      hooks: {
        log: (event) => {
          this.#telemetry.log(event);
          this.#logged.fire(event);
        },
        changed: this.#changed.fire,
      },
      onConfig: (config) => this.#configured(config),
      log: this.#log,
    });
  }

  #configured({ functions, queues, account, faultHeader }: Config): void {
    this.#account = account;
    this.#faultHeader = this.#options.faultHeader ?? faultHeader;
    this.#gateway.setRoutes(functions.flatMap((fn) => fn.routes.map((route) => ({ function: fn.name, ...route }))));
    this.#delivery.configure({ functions, queues, gateway: this.url });
  }

  #createDelivery(): Delivery {
    const { root, store: configured } = this.#config;
    const where = this.#options.store ?? configured ?? (this.#stateFile ? 'file' : 'memory');
    return createDelivery({
      clock: this.#clock,
      newId: randomUUID,
      dispatcher: this.#dispatcher,
      faults: this.#engine,
      openStore: () => openStore(where, { clock: this.#clock, root, log: this.#log }),
      durable: where !== 'memory',
      timeScale: this.#timeScale,
      log: this.#log,
      changed: () => this.#changed.fire(),
    });
  }

  #createTelemetry(): ReturnType<typeof createTelemetry> {
    const space = this.#workspace;
    return createTelemetry({
      clock: this.#clock,
      seed: this.seed,
      log: this.#log,
      runtimeVersion: (name) => runtimeFacts[space.function(name)?.runtime ?? 'node'].logName,
      sources: {
        functions: () =>
          space.names().flatMap((name) => {
            const pool = space.pool(name);
            return pool ? [{ name, ...pool.snapshot() }] : [];
          }),
      },
    });
  }

  #createDispatcher(): ReturnType<typeof createDispatcher> {
    const space = this.#workspace;
    return createDispatcher({
      clock: this.#clock,
      pools: (name) => space.pool(name),
      names: () => space.names(),
      functions: (name) => space.function(name),
      faults: this.#engine,
      recorder: {
        invocation: (record, event, payload, initLog) => {
          this.#telemetry.invocation(record, event, payload, initLog);
          this.#changed.fire();
        },
      },
      newId: randomUUID,
    });
  }

  #createGateway(): ReturnType<typeof createGateway> {
    return createGateway({
      dispatcher: this.#dispatcher,
      functions: (name) => this.#workspace.function(name),
      accept: (event) => this.#delivery.accept(event),
      services: [
        this.#delivery.sqs,
        createCloudWatch({ telemetry: this.#telemetry, clock: this.#clock, newId: randomUUID, log: this.#log }),
      ],
      runtimeName: (name) =>
        this.#workspace.function(name)?.runtime === 'node' ? nodeName(this.#nodePath) : undefined,
      concurrency: () => this.#account.concurrency,
      requestFaults: (header) => {
        const asked = this.#faultHeader ? header() : undefined;
        return asked === undefined ? undefined : this.#engine.forRequest(asked);
      },
      logTail: (id) => this.#telemetry.logTail(id),
      clock: this.#clock,
      newId: randomUUID,
      log: this.#log,
    });
  }

  #createBackend(): Backend {
    return createBackend({
      clock: this.#clock,
      workspace: this.#workspace,
      telemetry: this.#telemetry,
      faults: this.#engine,
      dispatcher: this.#dispatcher,
      delivery: this.#delivery,
      timeScale: this.#timeScale,
      functionUrl: (name) => this.#gateway.functionUrl(name),
      root: this.#config.root,
      seed: this.seed,
      gateway: () => this.url,
      startedAt: this.#startedAt,
    });
  }

  /** Loaded when a finding is first proved. */
  #prover(): Promise<Prover> {
    return (this.#proving ??= import('./experiments/proof/prove.js').then(({ createProver }) =>
      createProver(this, this.#clock),
    ));
  }

  #createControl(): ReturnType<typeof createControl> {
    return createControl({
      backend: {
        ...this.#backend,
        prove: async (request, signal) => (await this.#prover()).prove(request, signal),
        shutdown: () => void this.stop(),
        onChange: this.#changed.on,
        onLog: this.#logged.on,
      },
      token: this.control.token,
      clock: this.#clock,
      webviewDir,
    });
  }
}
