import type { Clock, Timer } from '../clock.js';
import type { LogEvent } from '../contract/control.js';
import { MAX_PAYLOAD_BYTES, type FunctionConfig } from '../contract/config.js';
import type { InstanceSnapshot, InstanceState } from '../contract/snapshot.js';
import type { ErrorPlace } from '../contract/errors.js';
import { Deadline } from './deadline.js';
import type { Version } from './loader.js';
import type { InitErrorBody } from './frames.js';
import type { LinkEvents, RuntimeLink } from './link.js';
import { exited, exitMessage, initFailed, reported, timedOut, tooLarge, type ExitStatus } from './outcomes.js';
import { OutputCollector } from './output.js';
import type { Reaper } from './reaper.js';
import { StreamedResponse } from './streamed-response.js';
import type { AcquireFailure, Instance, RunResult, Work } from './types.js';

/** Lambda: an environment has 10 s to load its handler. */
export const INIT_LIMIT_MS = 10_000;

/** Why an instance did not start, with the place in the user's source where it is known. */
export interface StartFailure {
  readonly failure: AcquireFailure;
  readonly place?: ErrorPlace;
  readonly hint?: string;
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
  log(event: LogEvent): void;
}

export interface InstanceOptions {
  readonly id: string;
  /** The version that it runs. */
  readonly code: Version;
  /** Nth instance that its pool started. */
  readonly order: number;
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
export class ProcessInstance implements Instance {
  readonly id: string;
  readonly version: number;
  readonly code: Version;
  readonly order: number;
  readonly startedAt: number;
  state: InstanceState = 'starting';
  pending = 0;
  served = 0;
  /** clock.monotonic() when it last became idle. */
  idleSince = 0;
  private cpu: number | undefined;
  private memoryMb: number | undefined;
  private initMs: number | undefined;
  private readonly link: RuntimeLink;
  private readonly output: OutputCollector;
  private readonly bornAt: number;
  private initTimer: Timer | undefined;
  private work: Work | undefined;
  private resolve: ((result: RunResult) => void) | undefined;
  private lastRequestId: string | undefined;
  private readonly deadline: Deadline;
  private timeoutMs = 0;
  private streamed: StreamedResponse | undefined;
  /** What the process was killed for, told instead of its exit status. */
  private reason: string | undefined;
  private maxMemoryMb: number | undefined;

  constructor(private readonly options: InstanceOptions) {
    const { clock } = options;
    this.id = options.id;
    this.version = options.code.number;
    this.code = options.code;
    this.order = options.order;
    this.startedAt = clock.now();
    this.bornAt = clock.monotonic();
    this.deadline = new Deadline(clock, () => this.onTimeout());
    this.output = new OutputCollector((text) => this.line(text));
    this.link = options.code.build.connect(
      { launch: options.code.build.launch, cwd: options.cwd, env: options.env, clock, reaper: options.reaper },
      this.events(),
    );
    this.initTimer = clock.after(INIT_LIMIT_MS, () => this.onInitLimit());
  }

  get pid(): number | undefined {
    return this.link.pid;
  }

  get spent(): boolean {
    return this.state === 'stopping';
  }

  takeInitMs(): number | undefined {
    const ms = this.initMs;
    this.initMs = undefined;
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
    this.deadline.set(timeoutMs);
    this.link.invoke(work);
    return new Promise((resolve) => (this.resolve = resolve));
  }

  expire(requestId: string, timeoutMs: number): RunResult {
    const result = timedOut(requestId, timeoutMs);
    this.spend();
    this.link.kill();
    this.settle(result);
    return result;
  }

  /** Ends an idle instance. */
  stop(): void {
    this.spend();
    this.link.stop();
  }

  /** Ends it now, whatever it does. @param reason told to the invocation that it runs */
  kill(reason?: string): void {
    this.reason ??= reason;
    this.spend();
    this.link.kill();
  }

  /** The start was for nobody who waits: it is no cold start of an invocation. */
  forgetInit(): void {
    this.initMs = undefined;
  }

  snapshot(): InstanceSnapshot {
    const { id, state, version, startedAt, served, pid, cpu, memoryMb } = this;
    return {
      id,
      state,
      version,
      startedAt,
      invocations: served,
      ...(pid === undefined ? {} : { pid }),
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryMb === undefined ? {} : { memoryMb }),
    };
  }

  private events(): LinkEvents {
    return {
      ready: () => this.onReady(),
      initFailed: (body) => this.onInitError(body),
      result: (payload, peakKb) => this.onResult(payload, peakKb),
      error: (origin, payload, peakKb) => this.onError(origin, payload, peakKb),
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
    if (this.state !== 'starting') return;
    this.initTimer?.cancel();
    this.output.flush();
    this.initMs = this.options.clock.monotonic() - this.bornAt;
    this.state = 'idle';
    this.options.events.ready(this);
  }

  private onResult(payload: Buffer, peakKb: number | undefined): void {
    const maxMemoryMb = this.measured(peakKb);
    if (maxMemoryMb > this.options.function.memoryMb) return this.outOfMemory(maxMemoryMb);
    this.settle(payload.length > MAX_PAYLOAD_BYTES ? tooLarge(maxMemoryMb) : { ok: true, payload, maxMemoryMb });
  }

  private onError(origin: 'handler' | 'response', payload: Buffer, peakKb: number | undefined): void {
    const maxMemoryMb = this.measured(peakKb);
    if (maxMemoryMb > this.options.function.memoryMb) return this.outOfMemory(maxMemoryMb);
    this.settle(reported(origin === 'response' ? 'response' : 'function', payload, maxMemoryMb));
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
    const maxMemoryMb = this.measured(peakKb);
    if (maxMemoryMb > this.options.function.memoryMb) return this.outOfMemory(maxMemoryMb);
    if (this.streamed) this.settle(this.streamed.end(error, maxMemoryMb));
  }

  private measured(peakKb: number | undefined): number {
    const mb = peakKb === undefined ? (this.memoryMb ?? 0) : Math.ceil(peakKb / 1_024);
    this.maxMemoryMb = mb;
    return mb;
  }

  sample(cpu: number, memoryMb: number): void {
    this.cpu = cpu;
    this.memoryMb = memoryMb;
    if (memoryMb > this.options.function.memoryMb) this.outOfMemory(memoryMb);
  }

  /** Above its memory limit, now or since it was last looked at: Lambda would have killed it then. */
  private outOfMemory(memoryMb: number): void {
    if (this.spent) return;
    this.maxMemoryMb = memoryMb;
    this.line(`[faultline] killed: ${memoryMb} MB used of ${this.options.function.memoryMb} MB`);
    this.kill(exitMessage({ code: null, signal: 'SIGKILL' }));
  }

  private onFatal(payload: Buffer): void {
    const work = this.work;
    this.spend(true);
    if (work) this.settle(reported('exit', payload, this.maxMemoryMb));
  }

  private onInitError({ error, place }: InitErrorBody): void {
    const failure = initFailed(error.errorType, error.errorMessage, Buffer.from(JSON.stringify(error)));
    this.fail({ failure, ...(place === undefined ? {} : { place }) });
  }

  private onTimeout(): void {
    if (this.work) this.expire(this.work.requestId, this.timeoutMs);
  }

  private onInitLimit(): void {
    const seconds = (INIT_LIMIT_MS / 1_000).toFixed(2);
    this.fail({ failure: initFailed('Sandbox.Timedout', `Init timed out after ${seconds} seconds`) });
    this.link.kill();
  }

  private onUnstartable(error: Error): void {
    const { runtime } = this.options.function;
    const program = runtime === 'python' ? 'Python' : 'Node.js';
    this.fail({
      failure: initFailed('Runtime.InvalidEntrypoint', `${program} could not be started: ${error.message}`),
      hint: `install ${program}, or set FAULTLINE_${runtime.toUpperCase()} to the program to use`,
    });
    this.options.events.gone(this);
  }

  private fail(failure: StartFailure): void {
    if (this.state !== 'starting') return;
    this.initTimer?.cancel();
    this.output.flush();
    this.state = 'stopping';
    this.options.events.failed(this, failure);
  }

  private line(text: string): void {
    const requestId = this.lastRequestId;
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
    this.fail({ failure: initFailed('Runtime.ExitError', message) });
    this.spend(true);
    if (this.work) this.settle(exited(this.work.requestId, message, this.maxMemoryMb));
    this.output.flush();
    this.options.events.gone(this);
  }

  private spend(unexpected = false): void {
    if (this.state === 'stopping') return;
    this.initTimer?.cancel();
    this.deadline.dispose();
    this.state = 'stopping';
    this.options.events.spent(this, unexpected);
  }

  private settle(result: RunResult): void {
    const resolve = this.resolve;
    if (!resolve) return;
    this.resolve = undefined;
    this.deadline.clear();
    this.work = undefined;
    this.streamed = undefined;
    this.output.flush();
    resolve(result);
  }
}
