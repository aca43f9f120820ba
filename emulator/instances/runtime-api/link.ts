import type { Clock } from '../../clock.js';
import { Deadline } from '../deadline.js';
import { startProblem } from '../executable.js';
import type { LinkEvents, RuntimeLink } from '../link.js';
import type { ExitStatus } from '../outcomes.js';
import { GroupProcess, type ProcessOptions } from '../process.js';
import type { Work } from '../types.js';
import { HostEffects } from './effects.js';
import { RuntimeApiServer } from './server.js';
import { RuntimeSession, type SessionEvents } from './session.js';

/** How long a process has to end by itself, in ms, before it is killed: Lambda's shutdown phase with an extension [D]. */
const STOP_MS = 500;

/**
 * How long the outcome of an invocation is kept back from its caller while the runtime has not asked for the next event,
 * in ms. Nearly all ask at once; then a caller who comes again at once finds this instance idle, and starts no second one.
 */
const PATIENCE_MS = 50;

const NEVER_ASKED =
  '[faultline] the runtime has answered but not asked for the next event before the timeout: it is ended, as on Lambda';

/**
 * Any program that speaks the Lambda Runtime API: a server of its own on a loopback port, then the process that is told
 * of it. The port goes with the process.
 */
export class RuntimeApiLink implements RuntimeLink {
  private readonly clock: Clock;
  private readonly session: RuntimeSession;
  private readonly server: RuntimeApiServer;
  private readonly effects: HostEffects;
  /** For what the runtime does after it has answered. */
  private readonly lingerLimit: Deadline;
  private readonly patience: Deadline;
  private outcome: (() => void) | undefined;
  /** undefined until the server listens. */
  private process: GroupProcess | undefined;
  private unwanted = false;
  private answeredBy = 0;
  private whenFree: (() => void) | undefined;

  constructor(
    private readonly options: Omit<ProcessOptions, 'channel'>,
    private readonly events: LinkEvents,
  ) {
    this.clock = options.clock;
    this.effects = new HostEffects({ events, kill: () => this.kill() });
    this.lingerLimit = new Deadline(this.clock, () => this.onLingerLimit());
    this.patience = new Deadline(this.clock, () => this.tellOutcome());
    this.session = new RuntimeSession(this.sessionEvents());
    this.server = new RuntimeApiServer(this.session, this.clock);
    this.server.listen().then(
      (address) => this.start(address),
      (error: Error) => this.unstartable(error),
    );
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  invoke(work: Work): void {
    this.answeredBy = work.deadline;
    if (this.effects.begin(work.effects)) this.session.offer(work);
  }

  linger(done: () => void): boolean {
    if (!this.session.lingering) return false;
    this.whenFree = done;
    this.lingerLimit.set(Math.max(0, this.answeredBy - this.clock.now()));
    return true;
  }

  pause(): void {
    this.session.pause();
  }

  resume(): void {
    this.session.resume();
  }

  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  stop(): void {
    this.unwanted = true;
    this.process?.signal('SIGTERM');
    this.clock.after(STOP_MS, () => this.kill());
  }

  terminate(): void {
    if (process.platform === 'win32') this.kill();
    else this.stop();
  }

  kill(): void {
    this.unwanted = true;
    this.process?.signal('SIGKILL');
  }

  private start(address: string): void {
    if (this.unwanted) return this.ended({ code: null, signal: 'SIGKILL' });
    const { env } = this.options;
    try {
      this.process = new GroupProcess(
        { ...this.options, env: { ...env, AWS_LAMBDA_RUNTIME_API: address }, channel: false },
        {
          output: (stream, chunk) => this.events.output(stream, chunk),
          ended: (status) => this.ended(status),
          unstartable: (error) => this.unstartable(error),
        },
      );
    } catch (error) {
      // Some reasons are thrown, others told.
      this.unstartable(error as Error);
    }
  }

  private unstartable(error: NodeJS.ErrnoException): void {
    const { type, message } = startProblem(this.options.launch.command, error);
    this.events.initFailed({ error: { errorType: type, errorMessage: message } });
    this.ended({ code: null, signal: null });
  }

  private ended(status: ExitStatus): void {
    this.lingerLimit.dispose();
    this.patience.dispose();
    this.server.close(() => {
      // What it has answered comes first, although it ended in the same turn of the event loop.
      setImmediate(() => {
        this.tellOutcome();
        this.events.ended(status);
        this.free();
      });
    });
  }

  /** How the invocation has ended: for the caller, once the runtime is free or keeps everybody waiting. */
  private ends(outcome: () => void): void {
    this.effects.end(() => {
      this.outcome = outcome;
      // Never past the timeout: what was answered in time has not timed out.
      const left = this.answeredBy - this.clock.now() - 1;
      if (left > 0) this.patience.set(Math.min(left, PATIENCE_MS));
      else this.tellOutcome();
    });
  }

  private tellOutcome(): void {
    const { outcome } = this;
    this.outcome = undefined;
    this.patience.clear();
    outcome?.();
  }

  private free(): void {
    this.tellOutcome();
    const done = this.whenFree;
    this.whenFree = undefined;
    this.lingerLimit.clear();
    done?.();
  }

  private onLingerLimit(): void {
    this.events.message(NEVER_ASKED);
    this.kill();
  }

  private sessionEvents(): SessionEvents {
    const { events } = this;
    return {
      ready: () => events.ready(),
      initFailed: (body) => {
        events.initFailed(body);
        // It should end now, by itself.
        this.clock.after(STOP_MS, () => this.kill());
      },
      result: (payload, peak) => this.ends(() => events.result(payload, peak)),
      error: (...report) => this.ends(() => events.error(...report)),
      streamStart: (contentType) => events.streamStart(contentType),
      streamChunk: (chunk) => events.streamChunk(chunk),
      streamEnd: (error, peak) => this.ends(() => events.streamEnd(error, peak)),
      message: (text) => events.message(text),
      free: () => this.free(),
    };
  }
}
