import path from 'node:path';
import picomatch from 'picomatch';

/**
 * Which files are left out by the globs of a configuration.
 *
 * @param root folder of the configuration, which the globs are relative to; a folder's name stands for all that is in it
 */
export function ignorer(root: string, globs: readonly string[]): (file: string) => boolean {
  if (globs.length === 0) return () => false;
  const plain = globs.map((glob) => glob.replace(/^\.?\//, '').replace(/\/$/, ''));
  const matches = picomatch(
    plain.flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true },
  );
  return (file) => matches(path.relative(root, file).split(path.sep).join('/'));
}
