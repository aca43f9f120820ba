import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The repository's root: every script works from there, wherever it was started. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** An absolute path below the repository's root. @param {...string} parts */
export const at = (...parts) => join(root, ...parts);

/** What the tests install and write; git-ignored. */
export const toolsDir = at('.tools');

/** Screenshots, logs and reports of a test run; git-ignored. */
export const artifactsDir = at('artifacts');
