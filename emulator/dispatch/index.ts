import type { Clock } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { FaultHit } from '../contract/faults.js';
import type { InvocationRecord, Operation } from '../contract/records.js';
import type { Caller, FaultEngine, FaultPlan } from '../faults/types.js';
import type { AcquireFailure, AcquireOptions, Instance, Pool, RunResult, Work } from '../instances/types.js';
import type { Recorder } from '../telemetry/types.js';
import { invocationTrace, type InvocationTrace } from '../trace-header.js';
import { runFaulted } from './faulted.js';
import { functionArn, type Dispatcher, type InvocationRequest, type NewId, type Outcome } from './types.js';

/*
 * One invocation's way, whatever it came from:
 *
 *   request ── admitted, numbered, faults planned ──┬── ended by a fault ──────────────────────────────┐
 *                                                   └── pool.acquire ──┬── failure (init, throttled) ──┤
 *                                                                      └── instance ── deadline ── run ┤
 *   outcome ◀── recorded ◀── statusOf (what the caller sees) ◀── instance released ◀──────── result ───┘
 *
 * Numbers are given and faults are decided at admission, so that neither depends on which instance was free first.
 */

export interface DispatcherOptions {
  readonly clock: Clock;
  pools(name: string): Pool | undefined;
  /** Names of the configured functions. */
  names(): readonly string[];
  functions(name: string): FunctionConfig | undefined;
  readonly faults: FaultEngine;
  readonly recorder: Recorder;
  readonly newId: NewId;
}

const NO_HITS: readonly FaultHit[] = [];
const DEBUGGED = { debug: true } as const;
const NO_OPERATIONS: readonly Operation[] = [];

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new InvocationDispatcher(options);
}

/** One invocation under way: what its record is made of. */
interface Passage {
  readonly request: InvocationRequest;
  readonly requestId: string;
  readonly config: FunctionConfig;
  readonly number: number;
  readonly trace: InvocationTrace;
  readonly at: number;
  readonly admitted: number;
  started: number;
  instance?: Instance;
  initMs?: number | undefined;
  readonly plan: FaultPlan | undefined;
  operations?: Operation[];
}

class InvocationDispatcher implements Dispatcher {
  readonly #options: DispatcherOptions;
  /** Of what callers wait for, by function. */
  readonly #numbers = new Map<string, number>();
  readonly #arns = new Map<string, string>();
  #inFlight = 0;
  #draining = false;
  #drained: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  has(name: string): boolean {
    return this.#options.functions(name) !== undefined;
  }

  names(): readonly string[] {
    return this.#options.names();
  }

  async invoke(request: InvocationRequest): Promise<Outcome> {
    const name = request.function;
    if (this.#draining) throw new FaultlineError('STOPPING', 'The emulator is stopping');
    const pool = this.#options.pools(name);
    const config = this.#options.functions(name);
    if (!pool || !config) throw this.#unknown(name);
    const passage = this.#admit(request, config);
    this.#inFlight++;
    try {
      const ended = passage.plan?.admit();
      if (ended) return this.#finish(passage, ended);
      const acquired = pool.acquire(request.debug ? DEBUGGED : startOf(passage.plan));
      const reached = acquired instanceof Promise ? await acquired : acquired;
      // An init that had to be tried again is part of the invocation, as on Lambda.
      passage.started = this.#options.clock.monotonic() - (reached.usedMs ?? 0);
      if (!isInstance(reached)) return this.#finish(passage, notReached(reached, passage.requestId), reached.log);
      passage.instance = reached;
      let result: RunResult;
      try {
        result = await this.#run(passage, reached);
      } finally {
        // Before the record, so that the next in line starts at once.
        pool.release(reached);
      }
      return this.#finish(passage, result);
    } finally {
      passage.plan?.end();
      if (--this.#inFlight === 0 && this.#draining) for (const resolve of this.#drained.splice(0)) resolve();
    }
  }

  drain(): Promise<void> {
    this.#draining = true;
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #admit(request: InvocationRequest, config: FunctionConfig): Passage {
    const { clock, newId } = this.#options;
    const number = request.origin?.number ?? this.#next(config.name);
    const admitted = clock.monotonic();
    const requestId = request.requestId ?? newId();
    const at = clock.now();
    const trace = invocationTrace(request.traceId, requestId, at, config.tracing === 'active');
    const plan = this.#plan(request, config, requestId, number);
    return { request, requestId, config, number, trace, at, admitted, started: admitted, plan };
  }

  #plan(request: InvocationRequest, { name }: FunctionConfig, requestId: string, number: number) {
    const { faults } = this.#options;
    const { attempt = 1, payload, route, qualifier, origin } = request;
    if (!faults.active && !request.faults) return undefined;
    return faults.plan(
      {
        function: name,
        requestId,
        number,
        attempt: origin?.attempt ?? attempt,
        payload,
        ...(origin === undefined ? undefined : { queue: origin.queue }),
        ...(route === undefined ? undefined : { route }),
        ...callerOf(request),
        ...(qualifier === undefined ? undefined : { alias: qualifier }),
      },
      request.faults,
    );
  }

  #next(name: string): number {
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.set(name, number);
    return number;
  }

  #run(passage: Passage, instance: Instance): Promise<RunResult> {
    const { clock } = this.#options;
    const { request, requestId, config, plan } = passage;
    passage.initMs = instance.takeInitMs();
    const { timeoutMs } = config;
    plan?.reached(instance, instance.version);
    const work: Work = {
      requestId,
      payload: request.payload,
      deadline: clock.now() + timeoutMs,
      arn: this.#arn(config.name, request.qualifier),
      ...(plan && plan.effects.length > 0 ? { effects: plan.effects } : undefined),
      ...(request.clientContext === undefined ? undefined : { clientContext: request.clientContext }),
      traceId: passage.trace.header,
      ...(request.stream === undefined ? undefined : { stream: request.stream }),
      onOperation(reported) {
        const { via: _ours, ...operation } = reported;
        (passage.operations ??= []).push(operation);
        plan?.operation(reported);
      },
    };
    return plan ? runFaulted(clock, plan, instance, work, timeoutMs) : instance.run(work, timeoutMs);
  }

  #finish(passage: Passage, result: RunResult, initLog?: readonly string[]): Outcome {
    const { request, requestId, config, admitted, started, instance, initMs } = passage;
    const ended = this.#options.clock.monotonic();
    const status = request.statusOf?.(result);
    const record: InvocationRecord = {
      requestId,
      function: config.name,
      source: request.source,
      number: passage.number,
      attempt: request.attempt ?? 1,
      ...(instance ? { instance: instance.id, version: instance.version } : undefined),
      at: passage.at,
      queueMs: hundredths(started - admitted),
      ...(initMs === undefined ? undefined : { initMs }),
      durationMs: hundredths(ended - started),
      memoryMb: config.memoryMb,
      ...(result.maxMemoryMb === undefined ? undefined : { maxMemoryMb: result.maxMemoryMb }),
      ...(result.ok ? undefined : { error: { kind: result.kind, type: result.type, message: result.message } }),
      ...(status === undefined ? undefined : { status }),
      ...('streamed' in result && result.streamed !== undefined ? { streamed: result.streamed } : undefined),
      traceId: passage.trace.root,
      ...(passage.trace.sampled ? { sampled: true } : undefined),
      faults: hitsOf(passage),
      operations: passage.operations ?? NO_OPERATIONS,
    };
    this.#options.recorder.invocation(record, request.payload, result.payload, initLog);
    return { requestId, result, record };
  }

  #arn(name: string, qualifier: string | undefined): string {
    if (qualifier !== undefined) return `${functionArn(name)}:${qualifier}`;
    let arn = this.#arns.get(name);
    if (arn === undefined) this.#arns.set(name, (arn = functionArn(name)));
    return arn;
  }

  #unknown(name: string): FaultlineError {
    const names = this.names();
    const hint = names.length === 0 ? 'No functions are configured.' : `Functions: ${names.join(', ')}.`;
    return new FaultlineError('FUNCTION_NOT_FOUND', `There is no function "${name}"`, { hint });
  }
}

/** What an invocation that got no instance is answered with. */
function notReached(failure: AcquireFailure, requestId: string): RunResult {
  const { kind, type, message, payload } = failure.forRequest?.(requestId) ?? failure;
  const { maxMemoryMb } = failure;
  return { ok: false, kind, type, message, payload, ...(maxMemoryMb === undefined ? undefined : { maxMemoryMb }) };
}

/** What an invocation asks of its instance: by a fault of its start, one of its own. */
function startOf(plan: FaultPlan | undefined): AcquireOptions | undefined {
  const start = plan?.start();
  return start && { start };
}

/** Those that its delivery has suffered, those that were planned, and the one that ended the instance under it. */
function hitsOf({ request: { suffered }, plan, instance }: Passage): readonly FaultHit[] {
  const hits = plan?.hits ?? NO_HITS;
  const endedBy = instance?.endedBy;
  return suffered || endedBy ? [...(suffered ?? []), ...hits, ...(endedBy ? [endedBy] : [])] : hits;
}

function isInstance(reached: Instance | AcquireFailure): reached is Instance {
  return 'run' in reached;
}

/** How the caller gets the answer. */
function callerOf({ stream, source }: InvocationRequest): { readonly caller?: Caller } {
  if (stream) return { caller: 'stream' };
  return source === 'http' || source === 'url' ? { caller: 'http' } : {};
}

/** ms with two decimals, as REPORT lines have them. */
function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
