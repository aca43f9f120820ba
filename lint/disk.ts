import { readFileSync, statSync } from 'node:fs';
import { decodeSource } from './decode.js';
import type { ProjectFiles } from './project.js';

/** The project on this machine's disk, for linters that run on Node: each file is read once, until it is forgotten. */

/** Above this a file is data or a bundle, and no import is followed into it. */
const maxBytes = 1024 * 1024;

export interface DiskFiles extends ProjectFiles {
  /** A file was written, made or removed. */
  forget(path: string): void;
}

/** Guesses at where an import leads name folders that are files, and worse: whatever cannot be read is no file. */
function isSource(path: string): boolean {
  try {
    const info = statSync(path, { throwIfNoEntry: false });
    return info?.isFile() === true && info.size <= maxBytes;
  } catch {
    return false;
  }
}

export function diskFiles(): DiskFiles {
  const known = new Map<string, boolean>();
  const isFile = (path: string): boolean => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const is = isSource(path);
    known.set(path, is);
    return is;
  };
  return {
    isFile,
    read(path) {
      try {
        const decoded = isFile(path) ? decodeSource(readFileSync(path)) : undefined;
        return decoded !== undefined && 'text' in decoded ? decoded.text : undefined;
      } catch {
        return undefined;
      }
    },
    forget: (path) => void known.delete(path),
  };
}

/** Files that are looked at again and again, and do not change while we run: manifests, lock files. */
export function readOnce(): ProjectFiles {
  const disk = diskFiles();
  const texts = new Map<string, string | undefined>();
  return {
    isFile: (path) => disk.isFile(path),
    read(path) {
      if (!texts.has(path)) texts.set(path, disk.read(path));
      return texts.get(path);
    },
  };
}
