import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { testCommand } from '../../emulator/cli/test.js';
import { openReports } from '../../emulator/cli/test-reports.js';
import type { CliIo } from '../../emulator/cli/types.js';
import { parseShard } from '../../emulator/experiments/find.js';
import { createWorkspace } from '../support/workspace.js';

/** What is copied into people's pipelines: it must parse, and every command in it must be one that the command line takes. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): Promise<string> => readFile(path.join(root, name), 'utf8');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
      readonly shell: string;
    }[];
  };
}
const action = async (): Promise<Action> => parse(await read('action.yml')) as Action;

interface Parsed {
  readonly files: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** As the command line reads it. @throws for an option, a reporter or a shard that there is not */
async function accepted(args: readonly string[], cwd: string): Promise<Parsed> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  testCommand.register(program, {} as CliIo, () => undefined);
  const [test] = program.commands;
  if (!test || args[0] !== 'test') throw new Error(`not the command test: ${args.join(' ')}`);
  let parsed: Parsed | undefined;
  test.exitOverride().action((files: string[], options: Parsed['options']) => void (parsed = { files, options }));
  await program.parseAsync([...args], { from: 'user' });
  if (!parsed) throw new Error('the command did not run');
  const { reporter = [], output, shard } = parsed.options as { reporter?: string[]; output?: string; shard?: string };
  const io = { cwd, color: false, stdout: () => undefined } as unknown as CliIo;
  await openReports(reporter, output, '7', io);
  if (shard !== undefined) parseShard(shard);
  return parsed;
}

describe('action.yml', () => {
  /** Runs the action's own script with an `npx` that only tells how it was called. */
  async function run(
    inputs: Readonly<Record<string, string>>,
  ): Promise<{ argv: string[]; outputs: string; parsed: Parsed }> {
    await using workspace = await createWorkspace({
      'bin/npx': '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done > "$CALLED"\n',
      'b.experiment.yaml': '',
    });
    const { inputs: known, runs } = await action();
    const [step] = runs.steps;
    const fill = (text: string): string =>
      text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? known[name]?.default ?? '?');
    const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, text]) => [name, fill(text)]));
    const at = (name: string): string => path.join(workspace.root, name);
    await promisify(execFile)('bash', ['-c', `chmod +x bin/npx; ${step?.run ?? ''}`], {
      cwd: workspace.root,
      env: {
        ...env,
        PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`,
        CALLED: at('called'),
        GITHUB_OUTPUT: at('outputs'),
      },
    });
    const argv = (await readFile(at('called'), 'utf8')).split('\n').slice(0, -1);
    const outputs = await readFile(at('outputs'), 'utf8');
    const parsed = await accepted(argv.slice(argv.indexOf('test')), workspace.root);
    return { argv, outputs, parsed };
  }

  it('is a composite action that puts inputs into the environment, never into the script', async () => {
    const { runs } = await action();
    expect(runs.using).toBe('composite');
    for (const { run: script, shell } of runs.steps) {
      expect(shell).toBe('bash');
      expect(script).not.toContain('${{');
    }
  });

  it('uses every input, and no other', async () => {
    const text = await read('action.yml');
    const used = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys((await action()).inputs)));
  });

  it('runs what is installed, with reports for people and for CI', async () => {
    const { argv, outputs, parsed } = await run({});
    expect(argv.slice(0, 3)).toEqual(['--no-install', 'faultline', 'test']);
    expect(parsed.files).toEqual([]);
    expect(parsed.options).toEqual({
      reporter: ['github', 'junit=faultline-reports/junit.xml', 'html=faultline-reports/report.html'],
    });
    expect(outputs).toBe('junit=./faultline-reports/junit.xml\nhtml=./faultline-reports/report.html\n');
  });

  it('passes on every input as it is', async () => {
    const { argv, parsed } = await run({
      files: 'orders *.experiment.yaml\n$(touch pwned) --seed',
      version: '0.1.0',
      reporter: 'spec',
      seed: '7',
      shard: '1/4',
      retries: '2',
      reports: 'my reports',
    });
    expect(argv.slice(0, 3)).toEqual(['--yes', 'faultline@0.1.0', 'test']);
    // Words of the input: neither expanded nor run, and never an option.
    expect(parsed.files).toEqual(['orders', '*.experiment.yaml', '$(touch', 'pwned)', '--seed']);
    expect(parsed.options).toEqual({
      reporter: ['spec', 'junit=my reports/junit.xml', 'html=my reports/report.html'],
      seed: '7',
      shard: '1/4',
      retries: '2',
    });
  });
});

describe('docs/ci.md', () => {
  it('has every input of the action with its default, and its outputs', async () => {
    const page = await read('docs/ci.md');
    const table = page.slice(page.indexOf('### Inputs of the action'));
    const rows = [...table.matchAll(/^\| `([\w-]+)` +\| (\S+) +\|/gm)].map(([, name, value]) => [name, value]);
    const { inputs, outputs } = await action();
    expect(rows.map(([name]) => name)).toEqual(Object.keys(inputs));
    for (const [name = '', value] of rows) {
      const words = { '': ['all', 'random'] }[inputs[name]?.default ?? ''] ?? [`\`${inputs[name]?.default ?? ''}\``];
      expect(words).toContain(value);
    }
    for (const name of Object.keys(outputs)) expect(table).toContain(`\`${name}\``);
  });

  it('has YAML that parses, and inputs that the action has', async () => {
    const page = await read('docs/ci.md');
    const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
    expect(blocks.length).toBeGreaterThan(2);
    for (const text of blocks) expect(parseAllDocuments(text).flatMap((document) => document.errors)).toEqual([]);
    const workflow = parse(blocks[0] ?? '') as {
      jobs: { experiments: { steps: { uses?: string; with?: Record<string, string> }[] } };
    };
    const step = workflow.jobs.experiments.steps.find(({ uses }) => uses?.includes('faultline'));
    const { inputs, outputs } = await action();
    for (const name of Object.keys(step?.with ?? {})) expect(Object.keys(inputs)).toContain(name);
    for (const [, name] of page.matchAll(/steps\.faultline\.outputs\.(\w+)/g))
      expect(Object.keys(outputs)).toContain(name);
  });

  it('has commands that the command line takes', async () => {
    const commands = [...(await read('docs/ci.md')).matchAll(/npx faultline (test [^'\n]*)/g)].map(
      ([, text = '']) => text,
    );
    expect(commands.length).toBeGreaterThanOrEqual(4);
    const filled = commands.map((text) =>
      text
        .replace(/\$CI_NODE_INDEX|\$\{\{ matrix\.shard \}\}/g, '1')
        .replace('$CI_NODE_TOTAL', '2')
        .trim(),
    );
    for (const command of filled) {
      expect(command).not.toContain('$');
      await accepted(command.split(/\s+/), root);
    }
  });
});
