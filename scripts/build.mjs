#!/usr/bin/env node
// npm run build: everything that ships, into dist/.
//   --strict  an entry point that is missing is an error, not a note
//   --types   also the type declarations of the library (dist/types)
//   --watch   build again on every change
import { parseArgs } from 'node:util';
import { build } from './lib/bundle.mjs';

const { values } = parseArgs({
  options: { strict: { type: 'boolean' }, types: { type: 'boolean' }, watch: { type: 'boolean' } },
});
try {
  await build(values);
} catch (error) {
  // esbuild has printed its own errors already, with the lines they are in.
  if (!(error instanceof Error && 'errors' in error)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
