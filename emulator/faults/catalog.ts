import { z } from 'zod';
import type { CatalogFault, ParameterSchema } from '../contract/catalog.js';
import { kinds } from './kinds/index.js';

/** The kinds as the control API serves them; the schema is what a user may write, so with every default in it. */
export const faultCatalog: readonly CatalogFault[] = Object.entries(kinds).map(
  ([kind, { title, summary, group, params }]) => ({
    kind,
    group,
    title,
    summary,
    params: z.toJSONSchema(params, { io: 'input' }) as ParameterSchema,
    doc: `faults/${kind}.md`,
  }),
);
