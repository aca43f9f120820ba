import { github } from './github.js';
import { json } from './json.js';
import type { Reporter } from './reporter.js';
import { sarif } from './sarif.js';
import { stylish } from './stylish.js';

export type { LintReport, Reporter } from './reporter.js';

/** Every way to show findings; a new one is a file and a line here. */
export const reporters = {
  stylish,
  json,
  sarif,
  github,
} as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
export const reporterNames = Object.keys(reporters) as readonly ReporterName[];
