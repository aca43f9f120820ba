import type { DebuggerBody, InitErrorBody } from './frames.js';
import type { ExitStatus } from './outcomes.js';
import type { OutputStream } from './output.js';
import type { ReportedOperation, Work } from './types.js';

/**
 * How an instance's host talks to what runs in its process, whatever the wire is: frames on file descriptor 3 for the
 * built-in runtimes, the Lambda Runtime API over HTTP for the others.
 */
export interface RuntimeLink {
  readonly pid: number | undefined;
  /** Hands over an invocation; at most one runs at a time. */
  invoke(work: Work): void;
  /**
   * Whether the process still works on an invocation that it has answered, and so is not to be given another one yet.
   * @param done called once, when it is ready for the next one or has ended; never when false is returned
   */
  linger?(done: () => void): boolean;
  /** Lets a runtime that waits for a debugger load its handler; only those that can wait have it. */
  proceed?(): void;
  /** Back-pressure of a streamed response: nothing more is read from the runtime until `resume`. */
  pause(): void;
  resume(): void;
  /** SIGSTOP and SIGCONT to the whole process group; nothing where there are no signals. */
  freeze(): void;
  thaw(): void;
  /** Ends an idle process: asked first, killed when it does not listen. */
  stop(): void;
  /** SIGTERM to the process group; killed when that does not end it. Where there are no signals, killed at once. */
  terminate(): void;
  /** Kills the process and everything in its group, now. */
  kill(): void;
}

/** What a link tells its instance. Peaks are resident memory in kB; undefined when the runtime does not measure it. */
export interface LinkEvents {
  /** Its debugger listens, or cannot; told before the handler is loaded, by an instance that was started with one. */
  debugger?(body: DebuggerBody): void;
  /** The handler is loaded: it can be invoked. */
  ready(): void;
  /** The handler did not load; the process ends after it. */
  initFailed(body: InitErrorBody): void;
  /** The whole result, JSON text unless the runtime is `provided`. */
  result(payload: Buffer, peakKb: number | undefined): void;
  /**
   * @param origin whether the handler failed, or its result could not be answered with
   * @param type of the error, for a payload that does not tell it
   */
  error(origin: 'handler' | 'response', payload: Buffer, peakKb: number | undefined, type?: string): void;
  /** An error of the running invocation (or of nothing) after which the process ends. @param payload error JSON */
  fatal(payload: Buffer): void;
  /** A streamed response begins. @param contentType empty when the handler gave none */
  streamStart(contentType: string): void;
  streamChunk(chunk: Buffer): void;
  /** @param error payload of an error that ended it, JSON; undefined when it is complete */
  streamEnd(error: Buffer | undefined, peakKb: number | undefined): void;
  operation(operation: ReportedOperation): void;
  /** One whole message of the log, which may have several lines. */
  message(text: string): void;
  output(stream: OutputStream, chunk: Buffer): void;
  /** The runtime sent what makes no sense; the process is being killed. @param reason for the user */
  garbage(reason: string): void;
  /** Once, when the process has ended and everything it wrote has been read. */
  ended(status: ExitStatus): void;
  /** Instead of everything else: the command could not be started. */
  unstartable(error: Error): void;
}
