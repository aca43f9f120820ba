import type { IncomingMessage } from 'node:http';

/** A streamed response on its way from the runtime. */
export interface Upload {
  pause(): void;
  resume(): void;
}

export interface UploadEvents {
  chunk(chunk: Buffer): void;
  /** Once. @param complete false when the runtime hung up before the end @param bytes that were read */
  end(complete: boolean, bytes: number): void;
}

/** Reads a body piece by piece, no faster than it is taken. */
export function receive(request: IncomingMessage, events: UploadEvents): Upload {
  let bytes = 0;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    events.end(request.complete, bytes);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    events.chunk(chunk);
  });
  request.once('end', end);
  // After an abort there is no `end`.
  request.once('close', end);
  request.on('error', () => undefined);
  return { pause: () => void request.pause(), resume: () => void request.resume() };
}
