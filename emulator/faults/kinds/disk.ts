import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { HOOKED } from '../reach.js';

const params = z.strictObject({
  freeMb: z.number().min(0).max(1_048_576).default(0).describe('MB that each invocation may still write'),
  paths: z
    .array(z.string().regex(/^[/*]|^[A-Za-z]:/, 'not an absolute path; write /tmp, /tmp/uploads or *.sqlite'))
    .default([])
    .describe(
      'Files and folders on the full disk (* matches any part; /tmp also the instance’s own); every file when empty',
    ),
});

type Params = z.output<typeof params>;

/** Writing to files fails. Counts as a hit only when the handler wrote more than there is room for. */
export const disk: FaultKind<Params> = {
  title: 'Disk full',
  summary: 'Writing to files fails with ENOSPC, once what is free has been written.',
  group: 'resources',
  reach: HOOKED,
  params,
  hitBy: () => 'operation',
  describe: ({ freeMb, paths }) =>
    `${paths.length === 0 ? 'every disk' : paths.join(', ')} full${freeMb === 0 ? '' : ` after ${String(freeMb)} MB`}`,
  effect: ({ freeMb, paths }, { fault }) => ({ type: 'disk', fault, freeBytes: Math.floor(freeMb * 1_048_576), paths }),
};
