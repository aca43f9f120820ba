/** What there is, served by the control API: quick picks, forms, CLI help and completions are made from it. */

/** The part of JSON Schema (2020-12) that parameter forms understand. */
export interface ParameterSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: ParameterSchema;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ParameterSchema;
}

/** What kinds of faults are about, in the order in which lists show them. */
export const FAULT_GROUPS = ['answer', 'process', 'resources', 'outbound', 'delivery'] as const;
export type FaultGroup = (typeof FAULT_GROUPS)[number];

export interface CatalogFault {
  readonly kind: string;
  readonly group: FaultGroup;
  readonly title: string;
  readonly summary: string;
  /** JSON Schema of `params`: an object with defaults. */
  readonly params: ParameterSchema;
  /** Path below docs/, `faults/latency.md`. */
  readonly doc: string;
}

/** The kinds of each group, groups and kinds in their order; without those that there are none of. */
export function byGroup(faults: readonly CatalogFault[]): { group: FaultGroup; faults: readonly CatalogFault[] }[] {
  return FAULT_GROUPS.map((group) => ({ group, faults: faults.filter((kind) => kind.group === group) })).filter(
    (each) => each.faults.length > 0,
  );
}

export interface CatalogPolicy {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly doc: string;
}

export interface Catalog {
  readonly faults: readonly CatalogFault[];
  readonly policies: readonly CatalogPolicy[];
}
