import type { Command } from 'commander';

/** What a command may touch, so that tests can run it in-process. */
export interface CliIo {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whole standard input, for `-` arguments. */
  stdin(): Promise<string>;
  /** True when stdout is a terminal that wants colour. */
  readonly color: boolean;
  /** True when stdout is a terminal, on which a line can be written over. */
  readonly terminal?: boolean;
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One file a command: adds itself to the program; its action returns the exit code through `done`. */
export interface CliCommand {
  register(program: Command, io: CliIo, done: (exitCode: number) => void): void;
}
