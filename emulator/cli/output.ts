import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultlineError } from '../contract/errors.js';

/**
 * Writes what `--output` asks for.
 * @throws FaultlineError USAGE when it cannot be written
 */
export async function writeOutput(cwd: string, given: string, text: string): Promise<void> {
  const file = path.resolve(cwd, given);
  await writeFile(file, text).catch((error: Error) => {
    throw new FaultlineError('USAGE', `cannot write ${given}: ${error.message}`, {
      hint: 'Name a file in a folder that exists.',
      place: { file },
    });
  });
}
