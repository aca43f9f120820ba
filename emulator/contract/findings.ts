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
}

export interface RuleMeta {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly languages: readonly Language[];
  readonly url: string;
}
