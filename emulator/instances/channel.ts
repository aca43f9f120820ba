import type { Clock } from '../clock.js';
import { encodeFrame, ErrorOrigin, Frame, FrameParser, LogKind, writeInvoke } from './frames.js';
import type { DebuggerBody, InitErrorBody } from './frames.js';
import type { LinkEvents, RuntimeLink } from './link.js';
import { GroupProcess, type ProcessOptions } from './process.js';
import type { ReportedOperation, Work } from './types.js';

/** How long a process has to end by itself, in ms, before it is killed. */
const STOP_MS = 500;

/** A process with one of our bootstraps: frames on its file descriptor 3 (see frames.ts). */
export class ChannelLink implements RuntimeLink {
  private readonly process: GroupProcess;
  private readonly clock: Clock;

  constructor(
    options: Omit<ProcessOptions, 'channel'>,
    private readonly events: LinkEvents,
  ) {
    this.clock = options.clock;
    this.process = new GroupProcess({ ...options, channel: true }, events);
    this.listen();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  invoke({ requestId: id, payload, deadline, arn, effects, clientContext, traceId }: Work): void {
    const header = JSON.stringify({ id, deadline, arn, effects, clientContext, traceId });
    if (this.process.channel) writeInvoke(this.process.channel, header, payload);
  }

  proceed(): void {
    this.process.channel?.write(encodeFrame(Frame.Proceed));
  }

  pause(): void {
    this.process.channel?.pause();
  }

  resume(): void {
    this.process.channel?.resume();
  }

  freeze(): void {
    this.process.signal('SIGSTOP');
  }

  thaw(): void {
    this.process.signal('SIGCONT');
  }

  stop(): void {
    this.process.channel?.write(encodeFrame(Frame.Stop));
    this.clock.after(STOP_MS, () => this.kill());
  }

  terminate(): void {
    if (process.platform === 'win32') return this.kill();
    this.process.signal('SIGTERM');
    this.clock.after(STOP_MS, () => this.kill());
  }

  kill(): void {
    this.process.signal('SIGKILL');
  }

  private listen(): void {
    const parser = new FrameParser((type, body) => this.onFrame(type, body));
    const { channel } = this.process;
    channel?.on('data', (chunk: Buffer) => {
      if (this.understood(parser, chunk)) return;
      channel.removeAllListeners('data').resume();
      this.events.garbage('the channel of the runtime (file descriptor 3) carried data that is not its own');
      this.kill();
    });
  }

  /** Frames that are whole but make no sense are garbage too: nothing that a handler writes may throw in here. */
  private understood(parser: FrameParser, chunk: Buffer): boolean {
    try {
      return parser.push(chunk);
    } catch {
      return false;
    }
  }

  private onFrame(type: number, body: Buffer): void {
    const { events } = this;
    switch (type) {
      case Frame.Result:
        return events.result(body.subarray(4), body.readUInt32LE(0));
      case Frame.Error: {
        const origin = body[4] === ErrorOrigin.Response ? 'response' : 'handler';
        return events.error(origin, body.subarray(5), body.readUInt32LE(0));
      }
      case Frame.Log:
        return this.onLog(body);
      case Frame.Operation:
        return events.operation(JSON.parse(body.toString()) as ReportedOperation);
      case Frame.StreamStart:
        return events.streamStart(body.toString());
      case Frame.StreamChunk:
        return events.streamChunk(body);
      case Frame.StreamEnd:
        return events.streamEnd(body.length > 4 ? body.subarray(4) : undefined, body.readUInt32LE(0));
      case Frame.Debugger:
        return events.debugger?.(JSON.parse(body.toString()) as DebuggerBody);
      case Frame.Ready:
        return events.ready();
      case Frame.InitError:
        return events.initFailed(JSON.parse(body.toString()) as InitErrorBody);
      case Frame.Fatal:
        return events.fatal(body);
    }
  }

  private onLog(body: Buffer): void {
    const kind = body[0];
    if (kind === LogKind.Message) this.events.message(body.toString('utf8', 1));
    else this.events.output(kind === LogKind.Stdout ? 'stdout' : 'stderr', body.subarray(1));
  }
}
