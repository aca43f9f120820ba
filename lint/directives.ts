/** A `faultline-disable…` comment, already stripped of its comment marks. */
export interface Comment {
  readonly text: string;
  /** Lines of the comment, from 1. */
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * What the comments of a file switch off.
 *
 * `faultline-disable-next-line rule, rule -- reason`, `faultline-disable-line …` and, for a whole file,
 * `faultline-disable …`. Without a rule's name all rules are meant; the text after `--` is for the reader.
 */
export class Directives {
  readonly #lines = new Map<number, Set<string>>();
  readonly #file = new Set<string>();

  constructor(comments: Iterable<Comment>) {
    for (const comment of comments) this.#add(comment);
  }

  /** True when a finding of `rule` that begins on `line` is switched off. */
  disabled(rule: string, line: number): boolean {
    const here = this.#lines.get(line);
    return matches(this.#file, rule) || (here !== undefined && matches(here, rule));
  }

  #add(comment: Comment): void {
    const found = /^[\s*#]*faultline-disable(-next-line|-line)?(?=[\s:,]|$)([\s\S]*)$/.exec(comment.text);
    if (found === null) return;
    const names = (found[2] ?? '')
      .split(/\s--(?:\s|$)/)[0]
      ?.split(/[\s,:]+/)
      .map((name) => name.replace(/^faultline\//, ''))
      .filter((name) => name !== '' && name !== '*');
    const rules = names === undefined || names.length === 0 ? ['*'] : names;
    const target = found[1] === undefined ? this.#file : this.#line(comment, found[1]);
    for (const rule of rules) target.add(rule);
  }

  #line(comment: Comment, kind: string): Set<string> {
    const line = kind === '-line' ? comment.startLine : comment.endLine + 1;
    const known = this.#lines.get(line) ?? new Set<string>();
    this.#lines.set(line, known);
    return known;
  }
}

function matches(set: ReadonlySet<string>, rule: string): boolean {
  return set.has('*') || set.has(rule);
}
