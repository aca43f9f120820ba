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

interface Given {
  readonly files?: object;
  readonly start?: StartEmulator;
  readonly signal?: AbortSignal;
  readonly terminal?: boolean;
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
  { files = FILES, start: given, signal, terminal: live = false }: Given = {},
): Promise<Run> {
  await using workspace = await createWorkspace(files as Record<string, string>);
  const clock = new VirtualClock();
  const fakes: FakeEmulator[] = [];
  const start: StartEmulator = (startOptions = {}) => {
    const fake = new FakeEmulator(clock, behaviour);
    fakes.push(fake);
    return fake.start(startOptions);
  };
  const terminal = { ...io(workspace.root, signal), terminal: live };
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

  it('exits 99 when a threshold has ended a run', async () => {
    const aborts = 'during: { thresholds: { errors: [{ threshold: rate<0.1, abortOnFail: true }] } }';
    const files = { ...FILES, 'a.experiment.yaml': experiment('a').replace(/during.*/, aborts) };
    const { code, text } = await run([], {}, ({ faultOn }) => ({ status: faultOn ? 500 : 200 }), { files });
    expect(code).toBe(99);
    expect(text).toMatch(/ended early after [\d.]+ s, during the faults: errors rate<0\.1 was 1/);
    expect(text).toContain('1 passed, 1 aborted');
  });

  it('repeats with the same seed and tells which are flaky', async () => {
    let runs = 0;
    const behaviour: Behaviour = ({ call, faultOn }) => (
      (runs += call === 1 ? 1 : 0),
      { ms: faultOn && runs === 2 ? 300 : 10 }
    );
    const { code, text, fakes } = await run(['a.experiment.yaml'], { repeat: '3', seed: '7' }, behaviour);
    expect(fakes.map((fake) => fake.started?.seed)).toEqual(['7', '7', '7']);
    expect(code).toBe(1);
    expect(text).toContain('a: flaky, 2 of 3 repetitions passed\n2 passed, 1 failed (seed 7)');
    const even = await run(['a.experiment.yaml'], { repeat: '2', reporter: 'json' });
    const { results } = JSON.parse(even.text) as { results: { repetition: object }[] };
    expect(results.map(({ repetition }) => repetition)).toEqual([
      { number: 1, of: 2 },
      { number: 2, of: 2 },
    ]);
  });

  it('retries what failed, and tells a pass after it as flaky', async () => {
    let runs = 0;
    const behaviour: Behaviour = ({ call, faultOn }) => (
      (runs += call === 1 ? 1 : 0),
      { ms: faultOn && runs < 3 ? 300 : 10 }
    );
    const { code, text, fakes } = await run(['a.experiment.yaml'], { retries: '5' }, behaviour);
    expect(code).toBe(0);
    expect(fakes).toHaveLength(3);
    expect(text).toContain('flaky: it failed 2 times before');
    expect(text).toContain('1 passed, 1 flaky');
    const still = await run(['a.experiment.yaml'], { retries: '1' }, slow);
    expect([still.code, still.fakes.length]).toEqual([1, 2]);
  });

  it('starts nothing more once so many have failed', async () => {
    const { fakes, text } = await run([], { bail: true, repeat: '4' }, slow);
    expect(fakes).toHaveLength(1);
    expect(text).toContain('1 failed (seed');
    expect((await run([], { bail: '3', repeat: '4' }, slow)).fakes).toHaveLength(3);
  });

  it('writes progress over itself on a terminal only', async () => {
    const files = { ...FILES, 'a.experiment.yaml': experiment('a').replace('1s', '3s') };
    const live = await run(['a.experiment.yaml'], {}, undefined, { terminal: true, files });
    expect(live.text).toContain('\r\u001b[2K');
    expect((await run(['a.experiment.yaml'], {}, undefined, { files })).text).not.toContain('\u001b');
  });

  it.each([
    [[], { reporter: 'tap' }, 'USAGE', /no reporter "tap"/],
    [[], { shard: '3/2' }, 'USAGE', /--shard 3\/2/],
    [[], { seed: 'monday' }, 'USAGE', /--seed monday is not a whole number/],
    [[], { seed: '-1' }, 'USAGE', /--seed -1 /],
    [[], { seed: '1e9' }, 'USAGE', /--seed 1e9 /],
    [[], { repeat: '0' }, 'USAGE', /--repeat 0 is not a whole number from 1/],
    [[], { retries: 'x' }, 'USAGE', /--retries x is not a whole number from 0/],
    [[], { bail: '-3' }, 'USAGE', /--bail -3 is not a whole number from 1/],
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
    for (const word of [
      '--reporter',
      'spec, junit, github, json',
      '--output',
      '--seed',
      '--shard',
      '--repeat',
      '--retries',
      '--bail',
    ])
      expect(help).toContain(word);
  });
});
