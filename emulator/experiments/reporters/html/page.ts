import { createHash } from 'node:crypto';
import type { ExperimentResult } from '../../../contract/experiment.js';
import type { ReportTarget } from '../../types.js';
import { countVerdicts, oneLine, seconds } from '../words.js';
import { badge, experiment } from './experiment.js';
import { html, Markup } from './markup.js';
import { STYLE } from './style.js';
import { cell, row, table } from './table.js';

/**
 * The whole document. It loads nothing and runs nothing: no script, no picture, no font, and a policy that would not let it.
 * It works from a file, from a CI server's artifacts, and in a frame without rights.
 */

const hash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
/** Escaped, or with a space more, it would have another hash. Nothing of a result is in it. */
const style = Markup.of(`<style>${STYLE}</style>`);

export function page(results: readonly ExperimentResult[], { cwd, seed }: Pick<ReportTarget, 'cwd' | 'seed'>): string {
  const verdict = countVerdicts(results);
  const ids = results.map((_, i) => `experiment-${String(i + 1)}`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${verdict} · Faultline</title>
        ${style}
      </head>
      <body>
        <header>
          <h1>${verdict}</h1>
          <p class="muted">Faultline experiments${startOf(results)} · seed ${seed}</p>
        </header>
        <main>
          ${results.length > 1 ? overview(results, ids) : undefined}
          ${results.map((result, i) => experiment(result, ids[i] ?? '', cwd))}
        </main>
        <footer>
          Latency counts from when a request was due until its last byte. A request has failed with a status of 500 or
          more, with a function error, or without an answer. Shaded: a fault was on.
        </footer>
      </body>
    </html> `.toString();
}

function startOf(results: readonly ExperimentResult[]): Markup | undefined {
  const [first] = results;
  if (!first) return undefined;
  const iso = new Date(first.startedAt).toISOString();
  return html` · <time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function overview(results: readonly ExperimentResult[], ids: readonly string[]): Markup {
  const head = [
    ['Experiment', ''],
    ['Verdict', ''],
    ['Checks', 'n'],
    ['Took', 'n'],
  ] as const;
  const rows = results.map(({ title, verdict, checks, durationMs }, i) => {
    const held = checks.filter(({ passed }) => passed).length;
    return row(html`<a href="#${ids[i]}">${oneLine(title)}</a>`, [
      cell(badge(verdict, 'small'), 'end'),
      cell(`${String(held)} of ${String(checks.length)}`, 'n'),
      cell(seconds(durationMs), 'n'),
    ]);
  });
  return html`<nav aria-label="Experiments">${table('All experiments of this run', head, rows)}</nav>`;
}
