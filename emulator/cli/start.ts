import path from 'node:path';
import type { LogEvent, ReadyLine } from '../contract/control.js';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import type { Emulator, StartEmulator } from '../contract/library.js';
import type { Snapshot } from '../contract/snapshot.js';
import { activityBetween } from './activity.js';
import type { Activity } from './activity.js';
import { activityText } from './activity-text.js';
import { portNumber, storeName, timeScale } from './arguments.js';
import { bannerText } from './banner.js';
import { withSkipped } from './skipped.js';
import { aborted } from '../signal.js';
import { createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

interface StartFlags {
  readonly port: number;
  readonly controlPort: number;
  readonly host?: string;
  readonly seed?: string;
  readonly watch: boolean;
  readonly timeScale?: number;
  readonly store?: string;
  readonly faultHeader?: boolean;
  readonly json?: boolean;
}

const GATEWAY_PORT = 3000;
const CONTROL_PORT = 3001;

/** Imported late: `start --help` and a mistyped option must not wait for the engine. */
const loadEmulator = async (): Promise<StartEmulator> => (await import('../emulator.js')).startEmulator;

/** `faultline start`: serves until it is stopped, and tells what happens. */
export const startCommand = createStartCommand(loadEmulator);

/** @param load injected in tests */
export function createStartCommand(load: () => Promise<StartEmulator>): CliCommand {
  return {
    register(program, io, done) {
      program
        .command('start')
        .description('Serve the functions of a folder until Ctrl+C')
        .argument('[dir]', 'folder with faultline.yaml', '.')
        .option('--port <n>', 'port of the gateway; 0 picks a free one', portNumber, GATEWAY_PORT)
        .option(
          '--control-port <n>',
          'port of the control API and the dashboard; 0 picks a free one',
          portNumber,
          CONTROL_PORT,
        )
        .option('--host <host>', 'interface to bind (default: this machine only)')
        .option('--seed <seed>', 'repeat a run: the same seed gives the same faults (default: a random one)')
        .option('--no-watch', 'do not reload on edits')
        .option(
          '--time-scale <n>',
          'retries, ages and schedules of asynchronous invocations run n times faster (default: 1)',
          timeScale,
        )
        .option(
          '--store <where>',
          'where events and messages are kept: memory, file or redis://HOST:PORT (default: file, in .faultline)',
          storeName,
        )
        .option('--fault-header', 'let requests ask for faults of their own in the header x-faultline-fault, for tests')
        .option('--json', 'one JSON object a line: first where it is, then what happens')
        .action(async (dir: string, flags: StartFlags) => done(await start(dir, flags, io, load)));
    },
  };
}

async function start(dir: string, flags: StartFlags, io: CliIo, load: () => Promise<StartEmulator>): Promise<number> {
  const style = createStyle(io.color);
  try {
    const startEmulator = await load();
    const emulator = await startEmulator({
      root: path.resolve(io.cwd, dir),
      port: flags.port,
      controlPort: flags.controlPort,
      watch: flags.watch,
      stateFile: true,
      log: (message) => io.stderr(`${style.dim(message)}\n`),
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(flags.timeScale === undefined ? {} : { timeScale: flags.timeScale }),
      ...(flags.faultHeader ? { faultHeader: true } : {}),
      ...(flags.store === undefined ? {} : { store: flags.store }),
    });
    await serve(emulator, flags.json ? jsonTeller(io) : humanTeller(io), io);
    return ExitCode.Ok;
  } catch (error) {
    // For the program that reads the lines; people read the same on standard error.
    if (flags.json) io.stdout(`${JSON.stringify({ error: FaultlineError.from(error).toJSON() })}\n`);
    throw error;
  }
}

/** How what happens is told. */
interface Teller {
  /** Every invocation, also those that a snapshot has no room for. */
  readonly complete: boolean;
  ready(emulator: Emulator, snapshot: Snapshot): void;
  tell(activity: Activity): void;
  stopping(): void;
}

/** Until a signal comes, or somebody else stops the emulator. */
async function serve(emulator: Emulator, teller: Teller, io: CliIo): Promise<void> {
  let before: Snapshot = emulator.snapshot();
  teller.ready(emulator, before);
  // What was wrong from the start has been said by nobody yet.
  for (const activity of activityBetween(undefined, before)) teller.tell(activity);
  const followed = emulator.events({
    onSnapshot(snapshot) {
      const happened = activityBetween(before, snapshot);
      for (const activity of teller.complete ? withSkipped(happened, before, snapshot, emulator) : happened)
        teller.tell(activity);
      before = snapshot;
    },
    onLog: (event: LogEvent) => teller.tell({ type: 'log', ...event }),
  });
  await Promise.race([emulator.closed, aborted(io.signal)]);
  teller.stopping();
  await emulator.stop();
  await followed;
}

function jsonTeller(io: CliIo): Teller {
  const line = (value: unknown): void => io.stdout(`${JSON.stringify(value)}\n`);
  return {
    complete: true,
    ready({ url, control }) {
      const ready: ReadyLine = { gateway: url, control: control.url, token: control.token, pid: process.pid };
      line(ready);
    },
    tell: line,
    stopping: () => line({ type: 'stopping' }),
  };
}

function humanTeller(io: CliIo): Teller {
  const style = createStyle(io.color);
  let nameWidth = 0;
  return {
    complete: false,
    ready({ control }, snapshot) {
      nameWidth = Math.max(0, ...snapshot.functions.map(({ name }) => name.length));
      io.stdout(bannerText(snapshot, control, style));
    },
    tell(activity) {
      for (const text of activityText(activity, style, nameWidth)) io.stdout(`${text}\n`);
    },
    stopping: () => io.stdout(style.dim('stopping; running invocations finish first\n')),
  };
}
