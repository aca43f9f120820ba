/** The comments of a file that switch findings off. */

export interface Comment {
  /** Without its comment marks. */
  readonly text: string;
  /** UTF-16 offsets of the whole comment, marks included. */
  readonly start: number;
  readonly end: number;
  /** Lines of the comment, from 1. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface NamedRule {
  /** The rule's id without `faultline/`. */
  readonly id: string;
  /** Offset of the name in the comment's text. */
  readonly at: number;
  readonly written: string;
}

/** One `faultline-disable…` comment. */
export interface Directive {
  readonly comment: Comment;
  /** The rules it names; none means all of them. */
  readonly rules: readonly NamedRule[];
  /** Why; empty when nobody said, and then it switches nothing off. */
  readonly reason: string;
  /** True for ESLint's own comment: it needs no reason, and whether it is of use is for ESLint to say. */
  readonly foreign: boolean;
  /** First and last line that it is about. */
  readonly from: number;
  readonly to: number;
}

const shape = /^([\s*#]*)(faultline|eslint)-(disable|enable)(-next-line|-line)?(?=[\s:,]|$)/;
const reasonMark = /(?:^|\s)--(?:\s|$)/;

/**
 * Reads the directives of a file.
 *
 * `faultline-disable-next-line rule, rule -- reason` is about the next line that holds code, `faultline-disable-line …`
 * about its own, `faultline-disable …` about everything from its line to `faultline-enable …` of the same rules, else to
 * the end of the file. ESLint's comments of the same shape are read where they name our rules, or none.
 */
export function readDirectives(comments: readonly Comment[], text: string): Directive[] {
  const found: Directive[] = [];
  for (const comment of comments) {
    const match = shape.exec(comment.text);
    if (match === null) continue;
    const foreign = match[2] === 'eslint';
    const { rules: named, reason } = read(comment.text, match[0].length);
    const rules = foreign ? named.filter((each) => each.written.startsWith('faultline/')) : named;
    // It is about others.
    if (foreign && named.length > 0 && rules.length === 0) continue;
    if (match[3] === 'enable') {
      close(found, rules, comment.startLine);
      continue;
    }
    const to =
      match[4] === undefined ? Infinity : match[4] === '-line' ? comment.startLine : nextCode(comment, comments, text);
    const from = match[4] === undefined ? comment.startLine : to;
    found.push({ comment, rules, reason, foreign, from, to });
  }
  return found;
}

function read(text: string, from: number): { rules: NamedRule[]; reason: string } {
  const rest = text.slice(from);
  const mark = reasonMark.exec(rest);
  const names = mark === null ? rest : rest.slice(0, mark.index);
  const rules = [...names.matchAll(/[^\s,:*][^\s,:]*/g)].map((each) => ({
    id: each[0].replace(/^faultline\//, ''),
    at: from + each.index,
    written: each[0],
  }));
  return { rules, reason: mark === null ? '' : rest.slice(mark.index + mark[0].length).replace(/[\s*]+$/, '') };
}

/** `faultline-enable`: ends what is open, all of it or what names the same rules. */
function close(found: Directive[], rules: readonly NamedRule[], line: number): void {
  for (const [index, each] of found.entries()) {
    if (each.to !== Infinity) continue;
    const ends = rules.length === 0 || each.rules.some((rule) => rules.some((one) => one.id === rule.id));
    if (ends) found[index] = { ...each, to: line };
  }
}

/** The line after a comment, passing over lines that hold nothing but further comments. */
function nextCode(comment: Comment, comments: readonly Comment[], text: string): number {
  let line = comment.endLine + 1;
  let end = comment.end;
  for (const each of comments) {
    if (each.start < end || each.startLine !== line) continue;
    if (text.slice(end, each.start).trim() !== '' || !/^[ \t]*(\r|\n|$)/.test(text.slice(each.end))) break;
    line = each.endLine + 1;
    end = each.end;
  }
  return line;
}

/** Whether a finding is switched off, and which directives ever did so. */
export class Directives {
  readonly all: readonly Directive[];
  readonly #used = new Map<Directive, Set<string>>();

  constructor(comments: readonly Comment[], text: string) {
    this.all = readDirectives(comments, text);
  }

  /** Those of ours. */
  get own(): readonly Directive[] {
    return this.all.filter((each) => !each.foreign);
  }

  /** True when a finding of `rule` that begins on `line` is switched off. */
  disabled(rule: string, line: number): boolean {
    const by = this.all.filter(
      (each) =>
        (each.foreign || each.reason !== '') &&
        line >= each.from &&
        line <= each.to &&
        (each.rules.length === 0 || each.rules.some((one) => one.id === rule)),
    );
    for (const each of by) this.#used.set(each, (this.#used.get(each) ?? new Set()).add(rule));
    return by.length > 0;
  }

  /** The rules that a directive has silenced. */
  silenced(directive: Directive): ReadonlySet<string> {
    return this.#used.get(directive) ?? new Set();
  }
}
