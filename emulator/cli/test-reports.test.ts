import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, type TestWorkspace } from '../../test/support/workspace.js';
import { FaultlineError } from '../contract/errors.js';
import { passed, results } from '../experiments/reporters/fixture.js';
import { openReports } from './test-reports.js';
import type { CliIo } from './types.js';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await createWorkspace({ 'faultline.yaml': '' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

function terminal(): { io: CliIo; text: () => string } {
  const written: string[] = [];
  const io = { cwd: workspace.root, color: true, terminal: false, stdout: (text: string) => void written.push(text) };
  return { io: io as unknown as CliIo, text: () => written.join('') };
}

const read = (name: string): Promise<string> => readFile(path.join(workspace.root, name), 'utf8');

describe('reports', () => {
  it('go to several files and to the terminal, of one run', async () => {
    const { io, text } = terminal();
    const { report, save } = await openReports(['github', 'junit=junit.xml', 'html=report.html'], undefined, '7', io);
    for (const result of results) report.result?.(result);
    report.end(results);
    await save();
    expect(text()).toContain('::error file=');
    expect(await read('junit.xml')).toMatch(/^<\?xml/);
    expect(await read('report.html')).toMatch(/^<!doctype html>/);
  });

  it.each<[string[], string | undefined, RegExp]>([
    [[], undefined, /1 passed/],
    [['json'], undefined, /^\{/],
    [['json=a.json'], undefined, /1 passed/],
    [['json'], 'b.json', /1 passed/],
    [['json=c.json', 'github'], undefined, /^passed: /],
  ])('%j with --output %s: the terminal shows %s', async (given, output, shown) => {
    const { io, text } = terminal();
    const { report, save } = await openReports(given, output, '7', io);
    report.result?.(passed);
    report.end([passed]);
    await save();
    expect(text()).toMatch(shown);
    if (output !== undefined) expect(JSON.parse(await read(output))).toMatchObject({ seed: '7' });
  });

  it('in files have no colours', async () => {
    const { io, text } = terminal();
    const { report, save } = await openReports(['spec', 'spec=spec.txt'], undefined, '7', io);
    report.result?.(passed);
    report.end([passed]);
    await save();
    expect(text()).toContain('\u001b[');
    expect(await read('spec.txt')).not.toContain('\u001b');
  });
});

it.each<[string[], string | undefined, RegExp]>([
  [['tap'], undefined, /^there is no reporter "tap"$/],
  [['tap=x'], undefined, /^there is no reporter "tap"$/],
  [['spec', 'github'], undefined, /^spec and github would both write to the terminal$/],
  [['json=a', 'html=a'], undefined, /^two reporters would write .*a$/],
  [['json=a'], 'b', /^--output b has no reporter/],
  [['json=nowhere/a'], undefined, /^cannot write .*nowhere\/a: there is no such folder$/],
  [['json=faultline.yaml/a'], undefined, /there is no such folder$/],
])('%j with --output %s is wrong use, told before anything runs', async (given, output, message) => {
  const error = await openReports(given, output, '7', terminal().io).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FaultlineError);
  expect((error as FaultlineError).code).toBe('USAGE');
  expect((error as FaultlineError).message).toMatch(message);
  expect((error as FaultlineError).hint).not.toBe('');
});
