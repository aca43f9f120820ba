import type { FunctionConfig } from '../../contract/config.js';
import type { DebuggerPort } from '../../contract/snapshot.js';
import type { LinkEvents, RuntimeLink } from '../link.js';
import type { Launch, ProcessOptions } from '../process.js';
import type { StartFailure } from '../instance.js';

/** Starts a process and the conversation with it. */
export type Connect = (options: Omit<ProcessOptions, 'channel'>, events: LinkEvents) => RuntimeLink;

/** A version of a function's code, made ready to be started. */
export interface Build {
  readonly launch: Launch;
  /** Starts a process of it and the conversation with it. */
  readonly connect: Connect;
  /** The source itself runs: once it has changed on disk, this version cannot be started again. */
  readonly inPlace: boolean;
  /** Absolute paths of the files it was made from; undefined when not known. */
  readonly inputs?: readonly string[];
  /** Removes what was made; called when nothing runs it any more. */
  dispose(): Promise<void>;
}

export interface BuildContext {
  readonly function: FunctionConfig;
  readonly root: string;
  readonly nodePath: string;
  readonly pythonPath: string;
  /** Folder of the bootstraps. */
  readonly runtimesDir: string;
  /** Folder of this pool's bundles; need not exist. */
  readonly buildDir: string;
  /** Where esbuild is when it is not installed beside the emulator. */
  readonly vendorDir?: string;
  /** Distinguishes the builds of a function. */
  readonly serial: number;
}

/** A language: how to make its code ready, and which files it is made of. */
export interface RuntimeKind {
  /** What its instances can be debugged with. */
  readonly debugger?: DebuggerPort['protocol'];
  /**
   * Whether a file that is not known to be an input may be read by a handler all the same; both absolute.
   * @param scanned whether the inputs are known
   */
  reads(handler: string, file: string, scanned: boolean): boolean;
  /** @throws BuildFailed */
  build(context: BuildContext): Promise<Build>;
  /** Nothing more is built for this function. */
  close?(context: Pick<BuildContext, 'buildDir'>): void;
  /** Every file that the current source imports, absolute; undefined when that cannot be told. Slow; for the watcher. */
  scan?(context: BuildContext): Promise<readonly string[] | undefined>;
  /** Finds the place of an error that the runtime itself does not locate. */
  locate?(context: BuildContext): Promise<StartFailure['place']>;
}

/** The code does not build: what an instance that fails to start would say. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed';
  constructor(readonly start: StartFailure) {
    super(start.failure.message);
  }
}
