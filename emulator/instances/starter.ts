import { DebuggerGate } from './debug/gate.js';
import type { DebugStart } from './debug/instance-debugger.js';
import { lambdaEnvironment } from './environment.js';
import { INIT_FAILURE } from './init-failure.js';
import type { InitKind } from './init-phase.js';
import { ProcessInstance, type InstanceEvents } from './instance.js';
import type { Version } from './loader.js';
import type { StartEffect } from './types.js';
import type { PoolOptions } from './pool-options.js';
import { runtimes } from './runtimes/index.js';
import { TempFolders } from './temp-folders.js';

interface Launched {
  readonly kind: InitKind;
  readonly id: string;
  readonly temp: string | undefined;
  readonly debug?: DebugStart | undefined;
  readonly firstTry?: readonly string[];
  readonly start?: StartEffect | undefined;
}

/** Starts the processes of a pool, each with its environment and its temporary folder. */
export class Starter {
  private readonly temp: TempFolders;
  /** Folders of instances that end, which another one has taken over. */
  private readonly handedOver = new WeakSet<ProcessInstance>();
  private started = 0;
  /** With `debug: true`: where debuggers attach, the same port for whichever instance serves. */
  private gate: DebuggerGate | undefined;

  constructor(
    private readonly options: PoolOptions,
    private readonly events: InstanceEvents,
  ) {
    this.temp = new TempFolders(options.clock, options.buildDir, options.function.scaling.idleMs);
  }

  /** @param start what a fault does to it */
  start(version: Version, kind: InitKind, start?: StartEffect): ProcessInstance {
    const id = this.options.newInstanceId();
    return this.launch(version, { kind, id, temp: this.temp.open(id), start });
  }

  /** One that waits for a debugger, at a port of its own. */
  startDebugged(version: Version): ProcessInstance {
    const id = this.options.newInstanceId();
    const { debugger: protocol } = runtimes[this.options.function.runtime];
    const debug = protocol && { gate: new DebuggerGate(protocol), wait: true, own: true };
    return this.launch(version, { kind: 'init', id, temp: this.temp.open(id), debug });
  }

  /**
   * In the place of an instance that ended while an invocation ran on it, if there is such a one. Lambda resets its
   * environment, and initialises it within the next invocation [D].
   */
  restart(version: Version): ProcessInstance | undefined {
    const left = this.temp.takeKept();
    if (!left) return undefined;
    const id = this.options.newInstanceId();
    return this.launch(version, { kind: 'invoke', id, temp: left.folder ?? this.temp.open(id) });
  }

  /** The second try of an init: in the same environment, as far as there is one. @param log lines of the first */
  startAgain(
    version: Version,
    failed: ProcessInstance,
    log: readonly string[] = [],
    start?: StartEffect,
  ): ProcessInstance {
    this.handedOver.add(failed);
    const id = this.options.newInstanceId();
    return this.launch(version, { kind: 'invoke', id, temp: failed.temp, firstTry: log, start });
  }

  /** It takes no more invocations: whether its folder lives on is decided now, since the next one may start at once. */
  spent(instance: ProcessInstance): void {
    if (instance.broken === 'exit') this.temp.keep(undefined);
    if (instance.broken !== 'timeout') return;
    this.handedOver.add(instance);
    this.temp.keep(instance.temp);
  }

  /** Its process is gone. */
  gone(instance: ProcessInstance): void {
    if (!this.handedOver.has(instance)) this.temp.remove(instance.temp);
  }

  /** Another version serves: nothing of the old one is handed on. */
  forget(): void {
    this.temp.forget();
  }

  dispose(): Promise<void> {
    this.gate?.close();
    return this.temp.dispose();
  }

  private debugStart(): DebugStart | undefined {
    const { debug, runtime } = this.options.function;
    const { debugger: protocol } = runtimes[runtime];
    if (!debug || protocol === undefined) return undefined;
    this.gate ??= new DebuggerGate(protocol);
    return { gate: this.gate, wait: false, own: false };
  }

  private launch(version: Version, launched: Launched): ProcessInstance {
    const { kind, id, temp, debug = this.debugStart(), firstTry = [], start } = launched;
    const { function: fn, clock, environment, endpoints, root, reaper, runtimesDir } = this.options;
    version.started();
    return new ProcessInstance({
      id,
      code: version,
      order: this.started++,
      kind,
      firstTry,
      temp,
      function: fn,
      debug,
      start,
      cwd: root,
      env: {
        ...lambdaEnvironment({
          function: fn,
          environment,
          endpoints,
          root,
          runtimesDir,
          instanceId: id,
          provisioned: kind === 'provisioned',
          temp,
          now: clock.now(),
          inherited: process.env,
        }),
        ...(debug && { FAULTLINE_DEBUG: debug.wait ? 'wait' : 'open' }),
        ...(start?.fail && { [INIT_FAILURE]: JSON.stringify({ ...start.fail, ended: undefined }) }),
      },
      clock,
      reaper,
      events: this.events,
    });
  }
}
