/** How long a client waits when nothing is set, for a range of versions. Milliseconds; null waits for ever. */
export interface ClientDefaults {
  /** Comparators joined by a space: `>=8`, `>=4 <7`; `*` for every version there is. */
  readonly versions: string;
  readonly connectMs: number | null;
  /** How long one attempt waits for an answer once it is connected. */
  readonly requestMs: number | null;
  /** Where one limit holds for the whole call, whatever its parts take. */
  readonly totalMs?: number;
  /** Tries of one call, the first included. */
  readonly attempts: number;
  /** All pauses between the attempts together, at least. */
  readonly backoffMs?: number;
  readonly source: string;
  readonly note?: string;
}

/**
 * One client that waits: what it is called by, what bounds it, and what happens when nothing does. Data for both
 * languages; the rules' analysis has the code.
 */
export interface ClientFact {
  /** What findings call the dependency: `fetch`, `axios`, `aws-sdk`, `pg`. */
  readonly client: string;
  /** How messages name it where the code's own words do not do; by default `client`. */
  readonly label?: string;
  readonly language: 'javascript' | 'python';
  /** The packages (npm) or distributions (PyPI) whose version decides: the first that is installed. Empty for built-ins. */
  readonly packages: readonly string[];
  /** Matches the origin path of what is called: `axios.get`, `pg.Pool`, `requests.Session().get`. */
  readonly callee: RegExp;
  /** JavaScript: the index of the options argument. Python takes keywords; `positional` is where a bound may stand. */
  readonly options?: number;
  readonly positional?: number;
  /** Every group must have one of its options set, or the call can wait without end. `a.b` is `b` within `a`. */
  readonly bounds: readonly (readonly string[])[];
  /** Newest first. */
  readonly defaults: readonly ClientDefaults[];
  /** What happens when nothing is set. Continues "…: ". */
  readonly byDefault: string;
  /** What to write. Continues "Set ". */
  readonly write: string;
  /** Where the bounds are documented. */
  readonly source: string;
  /** The default is bounded, or nearly every handler has it: said, but quietly. */
  readonly quiet?: true;
  /** A long limit of this client counts as none: no function lives until it ends. */
  readonly longIsNone?: true;
  /** The rule that reports it; by default `missing-timeout`. */
  readonly rule?: 'aws-client-default';
  /** The option that a fix inserts, with {ms} or {s} for the bound. */
  readonly insert?: string;
  /** Needs more than options: which analysis looks at it. */
  readonly special?:
    | 'instance'
    | 'http'
    | 'socket'
    | 'aws-v2'
    | 'aws-v3'
    | 'chain'
    | 'last-options'
    | 'per-query'
    | 'knex'
    | 'python-none-only'
    | 'boto3';
}

/** A client as a project has it. */
export interface KnownClient {
  readonly fact: ClientFact;
  readonly defaults: ClientDefaults;
  /** How it waits when nothing is set: `long` outlives most functions. */
  readonly waits: 'forever' | 'long' | 'bounded';
  /** The version that decided; undefined where nothing tells it. */
  readonly version: string | undefined;
}
