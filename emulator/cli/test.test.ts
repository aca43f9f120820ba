import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { FakeEmulator, drive, type Behaviour } from '../../test/emulator/experiments/fake-emulator.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { createWorkspace } from '../../test/support/workspace.js';
import { FaultlineError } from '../contract/errors.js';
import type { StartEmulator } from '../contract/library.js';
import { runTests, testCommand, type TestOptions } from './test.js';
import type { CliIo } from './types.js';

const experiment = (title: string, kind = 'latency'): string => `title: ${title}
target: { request: POST /api }
load: { rate: 5, for: 1s }
steadyState: { status: 200 }
faults: [{ kind: ${kind} }]
during: { p95: { max: 100 } }
`;
const FILES = {
  'faultline.yaml': 'functions: {}\n',
  'a.experiment.yaml': experiment('a'),
  'b.experiment.yaml': experiment('b'),
};

function io(cwd: string, signal = new AbortController().signal): CliIo & { readonly text: () => string } {
  const out: string[] = [];
  const write = (text: string): void => void out.push(text);
  return {
    cwd,
    env: {},
    stdout: write,
    stderr: write,
    stdin: async () => '',
    color: false,
    signal,
    text: () => out.join(''),
  };
}

interface Run {
  readonly code: number;
  readonly text: string;
  readonly fakes: readonly FakeEmulator[];
  readonly root: string;
  readonly read: (name: string) => Promise<string>;
}

async function run(
  paths: string[],
  options: TestOptions,
  behaviour: Behaviour = () => ({}),
  { files = FILES, start: given, signal }: { files?: object; start?: StartEmulator; signal?: AbortSignal } = {},
): Promise<Run> {
  await using workspace = await createWorkspace(files as Record<string, string>);
  const clock = new VirtualClock();
  const fakes: FakeEmulator[] = [];
  const start: StartEmulator = (startOptions = {}) => {
    const fake = new FakeEmulator(clock, behaviour);
    fakes.push(fake);
    return fake.start(startOptions);
  };
  const terminal = io(workspace.root, signal);
  const code = await drive(clock, runTests(paths, options, terminal, { clock, start: given ?? start }));
  const texts = new Map<string, string>();
  if (options.output !== undefined)
    texts.set(options.output, await readFile(path.join(workspace.root, options.output), 'utf8'));
  return { code, text: terminal.text(), fakes, root: workspace.root, read: async (name) => texts.get(name) ?? '' };
}

const slow: Behaviour = ({ faultOn }) => ({ ms: faultOn ? 300 : 10 });

describe('faultline test', () => {
  it('runs every experiment below the folder, each in an emulator of its own with the same seed', async () => {
    const { code, text, fakes, root } = await run([], { seed: '42' });
    expect(code).toBe(0);
    expect(text).toContain('2 passed (seed 42)');
    expect(fakes.map((fake) => [fake.started?.root, fake.started?.seed, fake.stopped])).toEqual([
      [root, '42', 1],
      [root, '42', 1],
    ]);
  });

  it('draws a seed, prints it and how to repeat a failure', async () => {
    const { code, text, fakes } = await run(['a.experiment.yaml'], {}, slow);
    expect(code).toBe(1);
    const seed = String(fakes[0]?.started?.seed);
    expect(seed).toMatch(/^\d+$/);
    expect(text).toContain(`again: faultline test a.experiment.yaml --seed ${seed}`);
  });

  it('exits 1 for a vacuous experiment', async () => {
    const files = { ...FILES, 'b.experiment.yaml': experiment('b').replace('latency', 'latency, enabled: false') };
    const { code, text } = await run([], {}, undefined, { files });
    expect(code).toBe(1);
    expect(text).toContain('1 passed, 1 vacuous');
  });

  it('exits 2 for an experiment with a fault that does not exist, and still runs the others', async () => {
    const files = { ...FILES, 'a.experiment.yaml': experiment('a', 'latancy') };
    const { code, text } = await run([], {}, undefined, { files });
    expect(code).toBe(2);
    expect(text).toContain('1 passed, 1 error');
    expect(text).toMatch(/at .*a\.experiment\.yaml:5/);
  });

  it('exits 3 when the emulator fails', async () => {
    const start: StartEmulator = () => Promise.reject(new Error('no memory'));
    expect((await run([], {}, undefined, { start })).code).toBe(3);
  });

  it('writes the report to a file and still tells the terminal', async () => {
    const { code, text, read } = await run([], { reporter: 'junit', output: 'junit.xml' }, slow);
    expect(code).toBe(1);
    expect(await read('junit.xml')).toMatch(/^<\?xml[^]*<\/testsuites>\n$/);
    expect(text).toContain('2 failed');
  });

  it('with a reporter and no file prints nothing but the report', async () => {
    const { text } = await run([], { reporter: 'json', seed: '1' });
    expect(JSON.parse(text)).toMatchObject({ seed: '1', results: [{ verdict: 'passed' }, { verdict: 'passed' }] });
  });

  it('runs its part: together every experiment once', async () => {
    const parts = await Promise.all(['1/2', '2/2'].map((shard) => run([], { shard, reporter: 'json' })));
    const titles = parts.flatMap(({ text }) =>
      (JSON.parse(text) as { results: { title: string }[] }).results.map(({ title }) => title),
    );
    expect(titles.sort()).toEqual(['a', 'b']);
  });

  it('cleans up and starts nothing more when it is interrupted', async () => {
    const stop = new AbortController();
    const behaviour: Behaviour = ({ call }) => (call === 8 && stop.abort(), { ms: 10 });
    const { code, text, fakes } = await run([], {}, behaviour, { signal: stop.signal });
    expect(code).toBe(1);
    expect(text).toContain('interrupted before the end');
    expect(fakes.map((fake) => fake.stopped)).toEqual([1]);
  });

  it.each([
    [[], { reporter: 'tap' }, 'USAGE', /no reporter "tap"/],
    [[], { shard: '3/2' }, 'USAGE', /--shard 3\/2/],
    [['c.yaml'], {}, 'USAGE', /no file or folder c\.yaml/],
    [['faultline.yaml'], {}, 'EXPERIMENT_INVALID', /is missing|unknown key/],
  ])('%j %j is wrong use', async (paths, options, code, message) => {
    const error = await run(paths, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FaultlineError);
    expect((error as FaultlineError).code).toBe(code);
    expect((error as FaultlineError).exitCode).toBe(2);
    expect((error as FaultlineError).message).toMatch(message);
  });

  it('is a command with help', () => {
    const program = new Command();
    testCommand.register(program, io('/'), () => undefined);
    const help = program.commands[0]?.helpInformation() ?? '';
    for (const word of ['--reporter', 'spec, junit, github, json', '--output', '--seed', '--shard'])
      expect(help).toContain(word);
  });
});
