import { describe, expect, it } from 'vitest';
import { FaultlineError } from '../contract/errors.js';
import { formatError } from './failure.js';
import { testIo } from './fixture.js';
import { addCommands, commands, createProgram, runCli } from './run.js';
import { columns, wantsColor } from './style.js';

async function run(...argv: string[]) {
  const io = testIo();
  return { exitCode: await runCli(argv, io), out: io.out, err: io.err };
}

describe('the command line', () => {
  it('tells its version and lists every command', async () => {
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    for (const name of Object.keys(commands)) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([
    [[], 'Usage: faultline'],
    [['strt'], 'Did you mean start?'],
    [['start', '--port', '99999'], 'Give a port from 1 to 65535'],
    [['start', '--port', '3e3'], 'Give a port'],
    [['start', '--nope'], "unknown option '--nope'"],
    [['start', 'a', 'b'], 'too many arguments'],
    [['invoke'], "missing required argument 'function'"],
    [['invoke', 'f', '--event'], 'argument missing'],
    [['fault'], 'Usage: faultline fault'],
    [['fault', 'add'], "missing required argument 'kind'"],
    [['fault', 'add', 'latency', '--set', 'ms'], 'Give key=value'],
    [['fault', 'add', 'latency', '--set', '=1'], 'Give key=value'],
    [['fault', 'add', 'latency', '--rate', '0'], 'Give a share above 0'],
    [['fault', 'add', 'latency', '--rate', '101%'], 'up to 100'],
  ])('%j is wrong use: exit 2, and what to do instead', async (argv, text) => {
    const { exitCode, out, err } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(text);
    expect(err).not.toMatch(/\n {4}at /);
    expect(out).toBe('');
  });

  it('shows the help of one command', async () => {
    const { exitCode, out } = await run('start', '--help');
    expect(exitCode).toBe(0);
    for (const flag of ['--port', '--control-port', '--host', '--seed', '--no-watch', '--json'])
      expect(out).toContain(flag);
    expect((await run('help', 'start')).out).toBe(out);
  });

  it('has a one-line summary and a description for every command', async () => {
    const program = createProgram(testIo());
    await addCommands(program, testIo(), () => undefined, '*');
    for (const command of program.commands) {
      expect(command.summary()).not.toBe('');
      expect(command.description()).not.toBe('');
    }
  });
});

describe('errors', () => {
  it('of the user: message, place, hint, all of them, and never a stack', () => {
    const error = new FaultlineError('CONFIG_INVALID', 'unknown key timout', {
      hint: 'did you mean timeout?',
      place: { file: 'faultline.yaml', line: 4, column: 5, key: 'functions.a.timout' },
      all: [{ message: 'unknown key timout' }, { message: 'no handler', place: { file: 'faultline.yaml', line: 9 } }],
    });
    expect(formatError(error, false)).toBe(
      [
        'error: unknown key timout',
        '  at faultline.yaml:4:5, functions.a.timout',
        'error: no handler',
        '  at faultline.yaml:9',
        '  hint: did you mean timeout?',
        '',
      ].join('\n'),
    );
  });

  it('of ours: with the stack of what was thrown', () => {
    const text = formatError(new TypeError('oops'), false);
    expect(text).toMatch(/^error: oops\n {2}This is a defect of Faultline\. [^]*run\.test\.ts/);
  });
});

describe('terminal', () => {
  it('is coloured as NO_COLOR, FORCE_COLOR and TERM say', () => {
    expect(wantsColor({}, true)).toBe(true);
    expect(wantsColor({}, false)).toBe(false);
    expect(wantsColor({ NO_COLOR: '1' }, true)).toBe(false);
    expect(wantsColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(wantsColor({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(wantsColor({ TERM: 'dumb' }, true)).toBe(false);
  });

  it('columns line up by what is seen', () => {
    expect(
      columns([
        ['a', 'b'],
        ['\u001b[1mlong\u001b[22m', 'c'],
        ['x', ''],
      ]),
    ).toEqual(['a     b', '\u001b[1mlong\u001b[22m  c', 'x']);
  });
});
