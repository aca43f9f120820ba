import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { ExitStatus } from './outcomes.js';
import type { Reaper } from './reaper.js';

/** How to start a process of a version. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

export interface ProcessOptions {
  readonly launch: Launch;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly reaper: Reaper;
  /** Opens file descriptor 3 in both directions. */
  readonly channel: boolean;
}

export interface ProcessEvents {
  output(stream: 'pipe-stdout' | 'pipe-stderr', chunk: Buffer): void;
  /** Once, when the process has ended and everything it wrote has been read. */
  ended(status: ExitStatus): void;
  /** Instead of everything else: the command could not be started. */
  unstartable(error: Error): void;
}

/** How long pipes may stay open after the process has ended (something it started holds them), in ms. */
const LINGER_MS = 200;

/** A child process of its own process group. Killing it kills the group: whatever a handler starts ends with its instance. */
export class GroupProcess {
  /** Its file descriptor 3, when asked for. */
  readonly channel: Socket | undefined;
  private readonly child: ChildProcess;
  private status: ExitStatus | undefined;
  private open = 0;
  private done = false;

  constructor(
    private readonly options: ProcessOptions,
    private readonly events: ProcessEvents,
  ) {
    const { launch, cwd, env, channel, reaper } = options;
    this.child = spawn(launch.command, launch.args, {
      cwd,
      env,
      detached: true,
      windowsHide: true,
      stdio: channel ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe'],
    });
    this.channel = (this.child.stdio[3] as Socket | undefined) ?? undefined;
    if (this.child.pid !== undefined) reaper.add(this.child.pid);
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) events.unstartable(error);
    });
    this.child.once('exit', (code, signal) => this.exited({ code, signal }));
    this.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** To the whole group; nothing when it is gone, or where there are no process groups but for SIGKILL. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    const pid = this.child.pid;
    if (pid === undefined || this.done) return;
    try {
      if (process.platform !== 'win32') process.kill(-pid, signal);
      else if (signal === 'SIGKILL') this.child.kill(signal);
    } catch {
      // Nothing of the group is left.
    }
  }

  private listen(): void {
    this.child.stdout?.on('data', (chunk: Buffer) => this.events.output('pipe-stdout', chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.events.output('pipe-stderr', chunk));
    for (const stream of this.streams()) {
      this.open++;
      // A write to a process that has just ended fails; its end is told by `exit`.
      stream.on('error', () => undefined);
      stream.once('close', () => {
        this.open--;
        this.finish();
      });
    }
  }

  private streams(): readonly Readable[] {
    return [this.channel, this.child.stdout, this.child.stderr].filter((stream) => stream != null);
  }

  private exited(status: ExitStatus): void {
    this.status = status;
    this.signal('SIGKILL');
    // The channel's end may come only when it is written to or ended from this side.
    this.channel?.end();
    if (this.open > 0) {
      // What is left in a pipe that nobody reads keeps it open.
      for (const stream of this.streams()) stream.resume();
      this.options.clock.after(LINGER_MS, () => this.streams().forEach((stream) => stream.destroy()));
    }
    this.finish();
  }

  private finish(): void {
    if (this.done || this.status === undefined || this.open > 0) return;
    this.done = true;
    if (this.child.pid !== undefined) this.options.reaper.remove(this.child.pid);
    this.events.ended(this.status);
  }
}
