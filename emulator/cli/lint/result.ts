import type { Finding } from '../../contract/findings.js';

/** What linting one file gave; what a cache keeps and a worker sends. */
export interface FileResult {
  readonly findings: readonly Finding[];
  /** Why no rule ran on the file. */
  readonly left?: 'generated' | 'minified';
  /** Why it could not be read, in words. */
  readonly problem?: string;
  /** The project's files that the findings depend on besides the file itself. */
  readonly dependencies: readonly string[];
  /** The versions that were asked for, and the answers. */
  readonly versions: Readonly<Record<string, string | null>>;
}

/** What was looked up on the way to some results, beyond the files that they name. */
export interface Lookups {
  /** Paths at which there was nothing: something there would lead an import elsewhere. */
  readonly absent: readonly string[];
  /** Files that say how imports resolve: tsconfig.json, package.json. */
  readonly settings: readonly string[];
}
