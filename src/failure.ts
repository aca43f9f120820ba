import type { ErrorBody, ErrorCode, ErrorPlace } from '../emulator/contract/errors.js';
import { t } from './text.js';

/** Why there is no emulator, in a shape that a view can show and act on. */

export interface Issue {
  readonly message: string;
  readonly place?: ErrorPlace;
}

export interface Failure {
  /** What can be done about it differs: another port, mending the config, naming a Node. */
  readonly reason: 'port' | 'config' | 'node' | 'other';
  readonly message: string;
  readonly hint?: string;
  /** Places to mend; empty when there is none. */
  readonly issues: readonly Issue[];
}

const reasons: Partial<Record<ErrorCode, Failure['reason']>> = {
  PORT_IN_USE: 'port',
  CONFIG_NOT_FOUND: 'config',
  CONFIG_INVALID: 'config',
  HANDLER_NOT_FOUND: 'config',
  RUNTIME_NOT_FOUND: 'node',
};

/** Terminal colours, which a view would show as litter. */
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** The ErrorBody on a line of JSON: bare, or under `error` as the control API has it. */
function bodyOf(line: string): ErrorBody | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(line) as unknown;
    if (isErrorBody(parsed)) return parsed;
    const inner = (parsed as { error?: unknown }).error;
    return isErrorBody(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

function fromBody(body: ErrorBody): Failure {
  const own = { message: body.message, ...(body.place === undefined ? {} : { place: body.place }) };
  return {
    reason: reasons[body.code] ?? 'other',
    message: body.message,
    ...(body.hint === undefined ? {} : { hint: body.hint }),
    issues: body.all ?? (body.place === undefined ? [] : [own]),
  };
}

function fromText(text: string): Failure {
  const reason = /EADDRINUSE|in use/i.test(text) ? 'port' : 'other';
  return { reason, message: text, issues: [] };
}

/**
 * What an emulator that ended before it was ready wanted to say.
 * @param output what it wrote, standard error and standard output together
 * @param ended exit code, or the signal that ended it
 */
export function readFailure(output: string, ended: number | string | null): Failure {
  const lines = output.replace(COLOURS, '').split('\n');
  for (const line of lines) {
    const body = bodyOf(line.trim());
    if (body !== undefined) return fromBody(body);
  }
  const text = lines
    .map((line) => line.trimEnd().replace(/^(faultline|error):\s*/i, ''))
    .filter((line) => line !== '')
    .slice(-6)
    .join('\n');
  return fromText(text === '' ? t('The emulator ended with {0} before it was ready.', String(ended)) : text);
}

export function failureOf(error: unknown, reason: Failure['reason'] = 'other'): Failure {
  return { reason, message: error instanceof Error ? error.message : String(error), issues: [] };
}

/** In one line. Hints for a wrong port or a wrong config speak to the command line: here there are buttons and places. */
export function failureText({ reason, message, hint }: Failure): string {
  const advice = reason === 'port' || reason === 'config' ? undefined : hint;
  return advice === undefined ? message : `${message} (${advice})`;
}
