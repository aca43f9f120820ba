import { expect, it } from 'vitest';
import { experimentJsonSchema } from '../../emulator/experiments/load.js';
import { configJsonSchema } from '../../emulator/config/index.js';

/** Editors complete YAML files from these; `npx vitest -u` writes them anew after a change of a schema. */
it.each([
  ['faultline', { ...configJsonSchema(), title: 'Faultline configuration' }],
  ['experiment', { ...experimentJsonSchema(), title: 'Faultline experiment' }],
])('the shipped JSON Schema of %s is the one of the code', async (name, schema) => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../schema/${name}.schema.json`);
});
