import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../emulator/config/index.js';
import { configSchema } from '../../../emulator/contract/config.js';
import { afterSchema } from '../../../emulator/contract/expectations.js';
import { experimentSchema } from '../../../emulator/contract/experiment.js';
import { experimentJsonSchema, parseExperiment } from '../../../emulator/experiments/load.js';
import { probeKinds } from '../../../emulator/experiments/probes/index.js';
import { reporters } from '../../../emulator/experiments/reporters/index.js';
import { keyTable, withSection } from './key-table.js';

/** Pages that are partly made from the code; `npx vitest run test/emulator/experiments --update` writes them anew. */

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const read = (name: string): Promise<string> => readFile(path.join(docs, name), 'utf8');

describe('docs/config.md', () => {
  it('has every key of the schema', async () => {
    const least = configSchema.parse({ functions: { counter: { handler: 'counter.handler' } }, queues: { jobs: {} } });
    const page = withSection(await read('config.md'), 'keys', keyTable(configJsonSchema(), least));
    await expect(page).toMatchFileSnapshot(path.join(docs, 'config.md'));
  });

  it('shows a config that is valid', async () => {
    for (const yaml of yamlBlocks(await read('config.md'))) {
      const { parse } = await import('yaml');
      expect(configSchema.safeParse(parse(yaml)).error?.issues ?? []).toEqual([]);
    }
  });
});

describe('docs/experiments.md', () => {
  it('has every key of the schema', async () => {
    const least = experimentSchema.parse({
      title: 't',
      target: { invoke: 'f' },
      steadyState: { status: 200 },
      faults: [{ kind: 'latency' }],
      during: { status: 200 },
    });
    // What a phase can expect, and a probe, is told once.
    const schema = experimentJsonSchema();
    const after = schema.properties?.['after'] as typeof schema;
    const probe = (after.properties?.['probes'] as typeof schema).items as typeof schema;
    const most = afterSchema.parse({ status: 200, delivery: {}, memory: {}, probes: [{ http: 'GET /' }] });
    const tables = {
      keys: keyTable(schema, least, ['steadyState', 'during', 'after']),
      expectations: keyTable(after, most, ['probes']),
      probes: keyTable(probe, most.probes?.[0], ['expect.text', 'expect.stdout']),
    };
    let page = await read('experiments.md');
    for (const [name, table] of Object.entries(tables)) page = withSection(page, name, table);
    await expect(page).toMatchFileSnapshot(path.join(docs, 'experiments.md'));
  });

  it('shows experiments that are valid', async () => {
    const blocks = yamlBlocks(await read('experiments.md')).filter((yaml) => yaml.startsWith('title:'));
    expect(blocks.length).toBeGreaterThan(0);
    for (const yaml of blocks) parseExperiment(yaml, 'docs/experiments.md');
  });

  it('shows only keys of an experiment that there are', async () => {
    const { parse } = await import('yaml');
    for (const yaml of yamlBlocks(await read('experiments.md'), /^(during|faults):/)) {
      const least = { title: 't', target: { invoke: 'f' }, load: { for: 10 }, faults: [{ kind: 'latency' }] };
      const given = { ...least, steadyState: { status: 200 }, during: { status: 200 }, ...(parse(yaml) as object) };
      expect(experimentSchema.safeParse(given).error?.issues ?? []).toEqual([]);
    }
  });

  it.each(Object.keys(probeKinds))('tells of the probe %s', async (name) => {
    expect(await read('experiments.md')).toContain(`| \`${name}\` |`);
  });

  it.each(Object.keys(reporters))('tells of the reporter %s', async (name) => {
    expect(await read('experiments.md')).toContain(`| \`${name}\` |`);
  });
});

function yamlBlocks(page: string, begins = /^(title|functions):/): string[] {
  return [...page.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? '').filter((yaml) => begins.test(yaml));
}
