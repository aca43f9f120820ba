import { Command, CommanderError } from 'commander';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import { formatError } from './failure.js';
import type { CliCommand, CliIo } from './types.js';
import { readVersion } from './version.js';

/** A command as the overview lists it; its file is read when it is the one that was asked for. */
interface Entry {
  readonly summary: string;
  readonly load: () => Promise<CliCommand>;
}

export const commands: Readonly<Record<string, Entry>> = {
  start: {
    summary: 'Serve the functions of a folder',
    load: async () => (await import('./start.js')).startCommand,
  },
  invoke: {
    summary: 'Invoke a function of the running emulator',
    load: async () => (await import('./invoke.js')).invokeCommand,
  },
  fault: {
    summary: 'Add, list and clear faults of the running emulator',
    load: async () => (await import('./fault.js')).faultCommand,
  },
  test: {
    summary: 'Run experiments: break functions on purpose and check what must hold',
    load: async () => (await import('./test.js')).testCommand,
  },
  import: {
    summary: 'Turn an experiment or faults of another tool into an experiment file',
    load: async () => (await import('./import.js')).importCommand,
  },
  export: {
    summary: 'Turn an experiment into one that runs elsewhere: AWS FIS, Chaos Toolkit',
    load: async () => (await import('./export.js')).exportCommand,
  },
  lint: {
    summary: 'Find missing error handling and timeouts in handlers',
    load: async () => (await import('./lint.js')).lintCommand,
  },
  init: {
    summary: 'Write a faultline.yaml for the handlers in this folder',
    load: async () => (await import('./init.js')).initCommand,
  },
};

/**
 * Runs one command line.
 * @param argv what follows the program's name
 * @returns the exit code; never rejects
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
    // Whoever pressed Ctrl+C knows why it ended.
    if (io.signal.aborted && isAbort(error)) return ExitCode.Failed;
    io.stderr(formatError(error, io.color));
    return FaultlineError.from(error).exitCode;
  }
}

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = ExitCode.Ok;
  const program = createProgram(io);
  const wanted = argv.filter((word) => !word.startsWith('-'));
  const name = wanted[0] === 'help' ? wanted[1] : wanted[0];
  await addCommands(program, io, (code) => (exitCode = code), name);
  await program.parseAsync([...argv], { from: 'user' });
  return exitCode;
}

export function createProgram(io: CliIo): Command {
  return new Command('faultline')
    .description('Run serverless functions as they run in the cloud, break them on purpose, and see what happens.')
    .version(readVersion(), '-V, --version')
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) });
}

/**
 * @param only the command to load; the others are only listed. All are loaded when it is `*`
 */
export async function addCommands(
  program: Command,
  io: CliIo,
  done: (exitCode: number) => void,
  only: string | undefined,
): Promise<void> {
  for (const [name, { summary, load }] of Object.entries(commands)) {
    if (only === '*' || name === only) (await load()).register(program, io, done);
    else program.command(name);
    // The overview reads the same, whichever command has been loaded.
    program.commands.find((command) => command.name() === name)?.summary(summary);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
