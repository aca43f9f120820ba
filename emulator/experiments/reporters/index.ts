import type { Reporter } from '../types.js';
import { github } from './github.js';
import { html } from './html.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { spec } from './spec.js';

/** Every format of results there is: one file, one line, a test beside it and a section in docs/experiments.md. */
export const reporters = {
  spec,
  junit,
  github,
  json,
  html,
} as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
