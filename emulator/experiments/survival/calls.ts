import type { Clock } from '../../clock.js';
import type { Emulator } from '../../contract/library.js';
import { targetFunction } from '../target.js';
import { oneLine } from '../reporters/words.js';
import type { Checked } from './options.js';
import type { Answered } from './types.js';

/** The calls of a matcher: each ends, is timed, and is held against what the test asks. */

/** A call may take this much longer than the timeout of the function it reaches before it is given up, in ms. */
const SAFETY_MARGIN_MS = 10_000;
/** Where the function is not known, API Gateway's own 30 s count [D]. */
const DEFAULT_TIMEOUT_MS = 30_000;
const DETAIL_LENGTH = 160;

type Outcome = Pick<Answered, 'status' | 'detail'>;

export interface Caller {
  /** Within which an answer holds, in ms; Infinity when time does not count. */
  readonly withinMs: number;
  /** In words: `status below 500 within 3000 ms`. */
  readonly expectation: string;
  /** One call. Never rejects. */
  call(): Promise<Answered>;
  /** So many calls, `concurrency` at a time. */
  all(): Promise<readonly Answered[]>;
}

/** @param limit ms within which an answer holds; the timeout of the function that is called, when absent */
export function createCaller(emulator: Emulator, options: Checked, clock: Clock, limit?: number): Caller {
  const target = options.target as Parameters<typeof targetFunction>[1];
  const reached = targetFunction(emulator.snapshot().functions, target);
  const timeoutMs = reached?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const withinMs = limit ?? timeoutMs;
  const giveUpMs = timeoutMs + SAFETY_MARGIN_MS;
  const call = async (): Promise<Answered> => {
    const startedAt = clock.monotonic();
    const outcome = await send(emulator, options, clock, giveUpMs);
    const latencyMs = clock.monotonic() - startedAt;
    return { ...outcome, latencyMs, held: latencyMs <= withinMs && statusHolds(outcome, options.status) };
  };
  const statuses = options.status.length === 0 ? 'below 500' : options.status.join(' or ');
  return {
    withinMs,
    expectation: `status ${statuses}${withinMs === Infinity ? '' : ` within ${inMs(withinMs)}`}`,
    call,
    all: () => inTurns(options.requests, options.concurrency, call),
  };
}

export function statusHolds({ status }: Outcome, allowed: readonly number[]): boolean {
  if (typeof status !== 'number') return false;
  return allowed.length === 0 ? status < 500 : allowed.includes(status);
}

/** `concurrency` workers share the calls; answers in the order in which they were made. */
async function inTurns(
  total: number,
  concurrency: number,
  call: () => Promise<Answered>,
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) {
      const index = next++;
      answers[index] = await call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return answers;
}

/** Ends in any case: a hang must not hang the test. */
async function send(emulator: Emulator, options: Checked, clock: Clock, giveUpMs: number): Promise<Outcome> {
  const own = new AbortController();
  let giveUp: (outcome: Outcome) => void = () => undefined;
  const givenUp = new Promise<Outcome>((resolve) => (giveUp = resolve));
  const timer = clock.after(giveUpMs, () => {
    giveUp({ status: 'no answer', detail: `given up after ${inMs(giveUpMs)}` });
    own.abort();
  });
  const { request, invoke } = options.target;
  const answering =
    request === undefined
      ? invoked(emulator, invoke ?? '', options.event)
      : requested(emulator, request, options, own.signal);
  const outcome = await Promise.race([answering, givenUp]);
  timer.cancel();
  return outcome;
}

async function requested(
  emulator: Emulator,
  request: string,
  { headers: given, body }: Checked,
  signal: AbortSignal,
): Promise<Outcome> {
  const space = request.indexOf(' ');
  const headers = { ...(body === undefined || typeof body === 'string' ? {} : JSON_TYPE), ...lowerCased(given) };
  try {
    const reply = await emulator.fetch(request.slice(space + 1), {
      method: request.slice(0, space),
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // Until the last byte; a body that breaks off is no answer.
    return { status: reply.status, detail: excerpt(await reply.text()) };
  } catch (error) {
    return { status: 'no answer', detail: whyNot(error) };
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

async function invoked(emulator: Emulator, name: string, event: unknown): Promise<Outcome> {
  try {
    const { ok, payload } = await emulator.invoke(name, event ?? {});
    if (ok) return { status: statusOf(payload), detail: excerpt(JSON.stringify(payload) ?? '') };
    const { errorType, errorMessage } = payload as { errorType?: unknown; errorMessage?: unknown };
    const words = [errorType, errorMessage].filter((text) => typeof text === 'string' && text !== '');
    return { status: 'function error', detail: excerpt(words.join(': ')) };
  } catch (error) {
    return { status: 'no answer', detail: whyNot(error) };
  }
}

/** The `statusCode` of an HTTP-like result; a result without one is 200, as behind an HTTP API. */
function statusOf(payload: unknown): number {
  const code = (payload as { statusCode?: unknown } | null | undefined)?.statusCode ?? 200;
  return typeof code === 'number' && Number.isInteger(code) ? code : 200;
}

/** The reason that fetch hides in its cause: `ECONNRESET`. */
function whyNot(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return excerpt(cause?.code ?? cause?.message ?? message ?? String(error));
}

function excerpt(text: string): string {
  const line = oneLine(text);
  return line.length <= DETAIL_LENGTH ? line : `${line.slice(0, DETAIL_LENGTH)}…`;
}

export const inMs = (ms: number): string => `${String(Math.round(ms))} ms`;
