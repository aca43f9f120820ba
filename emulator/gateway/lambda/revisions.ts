import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { FunctionConfig } from '../../contract/config.js';

/** A UUID that is the same for the same text. */
export function stableUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // Version and variant as in a random one, which is what clients may check.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface Revision {
  /** RevisionId: changes when the config does. */
  readonly id: string;
  /** LastModified: epoch ms when this config was first looked at. */
  readonly at: number;
}

/** Which version of a function's config there is, and since when; kept, since configs are made anew by every reload. */
export class Revisions {
  readonly #clock: Clock;
  readonly #latest = new Map<string, Revision>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(config: FunctionConfig): Revision {
    // Where it stands in the file is not a part of the function.
    const id = stableUuid(JSON.stringify({ ...config, line: 0 }));
    const latest = this.#latest.get(config.name);
    if (latest?.id === id) return latest;
    const revision = { id, at: this.#clock.now() };
    this.#latest.set(config.name, revision);
    return revision;
  }
}

/** `2024-05-02T19:43:05.951+0000`, as LastModified of a function is written [R]. */
export function lambdaTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
