import type { Exporter } from './types.js';
import { chaostoolkit } from './chaostoolkit.js';
import { fis } from './fis.js';

/** Every format that is written: one file, one line, a test beside it and a section in docs/formats.md. */
export const exporters = {
  fis,
  chaostoolkit,
} as const satisfies Record<string, Exporter>;

export type ExporterName = keyof typeof exporters;
