import { FaultlineError } from '../../contract/errors.js';

/** What is in the folder contradicts itself: told by LevelDB, or by us. */
export class Damage extends Error {
  readonly code = 'LEVEL_CORRUPTION';
}

/** LevelDB's own error is often the cause of a general one. */
function innermost(error: unknown): { readonly code?: unknown; readonly message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** Why it failed, for the end of a sentence: `No space left on device`. */
export function reasonOf(error: unknown): string {
  return innermost(error)
    .message.replace(/^(IO error|Corruption): /, '')
    .replace(/^.*: (?=[A-Z][a-z])/, '');
}

const isLocked = (error: unknown): boolean => innermost(error).code === 'LEVEL_LOCKED';

/**
 * Its files contradict each other or their checksums; one is missing; or one is shorter than another says, which LevelDB finds
 * when it asks the system for what is behind the end.
 */
export function isDamage(error: unknown): boolean {
  const { code, message } = innermost(error);
  if (code === 'LEVEL_CORRUPTION') return true;
  return code === 'LEVEL_IO_ERROR' && /Invalid argument$|No such file or directory$/.test(message);
}

/** Any error as one that says what to do. @param folder of the store */
export function unavailable(folder: string, error: unknown): FaultlineError {
  if (error instanceof FaultlineError) return error;
  if (isLocked(error)) return inUse(folder);
  const reason = reasonOf(error);
  return new FaultlineError('STORE_UNAVAILABLE', `messages cannot be kept in ${folder}: ${reason}`, {
    hint: /no space|quota|too large/i.test(reason)
      ? 'make room on the disk; nothing that was accepted is lost'
      : 'delivery.store: memory, or a Redis URL, does without this folder',
    cause: error,
  });
}

export const inUse = (folder: string): FaultlineError =>
  new FaultlineError('STORE_UNAVAILABLE', `another emulator uses ${folder}`, {
    hint: 'stop it, or give this one delivery.store: memory, or a Redis, which emulators can share',
  });

export const newer = (folder: string, version: number): FaultlineError =>
  new FaultlineError(
    'STORE_UNAVAILABLE',
    `${folder} was written by a newer Faultline (version ${String(version)} of the store)`,
    { hint: 'update Faultline, or move that folder away and begin with an empty one' },
  );
