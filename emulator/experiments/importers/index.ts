import type { Importer } from './types.js';
import { chaostoolkit } from './chaostoolkit.js';
import { failureLambda } from './failure-lambda.js';
import { fis } from './fis.js';
import { localstack } from './localstack.js';
import { toxiproxy } from './toxiproxy.js';

/** Every format that is read: one file, one line, a test beside it and a section in docs/formats.md. */
export const importers = {
  chaostoolkit,
  fis,
  'failure-lambda': failureLambda,
  toxiproxy,
  localstack,
} as const satisfies Record<string, Importer>;

export type ImporterName = keyof typeof importers;
