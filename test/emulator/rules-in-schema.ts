import type { OptionsSchema } from '../../emulator/contract/findings.js';
import { ruleMetas } from '../../lint/index.js';

/** The part of a JSON Schema that is looked at here. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly additionalProperties?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
}

/** Puts the rules of lint and their options into the schema of faultline.yaml, so that an editor completes and checks them. */
export function withRules(schema: object): object {
  const { properties: all } = schema as Schema;
  const { lint } = all ?? {};
  const { rules } = lint?.properties ?? {};
  const level = rules?.additionalProperties?.anyOf?.[0];
  if (!lint || !rules || !level) throw new Error('the schema has no levels of rules');
  const entries = ruleMetas.map(({ id, summary, options }) => [
    id,
    { description: summary, anyOf: [level, ...withOptions(level, options)] },
  ]);
  const known = { type: 'object', default: {}, additionalProperties: false, properties: Object.fromEntries(entries) };
  return { ...schema, properties: { ...all, lint: { ...lint, properties: { ...lint.properties, rules: known } } } };
}

function withOptions(level: Schema, options: OptionsSchema | undefined): object[] {
  return options === undefined ? [] : [{ type: 'array', prefixItems: [level, options], minItems: 2, items: false }];
}
