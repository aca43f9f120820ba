import { expect, it } from 'vitest';
import { reported } from './fixture.js';
import { spec } from './spec.js';

it('reports one of each verdict', async () => {
  await expect(reported(spec)).toMatchFileSnapshot('golden/spec.txt');
});

it('colours where it may, and says the same', () => {
  const coloured = reported(spec, true);
  expect(coloured).toContain('\u001b[31m✗ failed\u001b[0m');
  // eslint-disable-next-line no-control-regex -- what is looked for is the escape itself
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(reported(spec));
});
