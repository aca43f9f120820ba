import type { ExperimentHit, ExperimentResult, FaultOutcome } from '../../../contract/experiment.js';
import { seconds } from '../words.js';
import { html, type Markup } from './markup.js';
import { cell, row, table } from './table.js';

/** What was broken: each fault with how often it fired, what was decided, where it acted and what the code saw. */

/** Different sights of one fault that are listed. */
const SIGHTS = 4;
/** Hits that are listed one by one. */
const LISTED = 200;

export function faultTables(result: ExperimentResult): Markup | undefined {
  if (result.faults.length === 0) return undefined;
  const head = [
    ['Fault', ''],
    ['What it does', ''],
    ['Matched', 'n'],
    ['Hit', 'n'],
    ['Decisions', 'n'],
    ['Where, and what was seen', ''],
  ] as const;
  return html`<h3>Faults</h3>
    ${table(
      'What was broken',
      head,
      result.faults.map((fault) => faultRow(fault, result)),
    )}${hitTable(result)}`;
}

function faultRow(fault: FaultOutcome, { hits, decisions }: ExperimentResult): Markup {
  const { id, function: on, summary, scope, matched, injected, off, dryRun, unreached = [] } = fault;
  const own = decisions.filter((decision) => decision.fault === id);
  const hit = own.filter((decision) => decision.hit).length;
  const more = [
    scope,
    dryRun ? 'a dry run: it only counts' : undefined,
    off ? 'switched off in the file' : undefined,
    ...unreached.map(({ function: name, why }) => `does not reach ${name}: ${why}`),
  ].filter((text) => text !== undefined);
  return row(html`<code>${id}</code>${on === undefined ? '' : html` on ${on}`}`, [
    cell([summary, more.map((text) => html`<br /><span class="muted">${text}</span>`)]),
    cell(matched, 'n'),
    cell(injected === 0 && !off ? [html`<span class="doubt">0, never fired</span>`] : injected, 'n'),
    cell(own.length === 0 ? '–' : `${String(hit)} of ${String(own.length)}`, 'n'),
    cell(sights(hits.filter((each) => each.fault === id))),
  ]);
}

/** With no-break spaces. */
const TIMES = '\u00a0×\u00a0';

/** `before the handler: +1500 ms × 16`, the most frequent first. */
function sights(hits: readonly ExperimentHit[]): Markup[] {
  const counts = new Map<string, number>();
  for (const { where, saw } of hits) {
    const words = [where, saw].filter(Boolean).join(': ');
    if (words !== '') counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const lines = sorted.slice(0, SIGHTS).map(([words, count]) => html`${words}${TIMES}${count}<br />`);
  return sorted.length > SIGHTS
    ? [...lines, html`<span class="muted">and ${sorted.length - SIGHTS} others</span>`]
    : lines;
}

function hitTable({ hits }: ExperimentResult): Markup | undefined {
  if (hits.length === 0) return undefined;
  const head = [
    ['At', ''],
    ['Fault', ''],
    ['Invocation', ''],
    ['Where', ''],
    ['Saw', ''],
  ] as const;
  const rows = hits
    .slice(0, LISTED)
    .map(({ at, fault, function: name, number, attempt, where = '', saw = '', dryRun }) =>
      row(seconds(at), [
        cell(html`<code>${fault}</code>${dryRun ? ' (dry run)' : ''}`),
        cell(`${name} ${String(number)}${attempt > 1 ? `, attempt ${String(attempt)}` : ''}`),
        cell(where),
        cell(saw),
      ]),
    );
  const caption =
    hits.length > LISTED ? `The first ${String(LISTED)} of ${String(hits.length)}` : 'From the start of the run';
  return html`<details>
    <summary>Each invocation that was hit (${hits.length})</summary>
    ${table(caption, head, rows, hits.length > LISTED)}
  </details>`;
}
