import type { IncomingMessage } from 'node:http';

/** Bodies of requests to servers of ours: bounded, and never an exception. */

const NOTHING = Buffer.alloc(0);

/**
 * What is read beyond the limit and thrown away, so that a client that sends first and reads later gets its 413 instead
 * of a broken connection; in bytes.
 */
const DISCARD_LIMIT = 32 * 1024 * 1024;

export type Body =
  | { readonly state: 'complete'; readonly bytes: Buffer }
  /** `ended`: all of it was read, so the connection can go on. */
  | { readonly state: 'too-large'; readonly size: number; readonly ended: boolean }
  /** The client hung up before the end. */
  | { readonly state: 'gone' };

/**
 * Value of a header, without `request.headers`: Node makes that object when it is first asked for, which a request without
 * a body need not pay.
 * @param lower the name in lower case
 */
export function headerOf(request: IncomingMessage, lower: string): string | undefined {
  const { rawHeaders } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === lower.length && name.toLowerCase() === lower) return rawHeaders[i + 1];
  }
  return undefined;
}

/** True when a request announces a body (RFC 9112, section 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  return (headerOf(request, 'content-length') ?? '0') !== '0' || headerOf(request, 'transfer-encoding') !== undefined;
}

/** Reads the whole body; one that was not announced is complete and empty. @param limit bytes */
export function readBody(request: IncomingMessage, limit: number, done: (body: Body) => void): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit + DISCARD_LIMIT) return done({ state: 'too-large', size: declared, ended: false });
  let chunks: Buffer[] = [];
  let size = 0;
  let settled = false;
  const settle = (body: Body): void => {
    if (settled) return;
    settled = true;
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks = [];
    if (size > limit + DISCARD_LIMIT) settle({ state: 'too-large', size, ended: false });
  });
  request.once('end', () => {
    if (size > limit) return settle({ state: 'too-large', size, ended: true });
    settle({ state: 'complete', bytes: joined(chunks, size) });
  });
  request.once('error', () => settle({ state: 'gone' }));
  request.once('close', () => settle({ state: 'gone' }));
}

function joined(chunks: readonly Buffer[], size: number): Buffer {
  if (chunks.length === 1) return chunks[0] ?? NOTHING;
  return chunks.length === 0 ? NOTHING : Buffer.concat(chunks, size);
}
