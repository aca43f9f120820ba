import type { ServerResponse } from 'node:http';
import { delay, type Clock } from '../clock.js';
import { send, type Reply } from '../http-reply.js';
import type { Sending } from '../instances/types.js';

/** What is written in one piece of a body that comes at a rate, ms of it. */
const INTERVAL_MS = 100;

/**
 * Writes the answer as a fault wants it sent: true HTTP up to where it breaks, and then as broken as a network or a server that
 * dies makes it.
 * @param close true asks the client not to reuse the connection
 * @param more further names and values of headers
 */
export function sendSpoilt(
  clock: Clock,
  response: ServerResponse,
  reply: Reply,
  sending: Sending,
  close: boolean,
  ...more: string[]
): void {
  const whole = Buffer.from(reply.body ?? '');
  const body = sending.spoil?.(whole) ?? whole;
  const { cut = false, delayMs = 0, bytesPerSecond = 0 } = sending;
  const bodiless = response.req.method === 'HEAD' || reply.status === 204 || reply.status === 304;
  const missing = cut && body.length < whole.length;
  if (bodiless || (!missing && delayMs === 0 && bytesPerSecond === 0)) {
    return send(response, { ...reply, body }, close, ...more);
  }
  if (response.headersSent || response.destroyed) return;
  const length = String(missing ? whole.length : body.length);
  const headers = [...reply.headers, ...more, ...(close ? ['connection', 'close'] : []), 'content-length', length];
  response.writeHead(reply.status, headers);
  response.flushHeaders();
  void write(clock, response, body, sending).then(() => {
    if (response.destroyed) return;
    // What was written arrives, then the connection ends without the end of the message.
    if (missing) response.socket?.end();
    else response.end();
  });
}

/** Resolves when everything is written, or the client has hung up. */
async function write(clock: Clock, response: ServerResponse, body: Buffer, sending: Sending): Promise<void> {
  const { delayMs = 0, bytesPerSecond = 0, ended } = sending;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = ended ? AbortSignal.any([ended, gone.signal]) : gone.signal;
  if (delayMs > 0) await delay(clock, delayMs, signal);
  const most = bytesPerSecond === 0 ? Infinity : Math.max(1, Math.floor((bytesPerSecond * INTERVAL_MS) / 1_000));
  for (let rest = body; rest.length > 0 && !response.destroyed;) {
    // Once the fault has ended, the rest comes at once.
    const piece = rest.subarray(0, signal.aborted ? Infinity : most);
    response.write(piece);
    rest = rest.subarray(piece.length);
    if (rest.length > 0) await delay(clock, (piece.length * 1_000) / bytesPerSecond, signal);
  }
}
