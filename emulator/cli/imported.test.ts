import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { fixtureText } from '../experiments/foreign/fixture.js';
import { testIo } from './fixture.js';
import { importerFor } from './imported.js';

const WORKSPACE = { 'faultline.yaml': 'functions: {}\n', 'chaos/orders.json': fixtureText('orders.fis.json') };

describe('importerFor', () => {
  it('makes a document of another tool an experiment that is ready to run, and tells what is left out', async () => {
    await using workspace = await createWorkspace(WORKSPACE);
    const io = testIo({ cwd: workspace.root });
    const file = path.join(workspace.root, 'chaos/orders.json');
    const loaded = await importerFor(io)(file, WORKSPACE['chaos/orders.json']);
    expect(loaded).toMatchObject({ file, root: workspace.root, experiment: { target: { invoke: 'stock' } } });
    expect(loaded?.faultPlaces).toHaveLength(3);
    expect(io.err).toMatch(/^not carried over: chaos\/orders\.json:\d+:\d+, experimentTemplate\./);
    expect(io.err).toContain('\nassumed: Each phase takes 210s');
    expect(io.out).toBe('');
  });

  it('leaves what is of no other tool alone', async () => {
    expect(await importerFor(testIo())('/w/mine.yaml', 'title: mine\n')).toBeUndefined();
  });

  it('says what to do when the document does not say what is called', async () => {
    const file = '/w/rules.json';
    await expect(importerFor(testIo())(file, '[{"service": "s3"}]')).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('--target') as string,
    });
  });
});
