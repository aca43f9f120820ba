import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { tsconfigsOf } from './tsconfigs.js';

describe('tsconfigsOf', () => {
  it('is the nearest of each source and what those extend, within the workspace', async () => {
    await using workspace = await createWorkspace({
      'tsconfig.json': '{ /* all */ "extends": ["./config/base", "@tsconfig/node20/tsconfig.json"] }',
      'config/base.json': '{ "extends": "./strict.json", }',
      'config/strict.json': '{ "extends": "./base.json" }',
      'api/tsconfig.json': '{}',
    });
    const { root } = workspace;
    const at = (...names: string[]): string[] => names.map((name) => path.join(root, name)).toSorted();
    const of = async (...files: string[]): Promise<string[]> => [...(await tsconfigsOf(root, at(...files)))].toSorted();
    expect(await of('api/v1/handler.ts')).toEqual(at('api/tsconfig.json'));
    expect(await of('lib/a.ts', 'lib/b.ts')).toEqual(at('config/base.json', 'config/strict.json', 'tsconfig.json'));
    expect(await tsconfigsOf(path.join(root, 'lib'), at('lib/a.ts'))).toEqual([]);
  });
});
