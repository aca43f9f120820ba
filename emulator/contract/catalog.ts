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

export interface CatalogFault {
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  /** JSON Schema of `params`: an object with defaults. */
  readonly params: ParameterSchema;
  /** Path below docs/, `faults/latency.md`. */
  readonly doc: string;
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
