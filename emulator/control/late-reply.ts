import type { Response } from 'express';
import type { Clock } from '../clock.js';
import { toFaultlineError } from './errors.js';

/** Clients give up on an answer that has not begun after 5 minutes (undici's default); a function may run for 15. */
export const LATE_MS = 60_000;

/**
 * An answer that may take long. From a minute on it is kept alive with spaces, which JSON allows in front; its status is
 * 200 then, so that an error, rare by then, is told by its body alone: `{error}`.
 */
export async function replyLate(response: Response, replying: Promise<unknown>, clock: Clock): Promise<void> {
  const keepAlive = (): void => {
    if (!response.headersSent) response.status(200).type('application/json');
    response.write(' ');
    timer = clock.after(LATE_MS, keepAlive);
  };
  let timer = clock.after(LATE_MS, keepAlive);
  response.on('close', () => timer.cancel());
  try {
    const reply = await replying;
    timer.cancel();
    if (response.headersSent) response.end(JSON.stringify(reply));
    else response.json(reply);
  } catch (error) {
    timer.cancel();
    if (!response.headersSent) throw error;
    response.end(JSON.stringify({ error: toFaultlineError(error).toJSON() }));
  }
}
