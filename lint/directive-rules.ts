import { DOCS_URL } from '../emulator/contract/docs.js';
import type { Finding, Fix, Language } from '../emulator/contract/findings.js';
import { nearest } from '../emulator/contract/nearest.js';
import type { Comment, Directive, NamedRule } from './directives.js';
import { Directives } from './directives.js';
import { findingOf } from './findings.js';
import { fix } from './rule.js';
import type { Rule } from './rule.js';
import { LineIndex } from './text.js';

/** What is reported of the comments that switch findings off. No comment switches these off. */

const languages: readonly Language[] = ['javascript', 'typescript', 'python'];

function aboutDirectives(id: string, title: string, summary: string, text: string): Rule {
  const url = `${DOCS_URL}/rules/${id}.md`;
  return {
    meta: { id, title, summary, group: 'errors', severity: 'warning', languages, url },
    messages: { found: { text } },
  };
}

export const withoutReason = aboutDirectives(
  'directive-without-reason',
  'A comment switches findings off and does not say why',
  'A comment that switches findings off needs a reason',
  'This comment switches nothing off, because it does not say why. Write the reason after two dashes: `{{example}}`.',
);

export const unknownRule = aboutDirectives(
  'directive-unknown-rule',
  'A comment names a rule that does not exist',
  'A comment that switches findings off names a rule that does not exist',
  'There is no rule `{{name}}`, so this comment does not switch it off. {{advice}}',
);

export const unused = aboutDirectives(
  'unused-directive',
  'A comment switches off what does not occur',
  'A comment switches findings off where there are none',
  '{{what}} reported here any more, so this comment would only hide the next one. Remove {{it}}.',
);

export const directiveRules: readonly Rule[] = [withoutReason, unknownRule, unused];

/** What the comments of a file are judged by. */
export interface Judged {
  readonly file: string;
  readonly text: string;
  readonly comments: () => readonly Comment[];
  /** The rules that ran to their end; of others nobody can say that a comment is unused. */
  readonly ran: readonly string[];
  /** Whether a rule did not. */
  readonly failed: boolean;
  /** The ids of all rules that there are. */
  readonly known: readonly string[];
  /** Which of the rules of this module run. */
  readonly active: readonly Rule[];
}

/** Leaves out the findings that comments switch off, and adds what there is to say about the comments. */
export function applyDirectives(findings: readonly Finding[], judged: Judged): Finding[] {
  if (!/(faultline|eslint)-disable/.test(judged.text)) return [...findings];
  const directives = new Directives(judged.comments(), judged.text);
  const left = findings.filter((each) => !directives.disabled(each.rule, each.range.start.line));
  const index = new LineIndex(judged.text);
  return [...left, ...directives.own.flatMap((each) => about(each, directives, judged, index))];
}

function about(directive: Directive, directives: Directives, judged: Judged, index: LineIndex): Finding[] {
  const { comment } = directive;
  const range = { start: index.position(comment.start), end: index.position(comment.end) };
  const report = (rule: Rule, data: Readonly<Record<string, string>>, fixes: readonly Fix[] = []): Finding[] =>
    judged.active.includes(rule)
      ? [findingOf(rule, { at: undefined, message: 'found', data, fixes }, { file: judged.file, range })]
      : [];
  const strange = directive.rules.filter((each) => !judged.known.includes(each.id));
  const unknown = strange.flatMap((each) => report(unknownRule, { name: each.id, advice: advice(each, judged.known) }));
  if (directive.reason === '') return [...unknown, ...report(withoutReason, { example: example(comment) })];
  const silenced = directives.silenced(directive);
  if (directive.rules.length === 0) {
    const idle = silenced.size === 0 && !judged.failed;
    return idle ? report(unused, { what: 'Nothing is', it: 'it' }, [removal(judged.text, comment)]) : [];
  }
  const idle = directive.rules.filter((each) => judged.ran.includes(each.id) && !silenced.has(each.id));
  if (idle.length === 0) return unknown;
  const what = idle.map((each) => `\`${each.id}\``).join(' and ');
  const whole = idle.length === directive.rules.length;
  const fixes = whole
    ? [removal(judged.text, comment)]
    : strange.length > 0
      ? []
      : [shortened(directive, idle, judged.text)];
  const data = { what: `${what} ${idle.length === 1 ? 'is not' : 'are not'}`, it: whole ? 'it' : what };
  return [...unknown, ...report(unused, data, fixes)];
}

function advice({ id }: NamedRule, known: readonly string[]): string {
  const near = nearest(id, known);
  return near === undefined ? 'Every rule has a page in the documentation.' : `Did you mean \`${near}\`?`;
}

function example(comment: Comment): string {
  const words = comment.text.replace(/^[\s*#]+/, '').replace(/\s*(--)?[\s*]*$/, '');
  return `${words.replace(/\s+/g, ' ')} -- reason`;
}

/** The comment goes, and its line with it where it stands alone. */
function removal(text: string, { start, end }: Comment): Fix {
  const before = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const after = /^[ \t]*(\r\n|\r|\n|$)/.exec(text.slice(end));
  const from = start - before;
  const alone = after !== null && (from === 0 || /[\r\n]/.test(text.charAt(from - 1)));
  const to = alone ? end + after[0].length : end;
  const keepsSpace = after === null;
  return fix('Remove the comment', true, { start: keepsSpace ? start : from, end: to, text: '' });
}

/** The comment with only the rules that it is still needed for. */
function shortened({ comment, rules }: Directive, idle: readonly NamedRule[], text: string): Fix {
  const offset = comment.start + text.slice(comment.start, comment.end).indexOf(comment.text);
  const first = rules[0];
  const last = rules.at(-1);
  if (first === undefined || last === undefined) return removal(text, comment);
  const kept = rules.filter((each) => !idle.includes(each)).map((each) => each.written);
  const edit = { start: offset + first.at, end: offset + last.at + last.written.length, text: kept.join(', ') };
  return fix('Remove the rules that are not needed', true, edit);
}
