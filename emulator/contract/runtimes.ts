/**
 * What everybody must know of a runtime; how its code runs is in instances/runtimes/, one file each. A new runtime is a
 * line here, its file, and a line in that folder's registry.
 */
interface RuntimeFacts {
  /** Its program, as people call it. */
  readonly title: string;
  /** Endings of its handlers' files, in the order in which they are tried; none when a bootstrap takes the handler. */
  readonly endings: readonly string[];
  /**
   * Where the export begins in a handler, as the vendor's client reads it [S]: after the first dot of the file's name, so
   * that it may be nested, or after the last one, so that packages may be told by dots.
   */
  readonly exportAfter: 'first dot' | 'last dot';
  /** Lambda's name of what comes closest. */
  readonly lambdaName: string;
  /** AWS_EXECUTION_ENV, which has the version too on Lambda; an OS-only runtime has no such variable [D]. */
  readonly executionEnvironment: string | undefined;
  /** As INIT_START has it. */
  readonly logName: string;
  /** What helps when its program cannot be started. */
  readonly help: string;
}

export const runtimeFacts = {
  node: {
    title: 'Node.js',
    endings: ['.ts', '.mts', '.cts', '.mjs', '.js', '.cjs'],
    exportAfter: 'first dot',
    lambdaName: 'nodejs20.x',
    executionEnvironment: 'AWS_Lambda_nodejs',
    logName: 'nodejs',
    help: 'install Node.js, or set FAULTLINE_NODE to the program to use',
  },
  python: {
    title: 'Python',
    endings: ['.py'],
    exportAfter: 'last dot',
    lambdaName: 'python3.11',
    executionEnvironment: 'AWS_Lambda_python',
    logName: 'python',
    help: 'install Python, or set FAULTLINE_PYTHON to the program to use',
  },
  provided: {
    title: 'The bootstrap',
    endings: [],
    exportAfter: 'last dot',
    lambdaName: 'provided.al2023',
    executionEnvironment: undefined,
    logName: 'provided',
    help: 'run it by hand: what it says then is what keeps it from starting here',
  },
} as const satisfies Record<string, RuntimeFacts>;

export type Runtime = keyof typeof runtimeFacts;
export const RUNTIMES = Object.keys(runtimeFacts) as [Runtime, ...Runtime[]];
