/** What the configuration says of the code: which file is which function, and who calls it. Given by whoever runs us. */

/**
 * Who calls a handler, and so what its failure means.
 *
 * `http`: somebody waits for an answer. `queue` and `stream`: a batch that is delivered again when it fails.
 * `schedule` and `event` (SNS, S3, EventBridge, …): one event that the platform tries again. `invoke`: a program that
 * gets the error. `unknown`: neither the configuration nor the code shows it.
 */
export type HandlerKind = 'http' | 'queue' | 'stream' | 'schedule' | 'event' | 'invoke' | 'unknown';

/** Milliseconds after which an HTTP API answers 503 itself (FACTS.md, section 2). */
export const HTTP_API_MS = 30_000;

/** True where nobody waits: a failure must reach the platform, which tries again. */
export function isAsynchronous(kind: HandlerKind): boolean {
  return kind === 'queue' || kind === 'stream' || kind === 'schedule' || kind === 'event';
}

/** A function as the configuration has it. */
export interface DeployedFunction {
  readonly name: string;
  /** Absolute path of the file that its handler is in, before compilation. */
  readonly file: string;
  /** The export that is called: `handler`. */
  readonly export: string;
  /** As the platform names it: `nodejs22.x`, `python3.13`. */
  readonly runtime: string;
  readonly timeoutMs: number;
  /** Everybody who calls it; empty where nothing is configured. */
  readonly kinds: readonly HandlerKind[];
  /** Milliseconds after which the gateway in front gives up: 29 000 for a REST API, 30 000 for an HTTP API. */
  readonly gatewayMs?: number;
  /** Its routes, `POST /orders/{id}`, where they are known. */
  readonly routes?: readonly string[];
  /** Messages of one invocation at most, where queues deliver to it. */
  readonly batchSize?: number;
}

/** The kind that all callers share; undefined where they differ or nothing is configured. */
export function kindOf(deployed: DeployedFunction | undefined): HandlerKind | undefined {
  const kinds = new Set(deployed?.kinds);
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** What a linter is told about the project around a file; everything is optional knowledge. */
export interface Surroundings {
  /** The functions whose handlers are in this file. */
  readonly functions: readonly DeployedFunction[];
  /** Version of a package or distribution that the project has installed, or pins; undefined where nothing tells. */
  installed(name: string): string | undefined;
}

export const noSurroundings: Surroundings = { functions: [], installed: () => undefined };

/** Seconds of the shortest timeout among the functions of a file. */
export function shortestTimeout(around: Surroundings): number | undefined {
  const all = around.functions.map((each) => each.timeoutMs / 1_000);
  return all.length === 0 ? undefined : Math.min(...all);
}
