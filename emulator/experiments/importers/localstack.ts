import { z } from 'zod';
import { effectsFault, effectsSchema, ruleFault, ruleSchema, type Rule } from '../foreign/localstack-rules.js';
import { isFields } from '../foreign/values.js';
import type { FaultSpec } from '../../contract/faults.js';
import type { DraftFault, ImportContext, Importer } from './types.js';

/**
 * LocalStack's Chaos API [S: its documentation]: the rules of `/_localstack/chaos/faults`, of which the first that matches counts,
 * the effects of `/_localstack/chaos/effects`, or both in one document as `faults` and `effects`.
 */

interface Document {
  readonly faults: readonly Rule[];
  /** Where the rules are. */
  readonly at: readonly string[];
  readonly effects?: z.output<typeof effectsSchema>;
}

const rules = z.array(ruleSchema).transform((faults): Document => ({ faults, at: [] }));
const effects = effectsSchema.transform((given): Document => ({ faults: [], at: [], effects: given }));
const both = z
  .looseObject({ faults: z.array(ruleSchema).default([]), effects: effectsSchema.optional() })
  .transform((given): Document => ({
    faults: given.faults,
    at: ['faults'],
    ...(given.effects ? { effects: given.effects } : {}),
  }));

const RULE_KEYS = ['service', 'operation', 'region', 'probability', 'error'];
const isRule = (value: unknown): boolean =>
  isFields(value) && Object.keys(value).every((key) => RULE_KEYS.includes(key));

export const localstack: Importer<Document> = {
  title: 'LocalStack chaos faults',
  looksFor: 'a list of rules with service, operation, region, probability or error; or effects with latency',
  recognises(value) {
    if (Array.isArray(value)) return value.length > 0 && value.every(isRule);
    if (!isFields(value)) return false;
    const { faults } = value;
    if (Array.isArray(faults)) return faults.length > 0 && faults.every(isRule);
    const given = isFields(value['effects']) ? value['effects'] : value;
    return typeof given['latency'] === 'number';
  },
  schemaOf(value) {
    if (Array.isArray(value)) return rules;
    return isFields(value) && ('faults' in value || 'effects' in value) ? both : effects;
  },
  read({ faults, effects: given, at }, context) {
    const failing = faults.map((rule, i) => ruleFault(rule, [...at, i], context.leaveOut));
    const latency = given && effectsFault(given, ['latency'], context.leaveOut);
    const specs = [...failing, latency].filter((spec) => spec !== undefined);
    return {
      title: 'It survives failing AWS services (LocalStack)',
      faults: specs.map((spec) => drafted(spec, context)),
    };
  },
};

function drafted(spec: FaultSpec, { function: target }: ImportContext): DraftFault {
  return { spec: target === undefined ? spec : { ...spec, function: target }, at: 0 };
}
