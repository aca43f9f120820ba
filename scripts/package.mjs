#!/usr/bin/env node
// npm run package: the VSIX and the npm tarball, into artifacts/.
//   --target linux-x64   a VSIX for one platform, with that platform's native esbuild (the universal one carries wasm)
//   --vsix | --npm       one of the two only
//   --no-build           take dist/ as it is
import { parseArgs } from 'node:util';
import { relative } from 'node:path';
import { step } from './lib/steps.mjs';
import { build } from './lib/bundle.mjs';
import { root } from './lib/paths.mjs';
import { packNpm } from './lib/pack-npm.mjs';
import { packVsix } from './lib/pack-vsix.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    vsix: { type: 'boolean', default: false },
    npm: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});
const both = values.vsix === values.npm;
const steps = [
  ...(values['no-build'] ? [] : [{ name: 'package: build', work: () => build({ strict: true, types: true }) }]),
  ...(both || values.vsix ? [{ name: 'package: VSIX', work: () => packVsix(values.target) }] : []),
  ...(both || values.npm ? [{ name: 'package: npm tarball', work: packNpm }] : []),
];
for (const { name, work } of steps) {
  const { ok } = await step(name, async () => {
    const file = await work();
    return file === undefined ? '' : relative(root, file);
  });
  // What follows would pack the remains of an earlier build.
  if (!ok) {
    process.exitCode = 1;
    break;
  }
}
