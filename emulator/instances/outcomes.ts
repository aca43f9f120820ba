import type { ErrorKind } from '../contract/records.js';
import { MAX_PAYLOAD_BYTES } from '../contract/config.js';
import type { StartFailure } from './instance.js';
import { throttles, type ThrottleReason } from '../throttles.js';
import type { AcquireFailure, RunResult } from './types.js';

/** How runs end, in the words of Lambda (FACTS section 3). */

export type FailedRun = Extract<RunResult, { ok: false }>;

/** How a process ended: as Node tells it. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Go's names of signals, which is what Lambda's messages have. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}

function failed(kind: ErrorKind, type: string, message: string, maxMemoryMb?: number): FailedRun {
  const payload = errorPayload(type, message);
  return { ok: false, kind, type, message, payload, ...(maxMemoryMb === undefined ? {} : { maxMemoryMb }) };
}

/** @param timeoutMs the function's timeout; the message has it in seconds with two decimals [R] */
export function timedOut(requestId: string, timeoutMs: number, maxMemoryMb?: number): FailedRun {
  return failed(
    'timeout',
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: ${timeoutMessage(timeoutMs)}`,
    maxMemoryMb,
  );
}

/** `Task timed out after 3.00 seconds`, without a request id in front. */
export function timeoutMessage(timeoutMs: number): string {
  return `Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
}

/** `Runtime exited with error: exit status 1`, without a request id in front. */
export function exitMessage(status: ExitStatus): string {
  if (status.signal !== null) {
    return `Runtime exited with error: signal: ${SIGNAL_NAMES[status.signal] ?? status.signal}`;
  }
  if (status.code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${status.code}`;
}

export function exited(requestId: string, message: string, maxMemoryMb?: number): FailedRun {
  return failed('exit', 'Runtime.ExitError', `RequestId: ${requestId} Error: ${message}`, maxMemoryMb);
}

/** The bootstraps refuse such a result themselves; this is for those that do not. */
export function tooLarge(maxMemoryMb?: number): FailedRun {
  const message = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
  return failed('response', 'Function.ResponseSizeTooLarge', message, maxMemoryMb);
}

/** What a bootstrap reported; its payload is passed on as it is. @param otherwise type when the payload tells none */
export function reported(kind: ErrorKind, payload: Buffer, maxMemoryMb?: number, otherwise = 'Error'): FailedRun {
  const { type, message } = described(payload, otherwise);
  return { ok: false, kind, type, message, payload, ...(maxMemoryMb === undefined ? {} : { maxMemoryMb }) };
}

function described(payload: Buffer, otherwise: string): { type: string; message: string } {
  try {
    const parsed = JSON.parse(payload.toString()) as { errorType?: unknown; errorMessage?: unknown };
    return { type: String(parsed.errorType ?? otherwise), message: String(parsed.errorMessage ?? '') };
  } catch {
    return { type: otherwise, message: 'the error could not be read' };
  }
}

/** An instance that could not be started. @param payload the bootstrap's, when it reported the error itself */
export function initFailed(type: string, message: string, payload?: Buffer): AcquireFailure {
  return { kind: 'init', type, message, payload: payload ?? errorPayload(type, message) };
}

/** A start that the platform ended or saw end: what its caller is told names the request [R]. */
export function initEnded(type: string, message: string, kind: 'init' | 'timeout' = 'init'): AcquireFailure {
  const payload = errorPayload(type, message);
  return {
    kind,
    type,
    message,
    payload,
    forRequest(requestId) {
      const told = `RequestId: ${requestId} Error: ${message}`;
      return { kind, type, message: told, payload: errorPayload(type, told) };
    },
  };
}

/** Whose start has failed for good: what it cost and what was printed is part of the invocation [R]. */
export function toldFailure({ failure, ms: usedMs = 0, log = [], maxMemoryMb }: StartFailure): AcquireFailure {
  return { ...failure, usedMs, log, ...(maxMemoryMb === undefined ? undefined : { maxMemoryMb }) };
}

/** 429 of the Invoke API [R]. */
export function throttled(reason: ThrottleReason = 'reserved'): AcquireFailure {
  return throttles[reason];
}
