/**
 * The one error of Faultline. A user error names the place (file, line, key) and the next step, and never shows a
 * stack; an internal error is our defect and does. Exit codes and HTTP statuses are stable: docs/errors.md lists them.
 */

/** Exit codes of the command line. Stable and documented. */
export const ExitCode = {
  Ok: 0,
  /** Findings, or an experiment whose expectations failed. */
  Failed: 1,
  /** Wrong use or wrong configuration. */
  Usage: 2,
  /** The emulator itself failed. */
  Emulator: 3,
  /** An abort threshold was crossed (k6's number). */
  Aborted: 99,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface ErrorEntry {
  readonly blame: 'user' | 'internal';
  /** HTTP status of the control API for this error. */
  readonly status: number;
  readonly exit: ExitCode;
}

export const errorTable = {
  CONFIG_NOT_FOUND: { blame: 'user', status: 400, exit: 2 },
  CONFIG_INVALID: { blame: 'user', status: 400, exit: 2 },
  HANDLER_NOT_FOUND: { blame: 'user', status: 400, exit: 2 },
  RUNTIME_NOT_FOUND: { blame: 'user', status: 400, exit: 2 },
  USAGE: { blame: 'user', status: 400, exit: 2 },
  PORT_IN_USE: { blame: 'user', status: 409, exit: 2 },
  ALREADY_RUNNING: { blame: 'user', status: 409, exit: 2 },
  NOT_RUNNING: { blame: 'user', status: 409, exit: 2 },
  FUNCTION_NOT_FOUND: { blame: 'user', status: 404, exit: 2 },
  INVOCATION_NOT_FOUND: { blame: 'user', status: 404, exit: 2 },
  FAULT_NOT_FOUND: { blame: 'user', status: 404, exit: 2 },
  FAULT_INVALID: { blame: 'user', status: 400, exit: 2 },
  EXPERIMENT_INVALID: { blame: 'user', status: 400, exit: 2 },
  EVENT_INVALID: { blame: 'user', status: 400, exit: 2 },
  NOT_FOUND: { blame: 'user', status: 404, exit: 2 },
  UNAUTHORIZED: { blame: 'user', status: 401, exit: 2 },
  FORBIDDEN: { blame: 'user', status: 403, exit: 2 },
  TOO_LARGE: { blame: 'user', status: 413, exit: 2 },
  STORE_UNAVAILABLE: { blame: 'user', status: 503, exit: 2 },
  STOPPING: { blame: 'user', status: 503, exit: 3 },
  INTERNAL: { blame: 'internal', status: 500, exit: 3 },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** Where a user error is: a file and, where known, the line and column (from 1) and the key path. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
}

/** How an error crosses the control API and `--json`. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly place?: ErrorPlace;
  /** More than one thing was wrong (a config with three typos): all of them, the first being this error itself. */
  readonly all?: readonly { readonly message: string; readonly place?: ErrorPlace }[];
}

export class FaultlineError extends Error {
  override readonly name = 'FaultlineError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: ErrorPlace | undefined;
  readonly all: ErrorBody['all'];

  constructor(
    code: ErrorCode,
    message: string,
    detail: { hint?: string; place?: ErrorPlace; cause?: unknown; all?: ErrorBody['all'] } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.hint = detail.hint;
    this.place = detail.place;
    this.all = detail.all;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get exitCode(): ExitCode {
    return errorTable[this.code].exit;
  }

  get blame(): 'user' | 'internal' {
    return errorTable[this.code].blame;
  }

  toJSON(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.place === undefined ? {} : { place: this.place }),
      ...(this.all === undefined ? {} : { all: this.all }),
    };
  }

  static fromJSON(body: ErrorBody): FaultlineError {
    const known = body.code in errorTable ? body.code : 'INTERNAL';
    return new FaultlineError(known, body.message, {
      ...(body.hint === undefined ? {} : { hint: body.hint }),
      ...(body.place === undefined ? {} : { place: body.place }),
      ...(body.all === undefined ? {} : { all: body.all }),
    });
  }

  /** Any thrown value as a FaultlineError; what is not one yet is our defect, so INTERNAL. */
  static from(error: unknown): FaultlineError {
    if (error instanceof FaultlineError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new FaultlineError('INTERNAL', message, { cause: error });
  }
}

/** `file:line:column` of a place, as terminals and editors link it; empty when the place has no file. */
export function formatPlace(place: ErrorPlace | undefined): string {
  if (place?.file === undefined) return '';
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}
