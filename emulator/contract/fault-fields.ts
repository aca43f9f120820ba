import type { FaultGroup } from './catalog.js';
import { FaultTextError, parseConditions, parsePick } from './fault-text.js';
import type { FaultSpec } from './faults.js';
import { DURATIONS, parseField, RATES, type ParameterField, type Translate } from './webview.js';

/**
 * What every kind of fault has beside its own parameters, as fields of a form: the editor's quick pick and the page's form
 * are both made from this.
 */
export interface ScopeField extends ParameterField {
  readonly title: string;
  /** Rarely needed: a form may fold it away. */
  readonly more: boolean;
}

/** In brackets: a kind's own parameter may have any other name. */
const NAMES = ['(rate)', '(for)', '(match)', '(pick)', '(atOnce)', '(ramp)', '(dryRun)'] as const;
type Name = (typeof NAMES)[number];

const DURATION = /^\d+(\.\d+)?\s*(ms|s|m|h)$/;

export function scopeFields(t: Translate): readonly ScopeField[] {
  const field = (name: Name, title: string, description: string, given: Partial<ScopeField>): ScopeField => ({
    name,
    title,
    description,
    kind: 'text',
    required: false,
    initial: '',
    choices: [],
    values: [],
    more: true,
    ...given,
  });
  return [
    field('(rate)', t('Share'), t('Share of invocations in percent'), {
      kind: 'number',
      required: true,
      more: false,
      initial: String(RATES[0]),
      exclusiveMinimum: 0,
      maximum: 100,
    }),
    field('(for)', t('Duration'), t('How long it lasts: 30s, 5m, 1h'), {
      required: true,
      more: false,
      initial: DURATIONS[0],
    }),
    field('(match)', t('Only when'), t('route=POST /orders; header.x-tenant=acme; event.$.sku^=ap; empty: always'), {}),
    field('(pick)', t('Which ones'), t('all, first 3, every 2, nth 5, or by turns: hit hit pass'), { initial: 'all' }),
    field('(atOnce)', t('At the same time'), t('At most so many invocations at once; empty: all'), {
      kind: 'integer',
      minimum: 1,
    }),
    field('(ramp)', t('Growing over'), t('The share grows from nothing over this time: 30s; empty: at once'), {}),
    field('(dryRun)', t('Dry run'), t('Only count and record what it would hit'), {
      kind: 'boolean',
      initial: 'false',
    }),
  ];
}

export const isScopeField = ({ name }: ParameterField): boolean => (NAMES as readonly string[]).includes(name);

/** What a group of kinds is called where people see it. */
export function groupTitle(group: FaultGroup, t: Translate): string {
  return {
    answer: t('What callers get'),
    process: t('Processes and their start'),
    resources: t('Resources of an instance'),
    outbound: t('What the handler calls'),
    delivery: t('Deliveries from queues'),
  }[group];
}

/** @returns what is wrong with what was typed, or undefined */
export function scopeProblem(field: ParameterField, typed: string, t: Translate): string | undefined {
  const text = typed.trim();
  if ((field.name === '(for)' || (field.name === '(ramp)' && text !== '')) && !DURATION.test(text))
    return t('Enter a duration such as 250ms, 30s, 5m or 1h.');
  try {
    if (field.name === '(match)') parseConditions(text);
    if (field.name === '(pick)') parsePick(text);
  } catch (error) {
    if (error instanceof FaultTextError) return error.message;
    throw error;
  }
  const parsed = parseField(field, typed, t);
  return 'problem' in parsed ? parsed.problem : undefined;
}

/** The part of a spec that these fields make. @param typed what is in each, by name; without a problem */
export function scopeSpec(typed: Readonly<Record<string, string>>): Omit<FaultSpec, 'kind' | 'function' | 'params'> {
  const of = (name: Name): string => (typed[name] ?? '').trim();
  const match = parseConditions(of('(match)'));
  const duration = of('(for)');
  return {
    ...(of('(rate)') === '' ? {} : { rate: Number(of('(rate)')) }),
    for: duration === '' ? DURATIONS[0] : duration,
    ...(match ? { match } : {}),
    ...parsePick(of('(pick)')),
    ...(of('(atOnce)') === '' ? {} : { atOnce: Number(of('(atOnce)')) }),
    ...(of('(ramp)') === '' ? {} : { ramp: of('(ramp)') }),
    ...(of('(dryRun)') === 'true' ? { dryRun: true } : {}),
  };
}
