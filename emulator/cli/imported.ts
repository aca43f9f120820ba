import { formatOf } from '../experiments/foreign/import.js';
import { importedExperiment } from '../experiments/foreign/load.js';
import { workspaceOf } from '../experiments/find.js';
import type { ImportExperiment } from '../experiments/types.js';
import { createStyle } from './style.js';
import type { CliIo } from './types.js';

/** Documents of other tools that `faultline test` is given; what is not carried over goes to standard error. */
export function importerFor(io: CliIo): ImportExperiment {
  return async (file, text) => {
    if (formatOf(text, file) === undefined) return undefined;
    const { experiment, faultPlaces, notes } = importedExperiment(text, file, io.cwd, { env: io.env });
    const { yellow } = createStyle(io.color);
    for (const note of notes) io.stderr(`${note.replace(/^[^:]*/, (word) => yellow(word))}\n`);
    return { experiment, faultPlaces, file, root: await workspaceOf(file) };
  };
}
