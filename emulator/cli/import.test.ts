import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { importDocument } from '../experiments/foreign/import.js';
import { parseExperiment } from '../experiments/load.js';
import { kinds } from '../faults/kinds/index.js';
import { checkSpec } from '../faults/validate.js';
import { testIo } from './fixture.js';
import { runCli } from './run.js';

const FIXTURES = fileURLToPath(new URL('../experiments/importers/fixtures/', import.meta.url));

const RULES = JSON.stringify([{ service: 's3' }, { service: 'sqs', probability: 0 }], null, 2);

async function run(argv: readonly string[], cwd: string, stdin = '') {
  const io = testIo({ cwd, stdin: () => Promise.resolve(stdin) });
  return { exitCode: await runCli(['import', ...argv], io), out: io.out, err: io.err };
}

describe('faultline import', () => {
  it('prints an experiment file, and tells what was not carried over', async () => {
    await using workspace = await createWorkspace({ 'chaos/rules.json': RULES });
    const { exitCode, out, err } = await run(['chaos/rules.json', '--target', 'POST /orders'], workspace.root);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^# Imported from chaos\/rules\.json \(LocalStack chaos faults\)\.\n/);
    expect(out).toContain('chaos/rules.json:7:5, [1].probability: hits 0 % of the calls');
    expect(err).toContain(
      'LocalStack chaos faults: 1 fault imported, 1 left out:\n  not carried over chaos/rules.json:7',
    );
    const { experiment } = parseExperiment(out, path.join(workspace.root, 'x.experiment.yaml'));
    expect(experiment.faults[0]).toMatchObject({ kind: 'http', params: { service: 's3' } });
  });

  it('reads standard input and writes a file, which says what is next', async () => {
    await using workspace = await createWorkspace({});
    const argv = ['-', '--function', 'orders', '--output', 's3.experiment.yaml'];
    const { exitCode, out, err } = await run(argv, workspace.root, '[{"service": "s3"}]');
    expect([exitCode, out]).toEqual([0, '']);
    expect(err).toContain('nothing left out');
    expect(err).toContain('next: faultline test s3.experiment.yaml');
    const text = await readFile(path.join(workspace.root, 's3.experiment.yaml'), 'utf8');
    expect(parseExperiment(text, '/w/s3.experiment.yaml').experiment.target.invoke).toBe('orders');
  });

  it.each([
    [['no.json'], '', 'there is no file no.json'],
    [['-'], '{"hello": 1}', 'Looked for chaostoolkit: '],
    [['-', '--from', 'fiss'], '{}', 'Did you mean fis?'],
    [['-'], '[{"service": "s3"}]', 'Give --target'],
    [['-', '--target', 'f'], '[{"service": "s3", "probability": 30}]', '[0].probability: '],
    [['-', '--target', 'f'], '[\n  {"service" "s3"}\n]', 'standard-input:2'],
    [['-', '--target', 'f', '--output', 'no/where.yaml'], '[{"service": "s3"}]', 'cannot write no/where.yaml'],
  ])('%j of %s is wrong use: exit 2, and what to do instead', async (argv, stdin, text) => {
    await using workspace = await createWorkspace({});
    const { exitCode, err, out } = await run(argv, workspace.root, stdin);
    expect(exitCode).toBe(2);
    expect(err).toContain(text);
    expect(err).not.toMatch(/\n {4}at /);
    expect(out).toBe('');
  });

  it.each(readdirSync(FIXTURES))('every fault of %s is one that can be added', async (name) => {
    const text = await readFile(path.join(FIXTURES, name), 'utf8');
    const { experiment } = importDocument(text, name, { target: 'orders', function: 'orders' });
    const functions = [{ name: 'orders', runtime: 'node' as const, routes: [] }];
    for (const { at: _at, ...fault } of experiment.faults) {
      expect(Object.keys(kinds)).toContain(fault.kind);
      expect(() => checkSpec({ ...fault, function: 'orders' }, functions, 'linux')).not.toThrow();
    }
  });
});
