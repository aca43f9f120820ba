import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../../../emulator/clock.js';
import type { Policy } from '../../../emulator/balancing/types.js';
import type { FunctionConfig, Runtime } from '../../../emulator/contract/config.js';
import type { LogEvent } from '../../../emulator/contract/control.js';
import type { RuntimeEffect } from '../../../emulator/contract/faults.js';
import type { Operation } from '../../../emulator/contract/records.js';
import type { AccountLimits } from '../../../emulator/instances/limits.js';
import { createPool } from '../../../emulator/instances/pool.js';
import { createReaper } from '../../../emulator/instances/reaper.js';
import { functionConfig } from '../../support/function-config.js';
import type {
  AcquireFailure,
  AcquireOptions,
  Instance,
  Pool,
  RunResult,
  Work,
} from '../../../emulator/instances/types.js';

export const repo = path.resolve(import.meta.dirname, '../../..');
export const handlers = path.join(repo, 'test/fixtures/handlers');
export const runtimesDir = path.join(repo, 'emulator/instances/runtimes');

const firstIdle: Policy = { pick: (candidates) => candidates[0] as (typeof candidates)[number] };

export interface Given {
  readonly root?: string;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  readonly environment?: Record<string, string>;
  readonly scaling?: Partial<FunctionConfig['scaling']>;
  readonly clock?: Clock;
  readonly nodePath?: string;
  /** Shared with other pools. */
  readonly limits?: AccountLimits;
  /** Anything else of the function's config. */
  readonly function?: Partial<FunctionConfig>;
}

export interface Invoked {
  readonly result: RunResult | AcquireFailure;
  /** Parsed payload; its text when it is no JSON. */
  readonly value: unknown;
  readonly operations: readonly Operation[];
  readonly lines: readonly string[];
  readonly instance: Instance | undefined;
}

/** What else of the work a test gives. */
export type More = Partial<Pick<Work, 'clientContext' | 'traceId' | 'stream'>> & AcquireOptions;

export interface Bench {
  readonly pool: Pool;
  readonly log: LogEvent[];
  readonly pids: () => number[];
  /** Absolute paths of the files of the bundles that are there. */
  readonly bundles: () => string[];
  invoke(event?: unknown, effects?: readonly RuntimeEffect[], more?: More): Promise<Invoked>;
  /** Resolves as soon as the condition holds; it is looked at whenever the pool says that something changed. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const open = new Set<Bench>();
let ids = 0;

/** A pool on one handler of test/fixtures/handlers, `file.ext:export`. */
export function bench(handler: string, given: Given = {}): Bench {
  const temp = mkdtempSync(path.join(os.tmpdir(), 'faultline-test-'));
  const [file = '', exported = 'handler'] = handler.split(':');
  const root = given.root ?? handlers;
  const runtime: Runtime = file.endsWith('.py') ? 'python' : 'node';
  const log: LogEvent[] = [];
  const waiting = new Set<() => void>();
  const fn = functionConfig({
    name: 'subject',
    runtime,
    handler: `${file.replace(/\.\w+$/, '')}.${exported}`,
    file: path.join(root, file),
    export: exported,
    timeoutMs: given.timeoutMs ?? 10_000,
    memoryMb: given.memoryMb ?? 512,
    scaling: { min: 0, max: 4, idleMs: 60_000, ...given.scaling },
    ...given.function,
  });
  const clock = given.clock ?? systemClock;
  const reaper = createReaper({ tempDirs: [temp] });
  const pool = createPool({
    function: fn,
    environment: given.environment ?? {},
    endpoints: {},
    root,
    clock,
    hooks: {
      log: (event) => log.push(event),
      changed: () => {
        for (const check of waiting) check();
      },
    },
    policy: firstIdle,
    nodePath: given.nodePath ?? process.execPath,
    pythonPath: 'python3',
    runtimesDir,
    reaper,
    buildDir: path.join(temp, 'build'),
    newInstanceId: () => `i${++ids}`,
    ...(given.limits === undefined ? {} : { limits: given.limits }),
  });
  const made: Bench = {
    pool,
    log,
    pids: () => pool.snapshot().instances.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    bundles: () => {
      const folder = path.join(temp, 'build');
      const below = (name: string): string[] =>
        readdirSync(path.join(folder, name))
          .toSorted()
          .map((file) => path.join(folder, name, file));
      // The others are the instances' temporary ones, which come and go.
      const ours = (name: string): boolean => name.startsWith(fn.name);
      return existsSync(folder) ? readdirSync(folder).filter(ours).flatMap(below) : [];
    },
    invoke: async (event = {}, effects, { debug, start, ...more } = {}) => {
      const requestId = `request-${++ids}`;
      const operations: Operation[] = [];
      const acquired = await pool.acquire(debug ? { debug } : start && { start });
      if ('payload' in acquired) {
        const result = acquired.forRequest?.(requestId) ?? acquired;
        return { result, value: parse(result.payload), operations, lines: [], instance: undefined };
      }
      const result = await acquired.run(
        {
          requestId,
          payload: Buffer.from(JSON.stringify(event)),
          deadline: clock.now() + fn.timeoutMs,
          arn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
          ...(effects === undefined ? {} : { effects }),
          ...more,
          onOperation: (operation) => operations.push(operation),
        },
        fn.timeoutMs,
      );
      pool.release(acquired);
      const lines = log.filter((each) => each.requestId === requestId).map(({ text }) => text);
      return { result, value: parse(result.payload), operations, lines, instance: acquired };
    },
    until: (condition) =>
      new Promise((resolve) => {
        // Most conditions change with an event of the pool; the loop's turns are for those that the file system changes.
        const turn = (): void => {
          check();
          if (waiting.has(check)) setImmediate(turn);
        };
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        turn();
      }),
    close: async () => {
      open.delete(made);
      await pool.kill();
      await reaper.dispose();
      rmSync(temp, { recursive: true, force: true });
    },
  };
  open.add(made);
  return made;
}

/** The message of a run that failed. */
export function messageOf({ result }: Invoked): string {
  if ('ok' in result && result.ok) throw new Error('the run did not fail');
  return result.message;
}

/** For afterEach: ends what a test left open. */
export async function closeAll(): Promise<void> {
  await Promise.all([...open].map((each) => each.close()));
}

export async function invokeOnce(handler: string, event?: unknown, given?: Given): Promise<Invoked> {
  return bench(handler, given).invoke(event);
}

/** A streamed response need not be JSON. */
function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return payload.toString();
  }
}

/** True while any process of the group is there (zombies that nobody has waited for do not count on Linux's /proc). */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
