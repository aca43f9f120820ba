import type { Proof } from './proof.js';

/** What lint reports. Crosses every boundary: editor diagnostics, CLI reporters, SARIF. */

export type Severity = 'error' | 'warning' | 'info';

/** A position in a file: `line` and `column` count from 1, in UTF-16 units, as editors show them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface TextRange {
  readonly start: Position;
  readonly end: Position;
}

/** One replacement of the text between two UTF-16 offsets of the file as it was linted. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that mends a finding. `safe` fixes keep behaviour and are what `lint --fix` applies. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

export type Language = 'javascript' | 'typescript' | 'python';

/** What a finding says the code depends on: who does not answer in the experiment that proves it. */
export interface Dependency {
  /** As the knowledge base names the client: `fetch`, `axios`, `aws-sdk`, `pg`. */
  readonly client: string;
  /** The host, where the code shows it. */
  readonly host?: string;
  /** The AWS service, where the client tells: `dynamodb`, `sqs`. */
  readonly service?: string;
}

export interface Finding {
  /** The rule's id, e.g. `missing-timeout`; `syntax-error` when the file could not be parsed. */
  readonly rule: string;
  readonly severity: Severity;
  /** What happens in production, and what to write instead. One or two sentences. */
  readonly message: string;
  /** Absolute path of the file, or the name it was linted under. */
  readonly file: string;
  readonly range: TextRange;
  /** Link to the rule's page. */
  readonly url: string;
  readonly fixes?: readonly Fix[];
  /**
   * The same for the same code wherever it stands in its file: a hash of the rule, the text of the line and the count
   * among equals. Together with the file it names a finding across runs; every reporter and the baseline use it.
   */
  readonly fingerprint?: string;
  /** Name of the handler's export that the finding is about, where it is about one. */
  readonly handler?: string;
  readonly dependency?: Dependency;
  /** The experiment that would prove it, for rules that have one. */
  readonly proof?: Proof;
}

/** What a rule protects: a call that ends, an error that is answered, a delivery that is not lost. */
export type RuleGroup = 'timeouts' | 'errors' | 'delivery';

export interface RuleMeta {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** False for a rule that only the preset `strict` has. */
  readonly recommended?: boolean;
  /** Severity in the preset `strict`, where it is another one. */
  readonly strict?: Severity;
  readonly languages: readonly Language[];
  readonly url: string;
  /** JSON Schema of the rule's options, one object; a rule without it takes none. */
  readonly options?: OptionsSchema;
}

/** A JSON Schema of flat options: what rules take, what editors complete, what ESLint checks. */
export interface OptionsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, OptionSchema>>;
}

export interface OptionSchema {
  readonly description: string;
  readonly type: 'boolean' | 'number' | 'string' | 'array';
  readonly items?: { readonly type: 'string' };
  readonly minimum?: number;
  readonly enum?: readonly string[];
  readonly default: boolean | number | string | readonly string[];
}
