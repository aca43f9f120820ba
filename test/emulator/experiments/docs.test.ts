import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../emulator/config/index.js';
import { configSchema } from '../../../emulator/contract/config.js';
import { experimentSchema } from '../../../emulator/contract/experiment.js';
import { experimentJsonSchema, parseExperiment } from '../../../emulator/experiments/load.js';
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
    // What a phase can expect is told once.
    const table = keyTable(experimentJsonSchema(), least, ['during', 'after']);
    const page = withSection(await read('experiments.md'), 'keys', table);
    await expect(page).toMatchFileSnapshot(path.join(docs, 'experiments.md'));
  });

  it('shows experiments that are valid', async () => {
    const blocks = yamlBlocks(await read('experiments.md')).filter((yaml) => yaml.startsWith('title:'));
    expect(blocks.length).toBeGreaterThan(0);
    for (const yaml of blocks) parseExperiment(yaml, 'docs/experiments.md');
  });

  it.each(Object.keys(reporters))('tells of the reporter %s', async (name) => {
    expect(await read('experiments.md')).toContain(`| \`${name}\` |`);
  });
});

function yamlBlocks(page: string): string[] {
  return [...page.matchAll(/```yaml\n([^]*?)```/g)]
    .map((match) => match[1] ?? '')
    .filter((yaml) => /^(title|functions):/.test(yaml));
}
