import type { Clock } from '../clock.js';
import type { LogEvent } from '../contract/control.js';
import { MAX_PAYLOAD_BYTES, type FunctionConfig } from '../contract/config.js';
import { runtimeFacts } from '../contract/runtimes.js';
import type { InstanceSnapshot, InstanceState } from '../contract/snapshot.js';
import type { ErrorPlace } from '../contract/errors.js';
import type { FaultHit } from '../contract/faults.js';
import { Deadline } from './deadline.js';
import { InstanceDebugger, type DebugStart } from './debug/instance-debugger.js';
import type { Version } from './loader.js';
import type { InitErrorBody } from './frames.js';
import { Init } from './init.js';
import type { InitKind, InitOutcome } from './init-phase.js';
import type { LinkEvents, RuntimeLink } from './link.js';
import { MemoryUse } from './memory-use.js';
import {
  exited,
  exitMessage,
  initEnded,
  initFailed,
  reported,
  timedOut,
  tooLarge,
  type ExitStatus,
} from './outcomes.js';
import { OutputCollector } from './output.js';
import type { Reaper } from './reaper.js';
import type { Sampled, Usage } from './sampler.js';
import { StreamedResponse } from './streamed-response.js';
import { folderSize } from './temp-folders.js';
import type { AcquireFailure, EndedBy, Instance, RunResult, StartEffect, Work } from './types.js';

/** Why an instance did not start, with the place in the user's source where it is known. */
export interface StartFailure {
  readonly failure: AcquireFailure;
  readonly place?: ErrorPlace;
  readonly hint?: string;
  /** How long it took to fail. */
  readonly ms?: number;
  /** Lines of the start. */
  readonly log?: readonly string[];
  /** The most that anyone has seen. */
  readonly maxMemoryMb?: number;
}

/** What an instance tells its pool; each once. */
export interface InstanceEvents {
  ready(instance: ProcessInstance): void;
  failed(instance: ProcessInstance, failure: StartFailure): void;
  /**
   * It takes no more invocations; its process is gone or about to be.
   * @param unexpected it ended by itself, not by the pool's will or a timeout
   */
  spent(instance: ProcessInstance, unexpected: boolean): void;
  /** The process is gone. */
  gone(instance: ProcessInstance): void;
  /** What its snapshot shows has changed, by no doing of the pool. */
  changed(): void;
  log(event: LogEvent): void;
}

export interface InstanceOptions {
  readonly id: string;
  /** The version that it runs. */
  readonly code: Version;
  /** Nth instance that its pool started. */
  readonly order: number;
  readonly kind: InitKind;
  /** Lines of the first try, when this is the second. */
  readonly firstTry?: readonly string[];
  /** Absolute path of its temporary folder. */
  readonly temp: string | undefined;
  /** Present for one that is started to be debugged. */
  readonly debug?: DebugStart | undefined;
  /** What a fault does to its start. */
  readonly start?: StartEffect | undefined;
  readonly function: FunctionConfig;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly clock: Clock;
  readonly reaper: Reaper;
  readonly events: InstanceEvents;
}

/**
 * One process and the invocation that it runs.
 *
 *   starting ──ready──▶ idle ⇄ busy ──▶ stopping ──▶ gone
 *       └──────failed / exit / timeout / kill──▲
 *
 * `busy` and `idle` are the pool's to set (a reserved instance is busy before it runs); the rest is decided here.
 */
export class ProcessInstance implements Instance, Sampled {
  readonly id: string;
  readonly version: number;
  readonly code: Version;
  readonly order: number;
  readonly kind: InitKind;
  readonly temp: string | undefined;
  readonly startedAt: number;
  state: InstanceState = 'starting';
  pending = 0;
  served = 0;
  /** clock.monotonic() when it last became idle. */
  idleSince = 0;
  /** How it ended while an invocation ran on it: what Lambda then resets is initialised again by the next one. */
  broken: 'timeout' | 'exit' | undefined;
  endedBy: FaultHit | undefined;
  private cpu: number | undefined;
  private readonly memory: MemoryUse;
  private readonly init: Init;
  private frozen = false;
  /** How many faults hold it stopped. */
  private pauses = 0;
  private measuring = false;
  private readonly debugger: InstanceDebugger | undefined;
  /** The timeout has passed while a debugger was attached. */
  private overdue = false;
  private readonly link: RuntimeLink;
  private readonly output: OutputCollector;
  private work: Work | undefined;
  private resolve: ((result: RunResult) => void) | undefined;
  private lastRequestId: string | undefined;
  private readonly deadline: Deadline;
  private timeoutMs = 0;
  private streamed: StreamedResponse | undefined;
  /** What the process was killed for, told instead of its exit status. */
  private reason: string | undefined;

  constructor(private readonly options: InstanceOptions) {
    const { clock } = options;
    this.id = options.id;
    this.version = options.code.number;
    this.code = options.code;
    this.order = options.order;
    this.kind = options.kind;
    this.temp = options.temp;
    const { kind, firstTry = [], start } = options;
    this.init = new Init(kind, options.function, clock, firstTry, () => this.onInitLimit(), start);
    this.memory = new MemoryUse(options.function.memoryMb);
    this.startedAt = clock.now();
    this.deadline = new Deadline(clock, () => this.onTimeout());
    this.output = new OutputCollector((text) => this.line(text));
    this.debugger = options.debug && new InstanceDebugger(options.debug, clock, this.debuggerEvents());
    this.link = options.code.build.connect(
      { launch: options.code.build.launch, cwd: options.cwd, env: options.env, clock, reaper: options.reaper },
      this.events(),
    );
    this.init.begin();
  }

  get pid(): number | undefined {
    return this.link.pid;
  }

  get spent(): boolean {
    return this.state === 'stopping';
  }

  get working(): boolean {
    return this.state === 'starting' || this.state === 'busy';
  }

  get memoryLimitMb(): number {
    return this.options.function.memoryMb;
  }

  get held(): boolean {
    return this.debugger?.holds === true;
  }

  get usedMs(): number {
    return this.init.usedMs;
  }

  takeInitMs(): number | undefined {
    const ms = this.init.initMs;
    this.init.initMs = undefined;
    return ms;
  }

  run(work: Work, timeoutMs: number): Promise<RunResult> {
    if (this.spent)
      return Promise.resolve(exited(work.requestId, this.reason ?? 'Runtime exited without providing a reason'));
    this.work = work;
    this.served++;
    this.lastRequestId = work.requestId;
    this.timeoutMs = timeoutMs;
    this.output.begin();
    this.memory.begin();
    const { usedMs } = this;
    this.deadline.set(timeoutMs - usedMs);
    this.link.invoke(usedMs > 0 ? { ...work, deadline: Math.floor(work.deadline - usedMs) } : work);
    return new Promise((resolve) => (this.resolve = resolve));
  }

  expire(requestId: string, timeoutMs: number): RunResult {
    const result = timedOut(requestId, timeoutMs, this.memory.peak);
    this.broken = 'timeout';
    this.spend();
    this.link.kill();
    this.settle(result);
    return result;
  }

  /** Whether it still works on what it has answered. @param done called when that is over, or it has ended */
  lingers(done: () => void): boolean {
    return this.state === 'busy' && this.link.linger?.(done) === true;
  }

  /** Nothing is to be done: with `freeze`, nothing is done either, by whatever the handler has left running. */
  rest(): void {
    // A debugger cannot attach to what is stopped.
    if (!this.options.function.freeze || this.frozen || this.debugger || this.state !== 'idle') return;
    this.frozen = true;
    this.link.freeze();
  }

  /** There is something to be done. On the hot path. */
  wake(): void {
    if (!this.frozen) return;
    this.frozen = false;
    if (this.pauses === 0) this.link.thaw();
  }

  /** Ends an idle instance. */
  stop(): void {
    this.wake();
    this.spend();
    this.link.stop();
  }

  kill(reason?: string, by?: EndedBy): void {
    this.reason ??= reason;
    if (by && !this.spent) this.endedBy = by.hit;
    // As when it had ended by itself: its environment is reset for the next invocation.
    if (this.work) this.broken ??= 'exit';
    this.spend();
    if (by?.signal !== 'SIGTERM') return this.link.kill();
    // What is stopped takes no notice of it.
    this.link.thaw();
    this.link.terminate();
  }

  pause(): void {
    if (this.pauses++ === 0 && !this.frozen) this.link.freeze();
  }

  resume(): void {
    if (this.pauses === 0 || --this.pauses > 0) return;
    if (!this.frozen) this.link.thaw();
  }

  /** The start was for nobody who waits: it is no cold start of an invocation. */
  forgetInit(): void {
    this.init.forget();
  }

  snapshot(): InstanceSnapshot {
    const { id, state, version, startedAt, served, pid, cpu } = this;
    const memoryMb = this.memory.current;
    const port = this.debugger?.snapshot;
    return {
      id,
      state,
      version,
      startedAt,
      invocations: served,
      ...(pid === undefined ? {} : { pid }),
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryMb === undefined ? {} : { memoryMb }),
      ...(this.kind === 'provisioned' ? { provisioned: true } : {}),
      ...(port === undefined ? {} : { debugger: port }),
    };
  }

  private debuggerEvents(): ConstructorParameters<typeof InstanceDebugger>[2] {
    return {
      changed: () => this.options.events.changed(),
      proceed: () => {
        this.init.begin();
        this.link.proceed?.();
      },
      // What ran out of time under the debugger gets all of it again.
      detached: () => {
        if (this.state === 'starting') this.init.begin();
        else if (this.overdue) this.deadline.set(this.timeoutMs);
      },
      note: (text) => this.line(`[faultline] ${text}`),
    };
  }

  private events(): LinkEvents {
    return {
      debugger: (body) => this.debugger?.opened(body),
      ready: () => this.onReady(),
      initFailed: (body) => this.onInitError(body),
      result: (payload, peakKb) => this.onResult(payload, peakKb),
      error: (origin, payload, peakKb, type) => this.onError(origin, payload, peakKb, type),
      fatal: (payload) => this.onFatal(payload),
      streamStart: (contentType) => this.onStreamStart(contentType),
      streamChunk: (chunk) => this.onStreamChunk(chunk),
      streamEnd: (error, peakKb) => this.onStreamEnd(error, peakKb),
      operation: (operation) => this.work?.onOperation?.(operation),
      message: (text) => this.output.message(text),
      output: (stream, chunk) => this.output.chunk(stream, chunk),
      garbage: (reason) => (this.reason = reason),
      ended: (status) => this.onEnded(status),
      unstartable: (error) => this.onUnstartable(error),
    };
  }

  private onReady(): void {
    if (this.state === 'starting') this.init.loaded(() => this.initialised());
  }

  private initialised(): void {
    this.output.flush();
    if (this.kind === 'provisioned') this.line(this.init.report('success'));
    this.init.done();
    this.state = 'idle';
    this.options.events.ready(this);
  }

  private onResult(payload: Buffer, peakKb: number | undefined): void {
    this.memory.reported(peakKb);
    if (this.memory.tooMuch) return this.outOfMemory();
    const { peak } = this.memory;
    if (payload.length > MAX_PAYLOAD_BYTES) this.settle(tooLarge(peak));
    else this.settle({ ok: true, payload, ...(peak === undefined ? undefined : { maxMemoryMb: peak }) });
  }

  private onError(origin: 'handler' | 'response', payload: Buffer, peakKb?: number, type?: string): void {
    this.memory.reported(peakKb);
    if (this.memory.tooMuch) return this.outOfMemory();
    this.settle(reported(origin === 'response' ? 'response' : 'function', payload, this.memory.peak, type));
  }

  private onStreamStart(contentType: string): void {
    if (!this.work) return;
    this.streamed = new StreamedResponse(this.work.stream);
    this.streamed.start(contentType);
  }

  private onStreamChunk(chunk: Buffer): void {
    if (this.streamed?.write(chunk) !== false) return;
    this.link.pause();
    this.work?.stream?.onDrain(() => this.link.resume());
  }

  private onStreamEnd(error: Buffer | undefined, peakKb: number | undefined): void {
    this.memory.reported(peakKb);
    if (this.memory.tooMuch) return this.outOfMemory();
    if (this.streamed) this.settle(this.streamed.end(error, this.memory.peak));
  }

  sample({ cpu, memoryMb }: Usage): void {
    this.cpu = cpu;
    this.memory.sampled(memoryMb);
    if (this.memory.tooMuch) this.outOfMemory();
    else if (this.state === 'busy') void this.measureTemp();
  }

  /** Above its memory limit, now or since it was last looked at: Lambda would have killed it then. */
  private outOfMemory(): void {
    this.endEarly(
      `${this.memory.peak ?? 0} MB used of ${this.options.function.memoryMb} MB`,
      exitMessage({ code: null, signal: 'SIGKILL' }),
    );
  }

  /** Where the file system cannot refuse further writes, the invocation that makes too many ends. */
  private async measureTemp(): Promise<void> {
    const { tmpMb } = this.options.function;
    if (this.temp === undefined || this.measuring) return;
    this.measuring = true;
    const mb = await folderSize(this.temp, tmpMb);
    this.measuring = false;
    if (mb <= tmpMb || this.state !== 'busy') return;
    const told = `${mb} MB in the temporary folder of ${tmpMb} MB`;
    this.endEarly(`${told}; on Lambda writes to it would fail`, `ENOSPC: no space left on device, ${told}`);
  }

  /** @param log for the log @param reason for the caller */
  private endEarly(log: string, reason: string): void {
    if (this.spent) return;
    this.line(`[faultline] killed: ${log}`);
    if (this.work) this.broken = 'exit';
    if (this.state !== 'starting') return this.kill(reason);
    // Its end is a failed init, told when the process is gone.
    this.reason ??= reason;
    this.link.kill();
  }

  private onFatal(payload: Buffer): void {
    const work = this.work;
    this.spend(true);
    if (work) this.settle(reported('exit', payload, this.memory.peak));
  }

  private onInitError({ error, place }: InitErrorBody): void {
    const failure = initFailed(error.errorType, error.errorMessage, Buffer.from(JSON.stringify(error)));
    this.fail({ failure, ...(place === undefined ? {} : { place }) });
  }

  private onTimeout(): void {
    this.overdue = this.held;
    if (this.work && !this.held) this.expire(this.work.requestId, this.timeoutMs);
  }

  private onInitLimit(): void {
    if (this.held) return this.init.begin();
    this.fail({ failure: this.init.overdue() }, 'timeout');
    this.link.kill();
  }

  private onUnstartable(error: Error): void {
    const { title, help } = runtimeFacts[this.options.function.runtime];
    this.fail({
      failure: initEnded('Runtime.InvalidEntrypoint', `${title} could not be started: ${error.message}`),
      hint: help,
    });
    this.debugger?.close();
    this.options.events.gone(this);
  }

  private fail(failure: StartFailure, how: InitOutcome = { errorType: failure.failure.type }): void {
    if (this.state !== 'starting') return;
    this.init.cancel();
    this.output.flush();
    this.line(this.init.report(how));
    this.state = 'stopping';
    const { ms, log } = this.init;
    const { peak } = this.memory;
    const memory = peak === undefined ? undefined : { maxMemoryMb: peak };
    this.options.events.failed(this, { ...failure, ms, log, ...memory });
  }

  private line(text: string): void {
    if (this.debugger?.hears(text)) return;
    const requestId = this.lastRequestId;
    if (this.state === 'starting') this.init.print(text);
    this.options.events.log({
      function: this.options.function.name,
      instance: this.id,
      at: this.options.clock.now(),
      text,
      ...(requestId === undefined ? {} : { requestId }),
    });
  }

  private onEnded(status: ExitStatus): void {
    const message = this.reason ?? exitMessage(status);
    this.fail({ failure: initEnded('Runtime.ExitError', message) });
    this.spend(true);
    if (this.work) this.settle(exited(this.work.requestId, message, this.memory.peak));
    this.output.flush();
    this.debugger?.close();
    this.options.events.gone(this);
  }

  private spend(unexpected = false): void {
    if (this.state === 'stopping') return;
    if (unexpected && this.work) this.broken ??= 'exit';
    this.init.cancel();
    this.deadline.dispose();
    this.state = 'stopping';
    this.options.events.spent(this, unexpected);
  }

  private settle(result: RunResult): void {
    const resolve = this.resolve;
    if (!resolve) return;
    this.resolve = undefined;
    this.init.forget();
    this.overdue = false;
    this.deadline.clear();
    this.work = undefined;
    this.streamed = undefined;
    this.output.flush();
    resolve(result);
  }
}
