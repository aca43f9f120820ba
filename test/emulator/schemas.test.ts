import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { experimentJsonSchema } from '../../emulator/experiments/load.js';
import { configJsonSchema } from '../../emulator/config/index.js';
import { withKinds } from './kinds-in-schema.js';
import { withRules } from './rules-in-schema.js';

/** Editors complete YAML files from these; `npx vitest -u` writes them anew after a change of a schema. */
it.each([
  ['faultline', { ...withRules(configJsonSchema()), title: 'Faultline configuration' }],
  ['experiment', { ...withKinds(experimentJsonSchema()), title: 'Faultline experiment' }],
])('the shipped JSON Schema of %s is the one of the code', async (name, schema) => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../schema/${name}.schema.json`);
});

const validate = new Ajv2020({ strict: false }).compile(withKinds(experimentJsonSchema()));

it.each([
  [{ kind: 'latency', params: { ms: 5 } }, true],
  [{ kind: 'latency', params: { delay: 5 } }, false],
  [{ kind: 'latency', params: { ms: 'soon' } }, false],
  [{ kind: 'latncy' }, false],
  [{ kind: 'network', params: { mode: 'reset', hosts: ['a'] }, rate: 101 }, false],
])('the schema of experiments knows the kinds and their parameters: %j', async (fault, valid) => {
  const text = await readFile(new URL('../../examples/orders/orders.experiment.yaml', import.meta.url), 'utf8');
  expect(validate({ ...(parse(text) as object), faults: [fault] })).toBe(valid);
});
