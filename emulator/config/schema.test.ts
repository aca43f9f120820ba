import { expect, it } from 'vitest';
import { configJsonSchema } from './index.js';

/** Editors complete faultline.yaml from this file; `npx vitest -u` writes it anew after a change of the schema. */
it('the shipped JSON Schema is the one of the code', async () => {
  const schema = { ...configJsonSchema(), title: 'Faultline configuration' };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../schema/faultline.schema.json');
});
