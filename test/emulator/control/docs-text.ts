import { Command } from 'commander';
import { testIo } from '../../../emulator/cli/fixture.js';
import { addCommands, createProgram } from '../../../emulator/cli/run.js';
import { systemClock } from '../../../emulator/clock.js';
import { errorTable } from '../../../emulator/contract/errors.js';
import type { ErrorCode } from '../../../emulator/contract/errors.js';
import { ERROR_KINDS } from '../../../emulator/contract/records.js';
import { recordOf } from '../../../emulator/telemetry/fixture.js';
import { createTelemetry } from '../../../emulator/telemetry/index.js';

/** The parts of docs/ that are made from the code: between `<!-- begin NAME -->` and `<!-- end NAME -->`. */

const meanings: Readonly<Record<ErrorCode, string>> = {
  CONFIG_NOT_FOUND: 'The folder has no `faultline.yaml`',
  CONFIG_INVALID: 'The configuration is wrong; file, line and key are named',
  HANDLER_NOT_FOUND: 'A function’s handler names a file or an export that is not there',
  RUNTIME_NOT_FOUND: 'There is no Node or Python to run a handler on',
  USAGE: 'A command or a call was used in a way that it does not have',
  PORT_IN_USE: 'Another program has the port; 0 picks a free one',
  ALREADY_RUNNING: 'The workspace has a running emulator already; its URL is named',
  NOT_RUNNING: 'No emulator answers: none was started, or it has ended',
  FUNCTION_NOT_FOUND: 'There is no function of that name',
  INVOCATION_NOT_FOUND: 'No invocation with that id is remembered (the last 500 of each function are)',
  FAULT_NOT_FOUND: 'There is no fault with that id, or it has ended',
  FAULT_INVALID: 'A fault of an unknown kind, or with a wrong parameter; the key is named',
  EXPERIMENT_INVALID: 'An experiment file is wrong; file, line and key are named',
  EVENT_INVALID: 'An event is not JSON; the position is named',
  NOT_FOUND: 'The control API has no such call',
  UNAUTHORIZED: 'The control API was called without its token, or with a wrong one',
  FORBIDDEN: 'The control API was called by a foreign web page, or under a foreign name',
  TOO_LARGE: 'A body is larger than the control API takes (8 MB)',
  STORE_UNAVAILABLE:
    'Events and messages cannot be kept: a full disk, a folder that cannot be written, a Redis that is gone',
  STOPPING: 'The emulator is draining and takes nothing new',
  INTERNAL: 'A defect of Faultline; shown with a stack, please report it',
};

export function errorsTable(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { blame, status, exit }]) =>
      `| \`${code}\` | ${meanings[code as ErrorCode]} | ${blame} | ${String(status)} | ${String(exit)} |`,
  );
  return ['| code | meaning | whose | HTTP status | exit code |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** Name, type, labels and help of every metric of ours, read off an exposition in which each has a value. */
export async function metricsTable(): Promise<string> {
  const text = await exposition();
  const helps = [...text.matchAll(/^# HELP (faultline_\w+) (.*)$/gm)];
  const rows = helps.map(([, name = '', help = '']) => {
    const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)?.[1] ?? '';
    const sample = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(text)?.[1] ?? '';
    const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
  });
  return ['| metric | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Every metric, each with at least one value. */
export async function exposition(): Promise<string> {
  const instance = { id: 'i1', state: 'idle', version: 1, startedAt: 0, invocations: 1, cpu: 1, memoryMb: 1 } as const;
  const source = { name: 'counter', instances: [instance], queued: 0, coldStarts: 1 };
  const telemetry = createTelemetry({ clock: systemClock, sources: { functions: () => [source] }, seed: '7' });
  const error = { kind: ERROR_KINDS[0], type: 'Error', message: '' };
  const faults = [{ fault: 'latency-1', kind: 'latency' }];
  telemetry.invocation(recordOf({ error, faults, status: 500 }), Buffer.alloc(0), Buffer.alloc(0));
  telemetry.put([{ namespace: 'Shop', name: 'sold', unit: 'Count', dimensions: { service: 'orders' }, values: [1] }]);
  const { text } = await telemetry.metrics();
  telemetry.dispose();
  return text;
}

/** The help of every command, as the program prints it. */
export async function commandHelp(): Promise<string> {
  const program = createProgram(testIo()).configureOutput({ getOutHelpWidth: () => 100 });
  await addCommands(program, testIo(), () => undefined, '*');
  return leaves(program)
    .map((command) => `### ${pathOf(command)}\n\n\`\`\`\n${helpOf(command)}\n\`\`\``)
    .join('\n\n');
}

/** As it is printed, with what `addHelpText` puts behind it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 100 });
  command.outputHelp();
  return text.trim();
}

function leaves(command: Command): Command[] {
  return command.commands.flatMap((one) => (one.commands.length > 0 ? leaves(one) : [one]));
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** Puts a part in its place. @throws Error when the page has no place for it */
export function withPart(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} … ${end}`);
  return `${before}${begin}\n\n${part}\n\n${end}${after}`;
}
