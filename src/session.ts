import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { ControlClient } from '../emulator/client.js';
import type { LogEvent, ReadyLine, StateFile } from '../emulator/contract/control.js';
import type { Snapshot } from '../emulator/contract/snapshot.js';
import { activityLine } from './activity-line.js';
import { alive, endProcess, parseReady } from './child.js';
import { failureOf, readFailure, type Failure } from './failure.js';
import type { EmulatorProcess } from './launch.js';
import { t } from './text.js';

/**
 * One emulator at a time, as one state machine:
 *
 *   stopped ──start──▶ starting ──ready──▶ running ──stop──▶ stopping ──ended──▶ stopped
 *      │                  └──ended──▶ failed ◀──ended by itself──┘
 *      └──adopt (somebody else started it)──▶ running
 *
 * An emulator that this session started ends with it; an adopted one ends on an explicit stop only.
 */

export type SessionState =
  | { readonly status: 'stopped' }
  | { readonly status: 'starting'; readonly root: string }
  | {
      readonly status: 'running';
      readonly root: string;
      readonly ready: ReadyLine;
      /** False for an emulator that somebody else started. */
      readonly owned: boolean;
      readonly client: ControlClient;
    }
  | { readonly status: 'stopping'; readonly root: string }
  | { readonly status: 'failed'; readonly root: string; readonly failure: Failure };

export type Running = Extract<SessionState, { status: 'running' }>;

export interface StartChoice {
  readonly root: string;
  /** Any free ports instead of the configured ones. */
  readonly freePorts?: boolean;
}

/** What the session needs from outside; tests give it a fake child. */
export interface SessionHost {
  launch(choice: StartChoice): Promise<EmulatorProcess>;
  find(root: string): Promise<StateFile | undefined>;
  connect(to: { url: string; token: string }): Promise<ControlClient>;
  /** What the emulator itself says. */
  log(message: string): void;
  sleep(ms: number): Promise<void>;
}

interface SessionEvents {
  state: [SessionState];
  snapshot: [Snapshot];
  handlerLog: [LogEvent];
}

/** After this many failed reconnects an adopted emulator is taken for gone. */
const RECONNECTS = 5;

export class Session {
  readonly #host: SessionHost;
  readonly #events = new EventEmitter<SessionEvents>();
  #state: SessionState = { status: 'stopped' };
  #snapshot: Snapshot | undefined;
  #child: EmulatorProcess | undefined;
  #stream = new AbortController();
  #starting: Promise<Running | undefined> | undefined;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  get state(): SessionState {
    return this.#state;
  }

  get running(): Running | undefined {
    return this.#state.status === 'running' ? this.#state : undefined;
  }

  /** The newest; undefined unless running. */
  get snapshot(): Snapshot | undefined {
    return this.#state.status === 'running' ? this.#snapshot : undefined;
  }

  /** @returns stop listening */
  on<Name extends keyof SessionEvents>(name: Name, listener: (...args: SessionEvents[Name]) => void): () => void {
    this.#events.on(name, listener as never);
    return () => this.#events.off(name, listener as never);
  }

  /**
   * Running, whatever it takes: adopts an emulator that is there, else starts one.
   * @returns undefined when it failed (the state tells why) or was stopped meanwhile
   */
  start(choice: StartChoice): Promise<Running | undefined> {
    if (this.running) return Promise.resolve(this.running);
    this.#starting ??= this.#start(choice).finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Takes over an emulator that runs already for this folder. @returns whether there was one */
  async adopt(root: string): Promise<boolean> {
    // A start looks for itself.
    return this.#starting === undefined && (await this.#adopt(root)) !== undefined;
  }

  async stop(): Promise<void> {
    const state = this.#state;
    if (state.status !== 'running' && state.status !== 'starting') return;
    this.#stream.abort();
    this.#become({ status: 'stopping', root: state.root });
    const shutdown = state.status === 'running' ? state.client.shutdown().catch(() => undefined) : undefined;
    await this.#endChild(shutdown);
    await shutdown;
    this.#become({ status: 'stopped' });
  }

  /** With the editor: ends what was started here, and lets an adopted emulator be. */
  async dispose(): Promise<void> {
    this.#stream.abort();
    await this.#endChild(undefined);
    this.#events.removeAllListeners();
  }

  #become(state: SessionState): void {
    this.#state = state;
    if (state.status !== 'running') this.#snapshot = undefined;
    this.#events.emit('state', state);
  }

  async #adopt(root: string): Promise<Running | undefined> {
    if (this.#state.status !== 'stopped' && this.#state.status !== 'failed') return undefined;
    const found = await this.#host.find(root).catch(() => undefined);
    return found && (await this.#run(root, found, false).catch(() => undefined));
  }

  async #start(choice: StartChoice): Promise<Running | undefined> {
    const adopted = await this.#adopt(choice.root);
    if (adopted) return adopted;
    this.#become({ status: 'starting', root: choice.root });
    try {
      const child = await this.#host.launch(choice);
      if (this.#state.status !== 'starting') {
        child.kill();
        return undefined;
      }
      this.#child = child;
      const ready = await this.#whenReady(child, choice.root);
      return ready === undefined ? undefined : await this.#run(choice.root, ready, true);
    } catch (error) {
      this.#fail(choice.root, failureOf(error, this.#child === undefined ? 'node' : 'other'));
      await this.#endChild(undefined);
      return undefined;
    }
  }

  #fail(root: string, failure: Failure): void {
    if (this.#state.status === 'stopping' || this.#state.status === 'stopped') return;
    this.#stream.abort();
    this.#host.log(failure.message);
    this.#become({ status: 'failed', root, failure });
  }

  #log(line: string | undefined): void {
    if (line !== undefined) this.#host.log(line);
  }

  /** The first line, or undefined when the child ended instead; from then on its end is watched. */
  #whenReady(child: EmulatorProcess, root: string): Promise<ReadyLine | undefined> {
    return new Promise((done) => {
      let output = '';
      let ready: ReadyLine | undefined;
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (ready !== undefined) return this.#log(activityLine(line));
        ready = parseReady(line);
        // The ready line carries the token: it has no place in a log.
        if (ready === undefined) output += `${line}\n`;
        else done(ready);
      });
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (ready === undefined) output += `${line}\n`;
        this.#log(line);
      });
      child.once('error', (error) => {
        this.#fail(root, failureOf(error, 'node'));
        done(undefined);
      });
      child.once('close', (code, signal) => {
        if (this.#child === child) this.#child = undefined;
        const ended = code ?? signal;
        if (ready === undefined) this.#fail(root, readFailure(output, ended));
        else this.#fail(root, failureOf(t('The emulator ended by itself ({0}).', String(ended))));
        done(undefined);
      });
    });
  }

  async #endChild(asked: Promise<unknown> | undefined): Promise<void> {
    if (this.#child) await endProcess(this.#child, asked, (ms) => this.#host.sleep(ms));
  }

  async #run(root: string, ready: ReadyLine, owned: boolean): Promise<Running | undefined> {
    const client = await this.#host.connect({ url: ready.control, token: ready.token });
    const snapshot = await client.snapshot();
    // Meanwhile it may have ended, or have been adopted by the other of two that looked at once.
    if (owned && this.#child === undefined) return undefined;
    if (this.running) return this.running;
    const { gateway, control, token, pid } = ready;
    const running: Running = { status: 'running', root, ready: { gateway, control, token, pid }, owned, client };
    this.#stream = new AbortController();
    this.#snapshot = snapshot;
    this.#become(running);
    void this.#follow(running, this.#stream.signal);
    return running;
  }

  /** Reads the event stream as long as the emulator lives, again and again where it breaks. */
  async #follow(running: Running, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      const onSnapshot = (snapshot: Snapshot): void => {
        failures = 0;
        this.#snapshot = snapshot;
        if (!signal.aborted) this.#events.emit('snapshot', snapshot);
      };
      const onLog = (event: LogEvent): void => void this.#events.emit('handlerLog', event);
      await running.client.events({ onSnapshot, onLog, signal }).catch(() => undefined);
      if (signal.aborted) return;
      // The end of a child of ours is seen by itself; an adopted emulator only leaves silence behind.
      if (!running.owned && (failures >= RECONNECTS || !alive(running.ready.pid))) {
        this.#host.log(t('The emulator is gone.'));
        return this.#become({ status: 'stopped' });
      }
      await this.#host.sleep(Math.min(2_000, 100 * 2 ** failures));
    }
  }
}
