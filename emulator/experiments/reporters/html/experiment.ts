import { formatPlace } from '../../../contract/errors.js';
import type { ExperimentResult, Verdict } from '../../../contract/experiment.js';
import { statusesInWords } from '../../checks.js';
import { NEVER_FIRED, oneLine, PHASE_TITLES, replayCommand, seconds, shownPath } from '../words.js';
import { charts, inMs } from './charts.js';
import { faultTables } from './faults.js';
import { html, type Markup } from './markup.js';
import { clockTime, columnsOf } from './scale.js';
import { cell, row, table } from './table.js';

/** One experiment: its verdict and why, checks, charts with the same as a table, faults, and how to repeat it. */

export const VERDICTS = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  vacuous: ['∅', 'doubt'],
  aborted: ['■', 'bad'],
  error: ['!', 'bad'],
} as const satisfies Record<Verdict, readonly [string, string]>;

export function badge(verdict: Verdict, size = ''): Markup {
  const [mark, tone] = VERDICTS[verdict];
  return html`<span class="badge ${tone} ${size}"><span aria-hidden="true">${mark}</span> ${verdict}</span>`;
}

/** @param id unique in the document; links go to it */
export function experiment(result: ExperimentResult, id: string, cwd: string): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${badge(result.verdict)}${oneLine(result.title)}</h2>
    <p class="muted">
      <code>${shownPath(result.file, cwd)}</code> · seed ${result.seed} · ${seconds(result.durationMs)}${runOf(result)}
    </p>
    ${why(result, cwd)}${checks(result)}${charts(result, id)}${seriesTable(result)}${phases(result)}${faultTables(result)}
    <h3>Again, with the same faults</h3>
    <pre><code>${replayCommand(result, cwd)}</code></pre>
  </section> `;
}

function runOf({ repetition, retry, flaky }: ExperimentResult): string {
  return [
    repetition ? `run ${String(repetition.number)} of ${String(repetition.of)}` : '',
    retry ? `retry ${String(retry)}` : '',
    flaky ? 'flaky: passed only when it was tried again' : '',
  ]
    .filter(Boolean)
    .map((text) => ` · ${text}`)
    .join('');
}

function why(result: ExperimentResult, cwd: string): Markup | undefined {
  const { verdict, checks: all, faults, abort, error, phases: measured } = result;
  if (error) {
    const place = formatPlace(
      error.place && { ...error.place, ...(error.place.file ? { file: shownPath(error.place.file, cwd) } : {}) },
    );
    return html`<div class="note bad">
      <p><strong>${oneLine(error.message)}</strong></p>
      ${paragraph(error.hint)}${paragraph(place === '' ? undefined : `at ${place}`)}
    </div>`;
  }
  if (abort)
    return html`<p class="note bad">
      Ended early after ${seconds(abort.at)}, ${PHASE_TITLES[abort.phase]}: expected ${abort.expectation}, measured
      ${abort.measured}.
    </p>`;
  if (verdict === 'vacuous') {
    const idle = faults.filter(({ injected, off }) => injected === 0 && !off).map(({ id }) => id);
    return html`<p class="note doubt">${idle.join(' and ')} ${NEVER_FIRED}.</p>`;
  }
  if (verdict !== 'failed') return undefined;
  const failed = all.filter(({ passed }) => !passed);
  if (failed.every(({ phase }) => phase === 'steadyState') && !measured.some(({ phase }) => phase === 'during'))
    return html`<p class="note bad">It was not well to begin with, so nothing was broken.</p>`;
  return html`<p class="note bad">${failed.length} of ${all.length} checks did not hold.</p>`;
}

const paragraph = (text: string | undefined): Markup | undefined =>
  text === undefined ? undefined : html`<p>${text}</p>`;

function checks({ checks: all }: ExperimentResult): Markup | undefined {
  if (all.length === 0) return undefined;
  const head = [
    ['Phase', ''],
    ['Expected', ''],
    ['Measured', ''],
    ['Result', ''],
  ] as const;
  const rows = all.map(({ phase, expectation, measured, passed }) =>
    row(PHASE_TITLES[phase], [
      cell(expectation),
      cell(measured),
      passed ? cell('✓ held', 'good end') : cell('✗ did not hold', 'bad end'),
    ]),
  );
  return html`<h3>Checks</h3>
    ${table('What was expected, and what was measured', head, rows)}`;
}

function phases({ phases: all }: ExperimentResult): Markup | undefined {
  if (all.length === 0) return undefined;
  const head = [
    ['Phase', ''],
    ['Requests', 'n'],
    ['Failed', 'n'],
    ['p50', 'n'],
    ['p95', 'n'],
    ['p99', 'n'],
    ['Answers', ''],
  ] as const;
  const rows = all.map((one) =>
    row(PHASE_TITLES[one.phase], [
      cell(one.requests, 'n'),
      cell(one.failed, one.failed > 0 ? 'n bad' : 'n'),
      ...[one.p50, one.p95, one.p99].map((value) => cell(inMs(value), 'n')),
      cell(statusesInWords(one.statuses)),
    ]),
  );
  return html`<h3>Phases</h3>
    ${table('The load of each phase', head, rows)}`;
}

/** The charts' values, for whoever cannot see them or wants them exactly. */
function seriesTable(result: ExperimentResult): Markup | undefined {
  const columns = columnsOf(result.series);
  if (!columns.some(({ requests }) => requests > 0)) return undefined;
  const whole = columns.at(-1)?.to ?? 0;
  const on = (from: number, to: number): string =>
    [
      ...new Set(
        result.periods.filter((each) => each.from < to * 1_000 && each.to > from * 1_000).map(({ fault }) => fault),
      ),
    ].join(', ');
  const ms = (value: number | null): Markup => cell(value === null ? '–' : inMs(value), 'n');
  const rows = columns.map(({ from, to, requests, failed, p50, p95 }) =>
    row(clockTime(from, whole), [
      cell(requests, 'n'),
      cell(failed, failed > 0 ? 'n bad' : 'n'),
      ms(p50),
      ms(p95),
      cell(on(from, to)),
    ]),
  );
  const head = [
    ['From', ''],
    ['Requests', 'n'],
    ['Failed', 'n'],
    ['p50', 'n'],
    ['p95', 'n'],
    ['Faults', ''],
  ] as const;
  return html`<details>
    <summary>The charts as a table</summary>
    ${table('The run from its start', head, rows)}
  </details>`;
}
