import type { ParameterSchema } from '../../emulator/contract/catalog.js';
import { faultCatalog } from '../../emulator/faults/catalog.js';

/** The part of a JSON Schema that is looked at here. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
}

/**
 * Puts what the catalog knows of each kind into an experiment's schema, so that an editor completes kinds and their parameters. The
 * emulator itself checks them against the kinds, when it adds the faults.
 */
export function withKinds(schema: object): object {
  const { properties: all } = schema as Schema;
  const { faults } = all ?? {};
  if (!faults?.items) throw new Error('the schema has no faults');
  const { properties = {} } = faults.items;
  const items = {
    ...faults.items,
    properties: {
      ...properties,
      kind: {
        ...properties['kind'],
        enum: faultCatalog.map(({ kind }) => kind),
        enumDescriptions: faultCatalog.map(({ summary }) => summary),
      },
    },
    allOf: faultCatalog.map(({ kind, params }) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      then: { properties: { params: parametersOf(params) } },
    })),
  };
  return { ...schema, properties: { ...all, faults: { ...faults, items } } };
}

/** Without what only a file of its own has. */
function parametersOf(params: ParameterSchema): object {
  const { $schema: _, ...rest } = params as ParameterSchema & { readonly $schema?: string };
  return rest;
}
