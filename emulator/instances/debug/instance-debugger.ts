import type { Clock, Timer } from '../../clock.js';
import type { DebuggerPort } from '../../contract/snapshot.js';
import type { DebuggerBody } from '../frames.js';
import type { DebuggerGate, Target } from './gate.js';

/** How long an invocation waits for a debugger, in ms, before it runs without one. */
export const ATTACH_MS = 60_000;

/** How long one that has attached may take to set its breakpoints, in ms, where it does not tell when it is done. */
const SET_UP_MS = 5_000;

/** What the inspector itself writes to standard error; the handler has nothing to do with it. */
const OWN_LINES =
  /^(Debugger listening on ws:\/\/|Debugger ending on ws:\/\/|For help, see: https:\/\/nodejs\.org\/|Debugger attached\.|Waiting for the debugger to disconnect)/;

/** What an instance is started with to be debugged. */
export interface DebugStart {
  readonly gate: DebuggerGate;
  /** The handler is not loaded before a debugger has set its breakpoints. */
  readonly wait: boolean;
  /** The gate is this instance's own. */
  readonly own: boolean;
}

export interface InstanceDebuggerEvents {
  /** Its port, or whether one is attached. */
  changed(): void;
  /** The handler may be loaded. */
  proceed(): void;
  detached(): void;
  /** @param text for the log */
  note(text: string): void;
}

/**
 * The debugger's side of one instance.
 *
 *   opened ──▶ listening ──attached──▶ set up: the handler loads ──▶ … ──detached
 *      └─ problem ─▶ the handler loads      └─ 60 s ─▶ the handler loads
 */
export class InstanceDebugger implements Target {
  port = 0;
  /** Where the gate listens; 0 until it does. */
  private gatePort = 0;
  private isAttached = false;
  private waiting: boolean;
  private timer: Timer | undefined;

  constructor(
    private readonly start: DebugStart,
    private readonly clock: Clock,
    private readonly events: InstanceDebuggerEvents,
  ) {
    this.waiting = start.wait;
  }

  /** Nothing times out: somebody looks at it, or is about to. */
  get holds(): boolean {
    return this.isAttached || this.waiting;
  }

  get snapshot(): DebuggerPort | undefined {
    if (this.gatePort === 0) return undefined;
    const { protocol } = this.start.gate;
    return { protocol, host: '127.0.0.1', port: this.gatePort, attached: this.isAttached };
  }

  /** The runtime has told how its debugger started. */
  opened(body: DebuggerBody): void {
    if ('problem' in body) return this.without(body.problem);
    this.port = body.port;
    this.start.gate.lead(this).then(
      (port) => this.listening(port),
      (error: unknown) => this.without(error instanceof Error ? error.message : String(error)),
    );
  }

  attached(): void {
    this.isAttached = true;
    if (this.waiting) this.proceedAfter(SET_UP_MS);
    this.events.changed();
  }

  ready(): void {
    this.proceed();
  }

  detached(): void {
    this.isAttached = false;
    this.events.detached();
    this.events.changed();
  }

  /** @returns whether a line of standard error is the inspector's, not the handler's */
  hears(line: string): boolean {
    if (!OWN_LINES.test(line)) return false;
    // Node ends when its debuggers have gone, and they wait for its end.
    if (line.startsWith('Waiting')) this.start.gate.hangUp(this);
    return true;
  }

  /** The process is gone, or is about to be. */
  close(): void {
    this.timer?.cancel();
    this.waiting = false;
    if (this.start.own) this.start.gate.close();
    else this.start.gate.hangUp(this);
  }

  private listening(port: number): void {
    this.gatePort = port;
    this.events.changed();
    if (!this.waiting) return;
    this.events.note(`waiting for a debugger (${this.start.gate.protocol}) at 127.0.0.1:${port}, 60 s at most`);
    this.proceedAfter(ATTACH_MS);
  }

  private proceedAfter(ms: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(ms, () => {
      if (!this.isAttached) this.events.note('no debugger has attached: it runs without one');
      this.proceed();
    });
  }

  private without(problem: string): void {
    this.events.note(`no debugger: ${problem}`);
    this.proceed();
  }

  private proceed(): void {
    this.timer?.cancel();
    if (!this.waiting) return;
    this.waiting = false;
    this.events.proceed();
  }
}
