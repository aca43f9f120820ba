import { readFile } from 'node:fs/promises';
import { at } from '../../scripts/lib/paths.mjs';
import { StepError } from '../../scripts/lib/steps.mjs';

/** @param {string} pattern `*` within a name, `**` across folders */
const toRegExp = (pattern) =>
  new RegExp(
    `^${pattern
      .split('**')
      .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '[^/]*'))
      .join('.*')}$`,
  );

/**
 * Compares a package's files with the list it must come to.
 * @param {string} list name of a text file beside this one
 * @param {readonly string[]} files
 */
export async function compareFiles(list, files) {
  const text = await readFile(at('test/package', list), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const patterns = lines.map((line) => ({
    line,
    optional: line.endsWith(' ?'),
    regExp: toRegExp(line.replace(/ \?$/, '')),
  }));
  const extra = files.filter((file) => !patterns.some(({ regExp }) => regExp.test(file)));
  const missing = patterns.filter(({ regExp, optional }) => !optional && !files.some((file) => regExp.test(file)));
  const faults = [...extra.map((file) => `+ ${file}`), ...missing.map(({ line }) => `- ${line}`)];
  if (faults.length > 0) throw new StepError(`not as in test/package/${list}:\n${faults.join('\n')}`);
  return `${files.length} files`;
}
