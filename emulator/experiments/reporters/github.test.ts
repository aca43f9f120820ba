import { expect, it } from 'vitest';
import { reported } from './fixture.js';
import { github } from './github.js';

it('reports one of each verdict', async () => {
  await expect(reported(github)).toMatchFileSnapshot('golden/github.txt');
});

it('lets no title start a command of its own', () => {
  for (const line of reported(github).split('\n'))
    if (line.startsWith('::')) expect(line).toMatch(/^::error file=[^:]+,line=\d+,title=[^:]+::/);
});
