import path from 'node:path';
import { policies } from './balancing/index.js';
import type { Clock } from './clock.js';
import type { Config, FunctionConfig } from './contract/config.js';
import { FaultlineError } from './contract/errors.js';
import type { Problem } from './contract/snapshot.js';
import { AccountLimits } from './instances/limits.js';
import { createPool } from './instances/pool.js';
import { Sampler } from './instances/sampler.js';
import type { Reaper } from './instances/reaper.js';
import type { Pool, PoolHooks } from './instances/types.js';
import { affects } from './instances/watcher.js';
import { runtimesDir, vendorDir } from './paths.js';
import { seededRng } from './rng.js';

/** The functions of one workspace and their pools; follows edits of the config and of the code. */

export interface WorkspaceOptions {
  /** Reads the config anew. */
  readonly load: () => Promise<Config>;
  readonly seed: string;
  readonly clock: Clock;
  readonly reaper: Reaper;
  readonly buildDir: string;
  readonly nodePath: string;
  readonly pythonPath: string;
  readonly hooks: PoolHooks;
  /** A config serves from now on. */
  readonly onConfig: (config: Config) => void;
  readonly log: (message: string) => void;
}

interface Entry {
  readonly config: FunctionConfig;
  readonly pool: Pool;
}

export class Workspace {
  private readonly entries = new Map<string, Entry>();
  /** Pools of an older config that still finish what they have. */
  private readonly retired = new Set<Promise<void>>();
  private instanceCount = 0;
  private configProblem: Problem | undefined;
  private queue: Promise<void> = Promise.resolve();
  private currentConfig: Config | undefined;
  private gateway = '';
  private limits: AccountLimits | undefined;
  private endpoints: Readonly<Record<string, string>> = {};

  private readonly sampler: Sampler;

  constructor(private readonly options: WorkspaceOptions) {
    this.sampler = new Sampler(options.clock);
  }

  /**
   * Serves a config.
   * @param gateway its URL, which `${gateway}` in environments stands for
   * @param endpoints variables of every instance that say where the emulator serves what SDKs call
   */
  open(config: Config, gateway: string, endpoints: Readonly<Record<string, string>>): void {
    this.gateway = gateway;
    this.endpoints = endpoints;
    this.apply(config);
  }

  /** The functions as configured; none before it is open. */
  functions(): readonly FunctionConfig[] {
    return this.currentConfig?.functions ?? [];
  }

  get configFile(): string {
    return this.currentConfig?.file ?? '';
  }

  /** Why the config on disk is not the one that serves. */
  get problem(): Problem | undefined {
    return this.configProblem;
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }

  pool(name: string): Pool | undefined {
    return this.entries.get(name)?.pool;
  }

  function(name: string): FunctionConfig | undefined {
    return this.entries.get(name)?.config;
  }

  /** What the watcher saw; handled one after another, so that two saves never race. */
  changed(paths: readonly string[]): Promise<void> {
    this.queue = this.queue.then(() => this.handle(paths)).catch((error: unknown) => this.options.log(String(error)));
    return this.queue;
  }

  async restart(name: string): Promise<{ version: number }> {
    const entry = this.entries.get(name);
    if (!entry)
      throw new FaultlineError('FUNCTION_NOT_FOUND', `no function "${name}"`, {
        hint: `functions here: ${this.names().join(', ')}`,
      });
    return entry.pool.reload();
  }

  async drain(): Promise<void> {
    await Promise.all([...[...this.entries.values()].map(({ pool }) => pool.drain()), ...this.retired]);
  }

  async kill(): Promise<void> {
    await Promise.all([...this.entries.values()].map(({ pool }) => pool.kill()));
  }

  private async handle(paths: readonly string[]): Promise<void> {
    const ofConfig = new Set([this.configFile, ...this.functions().flatMap(({ envFiles }) => envFiles)]);
    if (paths.some((file) => ofConfig.has(path.resolve(file)))) return this.reloadConfig();
    const touched = [...this.entries.values()].filter(({ config, pool }) => affects(config, pool.inputs(), paths));
    await Promise.all(
      touched.map(async ({ config, pool }) => {
        // A version that does not load is told by the pool's problem; there is nothing else to do here.
        await pool.reload().catch((error: unknown) => this.options.log(`${config.name}: ${String(error)}`));
      }),
    );
  }

  private async reloadConfig(): Promise<void> {
    try {
      const config = await this.options.load();
      this.configProblem = undefined;
      this.apply(config);
    } catch (reason) {
      const error = FaultlineError.from(reason);
      this.configProblem = {
        code: 'config-invalid',
        message: error.message,
        since: this.options.clock.now(),
        lastGoodServes: true,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...(error.place === undefined ? {} : { place: error.place }),
      };
      this.options.log(error.message);
    }
    this.options.hooks.changed();
  }

  /** Keeps the pools whose function did not change; replaces or retires the others. */
  private apply(config: Config): void {
    this.currentConfig = config;
    this.limits ??= new AccountLimits(this.options.clock, config.account, config.functions);
    this.limits.configure(config.account, config.functions);
    const old = new Map(this.entries);
    this.entries.clear();
    for (const fn of config.functions) {
      const before = old.get(fn.name);
      if (before && sameInstances(before.config, fn)) {
        this.entries.set(fn.name, { config: fn, pool: before.pool });
        old.delete(fn.name);
      } else this.entries.set(fn.name, { config: fn, pool: this.createPool(fn, config.root) });
    }
    for (const { pool } of old.values()) this.retire(pool);
    this.options.onConfig(config);
  }

  private retire(pool: Pool): void {
    const done = pool.drain().finally(() => this.retired.delete(done));
    this.retired.add(done);
  }

  private createPool(fn: FunctionConfig, root: string): Pool {
    const { seed, clock, reaper, buildDir, nodePath, pythonPath, hooks } = this.options;
    const environment = Object.fromEntries(
      Object.entries(fn.environment).map(([key, value]) => [key, value.replaceAll('${gateway}', this.gateway)]),
    );
    return createPool({
      function: fn,
      environment,
      endpoints: this.endpoints,
      sampler: this.sampler,
      ...(this.limits ? { limits: this.limits } : {}),
      root,
      clock,
      hooks,
      policy: policies[fn.balancing].create(seededRng(`${seed}/balancing/${fn.name}`)),
      nodePath,
      pythonPath,
      runtimesDir,
      vendorDir,
      reaper,
      buildDir,
      newInstanceId: () => `i${++this.instanceCount}`,
    });
  }
}

/** What may change without the instances having to: who calls a function, and what becomes of its results. */
const NOT_OF_THE_INSTANCES: ReadonlySet<string> = new Set<keyof FunctionConfig>([
  'line',
  'description',
  'routes',
  'url',
  'aliases',
  'schedules',
  'queues',
  'retries',
  'deadLetter',
  'tracing',
]);

function sameInstances(a: FunctionConfig, b: FunctionConfig): boolean {
  const relevant = (fn: FunctionConfig): string =>
    JSON.stringify(Object.entries(fn).filter(([key]) => !NOT_OF_THE_INSTANCES.has(key)));
  return relevant(a) === relevant(b);
}
