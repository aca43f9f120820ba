import type { CatalogFault } from '../emulator/contract/catalog.js';
import type { FaultSpec } from '../emulator/contract/faults.js';
import { isScopeField, scopeFields, scopeProblem, scopeSpec } from '../emulator/contract/fault-fields.js';
import { parameterFields, parseField, type ParameterField } from '../emulator/contract/webview.js';
import { t } from './text.js';

/** A fault while it is being put together: everything has a default, so that it could be added at once. */

export interface FaultDraft {
  readonly kind: CatalogFault;
  /** Absent: all functions. */
  readonly function?: string;
  /** As typed. */
  readonly values: Readonly<Record<string, string>>;
}

const scope = scopeFields(t);

export function draftFields(kind: CatalogFault): ParameterField[] {
  return [...parameterFields(kind.params), ...scope];
}

/** How a field is called where people see it. */
export function fieldTitle({ name }: ParameterField): string {
  return scope.find((field) => field.name === name)?.title ?? name;
}

export function newDraft(kind: CatalogFault, functionName: string | undefined): FaultDraft {
  const values = Object.fromEntries(draftFields(kind).map(({ name, initial }) => [name, initial]));
  return { kind, ...(functionName === undefined ? {} : { function: functionName }), values };
}

/** What a field says now, for a list. */
export function shownValue(draft: FaultDraft, field: ParameterField): string {
  const value = draft.values[field.name] ?? '';
  if (field.name === '(rate)') return `${value} %`;
  return value === '' ? '–' : value;
}

/** @returns what is wrong with a typed value, or undefined */
export function fieldProblem(field: ParameterField, typed: string): string | undefined {
  if (isScopeField(field)) return scopeProblem(field, typed, t);
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
    ...scopeSpec(draft.values),
  };
}
