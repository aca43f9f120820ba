import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { experimentSchema } from '../../contract/experiment.js';
import { importDocument, type Import, type ImportOptions } from './import.js';

/** For tests: documents as other tools write them. */

const folder = fileURLToPath(new URL('../importers/fixtures/', import.meta.url));

export const fixtureText = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

/** A fixture, imported; what comes of it is an experiment of ours, whatever it was. */
export function imported(name: string, options: ImportOptions = {}): Import & { readonly told: readonly string[] } {
  return checked(importDocument(fixtureText(name), path.join(folder, name), options));
}

/** A document given as a value. */
export function importedValue(value: unknown, options: ImportOptions = {}): ReturnType<typeof checked> {
  return checked(importDocument(JSON.stringify(value, null, 2), '/w/document.json', options));
}

function checked(result: Import): Import & { readonly told: readonly string[] } {
  experimentSchema.parse(result.experiment);
  return {
    ...result,
    told: result.leftOut.map(({ place, why }) => `${String(place.line)} ${place.key ?? ''}: ${why}`),
  };
}
