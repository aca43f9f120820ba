import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.js';
import { encodeFrame, Frame, FrameParser, writeInvoke, type OnFrame } from './frames.js';
import type { ExitStatus } from './outcomes.js';
import type { Reaper } from './reaper.js';

/** How to start a process of a version. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

export interface ProcessEvents {
  readonly frame: OnFrame;
  /** The channel carried something that no bootstrap sends; the process is being killed. */
  garbage(): void;
  output(stream: 'pipe-stdout' | 'pipe-stderr', chunk: Buffer): void;
  /** Once, when the process has ended and everything it wrote has been read. */
  ended(status: ExitStatus): void;
  /** Instead of everything else: the command could not be started. */
  unstartable(error: Error): void;
}

/** How long an idle process has to end by itself, in ms, before it is killed. */
const STOP_MS = 500;
/** How long pipes may stay open after the process has ended (something it started holds them), in ms. */
const LINGER_MS = 200;

/**
 * A child process of its own process group with a private channel on its file descriptor 3. Killing it kills the group:
 * whatever a handler starts ends with its instance.
 */
export class RuntimeProcess {
  private readonly child: ChildProcess;
  private readonly channel: Socket | undefined;
  private status: ExitStatus | undefined;
  private open = 0;
  private done = false;

  constructor(
    launch: Launch,
    options: { readonly cwd: string; readonly env: Record<string, string> },
    private readonly clock: Clock,
    private readonly reaper: Reaper,
    private readonly events: ProcessEvents,
  ) {
    this.child = spawn(launch.command, launch.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.channel = this.child.stdio[3] as Socket | undefined;
    if (this.child.pid !== undefined) reaper.add(this.child.pid);
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) this.events.unstartable(error);
    });
    this.child.once('exit', (code, signal) => this.exited({ code, signal }));
    this.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @param header JSON text */
  invoke(header: string, payload: Buffer): void {
    if (this.channel) writeInvoke(this.channel, header, payload);
  }

  /** Ends an idle process: asked first, killed when it does not listen. */
  stop(): void {
    this.channel?.write(encodeFrame(Frame.Stop));
    this.clock.after(STOP_MS, () => this.kill());
  }

  /** Kills the process and everything in its group, now. */
  kill(): void {
    const pid = this.child.pid;
    if (pid === undefined || this.done) return;
    try {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }

  private listen(): void {
    const parser = new FrameParser(this.events.frame);
    const { channel } = this;
    channel?.on('data', (chunk: Buffer) => {
      if (this.understood(parser, chunk)) return;
      channel.removeAllListeners('data').resume();
      this.events.garbage();
      this.kill();
    });
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

  /** Frames that are whole but make no sense are garbage too: nothing that a handler writes may throw in here. */
  private understood(parser: FrameParser, chunk: Buffer): boolean {
    try {
      return parser.push(chunk);
    } catch {
      return false;
    }
  }

  private streams(): readonly Readable[] {
    return [this.channel, this.child.stdout, this.child.stderr].filter((stream) => stream != null);
  }

  private exited(status: ExitStatus): void {
    this.status = status;
    this.kill();
    // The channel's end may come only when it is written to or ended from this side.
    this.channel?.end();
    if (this.open > 0) this.clock.after(LINGER_MS, () => this.streams().forEach((stream) => stream.destroy()));
    this.finish();
  }

  private finish(): void {
    if (this.done || this.status === undefined || this.open > 0) return;
    this.done = true;
    if (this.child.pid !== undefined) this.reaper.remove(this.child.pid);
    this.events.ended(this.status);
  }
}
