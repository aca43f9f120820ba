import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { fisTemplateSchema, type FisTemplate } from '../experiments/foreign/fis-template.js';
import { checkSpec } from '../faults/validate.js';
import { testIo } from './fixture.js';
import { runCli } from './run.js';

const EXPERIMENT = `title: Orders are taken
target: { request: POST /orders }
load: { rate: 5, for: 2m }
steadyState: { status: 201 }
faults:
  - { kind: latency, params: { jitter: 50 } }
  - { kind: network, function: orders }
during: { status: 201 }
`;

const WORKSPACE = {
  'faultline.yaml': 'functions:\n  orders: { handler: a.handler }\n  stock: { handler: a.handler }\n',
  'a.mjs': 'export const handler = () => 1;\n',
  'o.experiment.yaml': EXPERIMENT,
};

const ROLE = 'arn:aws:iam::123456789012:role/fis';

async function run(argv: readonly string[], cwd: string) {
  const io = testIo({ cwd });
  return { exitCode: await runCli(['export', ...argv], io), out: io.out, err: io.err };
}

describe('faultline export', () => {
  it('prints a template with the functions of the workspace and the defaults of the kinds', async () => {
    await using workspace = await createWorkspace(WORKSPACE);
    const argv = ['o.experiment.yaml', '--to', 'fis', '--role', ROLE, '--region', 'eu-west-1'];
    const { exitCode, out, err } = await run(argv, workspace.root);
    expect(exitCode).toBe(0);
    const template = JSON.parse(out) as FisTemplate;
    expect(fisTemplateSchema.safeParse(template).error).toBeUndefined();
    expect(template.targets['functions']?.resourceArns).toEqual(
      ['orders', 'stock'].map((name) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`),
    );
    expect(template.actions['latency-functions']?.parameters).toEqual({
      duration: 'PT2M',
      startupDelayMilliseconds: '800',
    });
    expect(err).toContain('not carried over faults[0].params.jitter: AWS FIS delays by one time');
    expect(err).toContain('not carried over faults[1]: AWS FIS has no action for network');
    expect(err).toContain('run it with: aws fis create-experiment-template --cli-input-json file://FILE');
  });

  it('writes a file', async () => {
    await using workspace = await createWorkspace(WORKSPACE);
    const control = ['--control', 'http://127.0.0.1:3001/'];
    const argv = ['o.experiment.yaml', '--to', 'chaostoolkit', ...control, '--output', 'chaos.json'];
    const { exitCode, out, err } = await run(argv, workspace.root);
    expect([exitCode, out]).toEqual([0, '']);
    expect(err).toContain('run it with: chaos run chaos.json');
    const text = await readFile(path.join(workspace.root, 'chaos.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ configuration: { faultline: { default: 'http://127.0.0.1:3001' } } });
    const { method } = JSON.parse(text) as { method: { provider: { arguments: unknown } }[] };
    const functions = [{ name: 'orders', runtime: 'node' as const, routes: [] }];
    for (const { provider } of method) expect(() => checkSpec(provider.arguments, functions)).not.toThrow();
    expect(method).toHaveLength(2);
  });

  it.each([
    [['no.experiment.yaml', '--to', 'fis'], 'there is no file no.experiment.yaml'],
    [['o.experiment.yaml'], "required option '--to <format>' not specified"],
    [['o.experiment.yaml', '--to', 'fos'], 'Did you mean fis?'],
    [['o.experiment.yaml', '--to', 'fis', '--role', 'me'], 'Give the ARN of a role'],
    [['o.experiment.yaml', '--to', 'fis', '--account', '1'], 'Give the 12 digits'],
    [['o.experiment.yaml', '--to', 'chaostoolkit', '--control', 'here'], 'Give a URL'],
    [['a.mjs', '--to', 'fis'], 'a.mjs: '],
  ])('%j is wrong use: exit 2, and what to do instead', async (argv, text) => {
    await using workspace = await createWorkspace(WORKSPACE);
    const { exitCode, err, out } = await run(argv, workspace.root);
    expect(exitCode).toBe(2);
    expect(err).toContain(text);
    expect(out).toBe('');
  });
});
