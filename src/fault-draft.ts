import type { CatalogFault } from '../emulator/contract/catalog.js';
import type { FaultSpec } from '../emulator/contract/faults.js';
import { DURATIONS, parameterFields, parseField, RATES, type ParameterField } from '../emulator/contract/webview.js';
import { t } from './text.js';

/** A fault while it is being put together: everything has a default, so that it could be added at once. */

export interface FaultDraft {
  readonly kind: CatalogFault;
  /** Absent: all functions. */
  readonly function?: string;
  /** As typed. */
  readonly values: Readonly<Record<string, string>>;
}

/** Share and duration, beside the parameters of the kind. */
const RATE = '(rate)';
const FOR = '(for)';

export function draftFields(kind: CatalogFault): ParameterField[] {
  return [
    ...parameterFields(kind.params),
    {
      name: RATE,
      kind: 'number',
      description: t('Share of invocations in percent'),
      required: true,
      initial: String(RATES[0]),
      choices: [],
      values: [],
      exclusiveMinimum: 0,
      maximum: 100,
    },
    {
      name: FOR,
      kind: 'text',
      description: t('How long it lasts: 30s, 5m, 1h'),
      required: true,
      initial: DURATIONS[0],
      choices: [],
      values: [],
    },
  ];
}

/** How a field is called where people see it. */
export function fieldTitle({ name }: ParameterField): string {
  if (name === RATE) return t('Share');
  return name === FOR ? t('Duration') : name;
}

export function newDraft(kind: CatalogFault, functionName: string | undefined): FaultDraft {
  const values = Object.fromEntries(draftFields(kind).map(({ name, initial }) => [name, initial]));
  return { kind, ...(functionName === undefined ? {} : { function: functionName }), values };
}

/** What a field says now, for a list. */
export function shownValue(draft: FaultDraft, field: ParameterField): string {
  const value = draft.values[field.name] ?? '';
  if (field.name === RATE) return `${value} %`;
  return value === '' ? '–' : value;
}

/** @returns what is wrong with a typed value, or undefined */
export function fieldProblem(field: ParameterField, typed: string): string | undefined {
  if (field.name === FOR && !/^\d+(\.\d+)?\s*(ms|s|m|h)$/.test(typed.trim()))
    return t('Enter a duration such as 250ms, 30s, 5m or 1h.');
  const parsed = parseField(field, typed, t);
  return 'problem' in parsed ? parsed.problem : undefined;
}

export function draftProblem(draft: FaultDraft): { field: ParameterField; problem: string } | undefined {
  for (const field of draftFields(draft.kind)) {
    const problem = fieldProblem(field, draft.values[field.name] ?? '');
    if (problem !== undefined) return { field, problem };
  }
  return undefined;
}

/** @param draft without a problem */
export function draftSpec(draft: FaultDraft): FaultSpec {
  const params: Record<string, unknown> = {};
  for (const field of parameterFields(draft.kind.params)) {
    const parsed = parseField(field, draft.values[field.name] ?? '');
    if ('value' in parsed && parsed.value !== undefined) params[field.name] = parsed.value;
  }
  return {
    kind: draft.kind.kind,
    ...(draft.function === undefined ? {} : { function: draft.function }),
    params,
    rate: Number(draft.values[RATE]),
    for: draft.values[FOR]?.trim() ?? DURATIONS[0],
  };
}
