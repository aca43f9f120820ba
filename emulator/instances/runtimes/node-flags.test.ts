import { describe, expect, it } from 'vitest';
import { nodeFlags, versionOf } from './node-flags.js';

const OLD_SPACE = '--max-old-space-size=460';

describe('nodeFlags', () => {
  it.each([
    ['20.16.0', []],
    ['20.19.2', ['--no-experimental-require-module']],
    ['22.6.0', ['--no-experimental-require-module']],
    ['22.14.0', ['--no-experimental-require-module', '--no-experimental-detect-module']],
    // Not a version that Lambda has switched them off in.
    ['24.1.0', []],
    [undefined, []],
  ])('of %s switch off what Lambda does', (version, expected) => {
    expect(nodeFlags(version, 512)).toEqual([OLD_SPACE, ...expected]);
  });

  it('leave on what NODE_OPTIONS asks for, and the heap as it says', () => {
    expect(nodeFlags('22.14.0', 512, '--experimental-require-module')).toEqual([
      OLD_SPACE,
      '--no-experimental-detect-module',
    ]);
    expect(nodeFlags('20.0.0', 512, '--enable-source-maps --max_old_space_size=100')).toEqual([]);
  });
});

describe('versionOf', () => {
  it('knows this Node, asks another, and has no word of none', async () => {
    expect(await versionOf(process.execPath)).toBe(process.versions.node);
    expect(await versionOf('node')).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await versionOf('/no/such/node')).toBeUndefined();
  });
});
