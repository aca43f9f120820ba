import type { ExperimentResult } from '../../../contract/experiment.js';
import { chart, frameOf, round, type Frame } from './frame.js';
import { html, type Markup } from './markup.js';
import { ticks, type Column } from './scale.js';

/** The two charts of an experiment, in one frame of time: how long answers took, and how many there were. */

const HEIGHT = 170;

/** @param id unique in the document */
export function charts(result: ExperimentResult, id: string): Markup | undefined {
  const frame = frameOf(result);
  if (!frame.columns.some(({ requests }) => requests > 0)) return undefined;
  return html`<figure>
      <figcaption>
        Latency
        ${legend([
          ['p50', 'p50'],
          ['p95', 'p95'],
        ])}
      </figcaption>
      <div class="wide" role="region" aria-label="Chart of the latency" tabindex="0">
        ${latency(frame, `${id}-latency`)}
      </div>
    </figure>
    <figure>
      <figcaption>
        Requests a second
        ${legend([
          ['answered', 'answered'],
          ['failed', 'failed'],
        ])}
      </figcaption>
      <div class="wide" role="region" aria-label="Chart of the requests" tabindex="0">
        ${requests(frame, `${id}-requests`)}
      </div>
    </figure>`;
}

const legend = (entries: readonly (readonly [string, string])[]): Markup[] =>
  entries.map(
    ([name, text]) =>
      html`<span class="key"
        ><svg class="swatch" viewBox="0 0 18 10" aria-hidden="true"><path class="${name}" d="M1 5H17" /></svg
        >${text}</span
      >`,
  );

function latency(frame: Frame, id: string): Markup {
  const { columns } = frame;
  const highest = Math.max(1, ...columns.map(({ p50, p95 }) => Math.max(p50 ?? 0, p95 ?? 0)));
  return chart(frame, {
    id,
    title: 'Latency of the requests, second by second',
    description: `p95 is at most ${inMs(Math.max(...columns.map(({ p95 }) => p95 ?? 0)))}; faults are shaded. The table below has every value.`,
    height: HEIGHT,
    yTicks: ticks(highest, 4),
    unit: 'ms',
    draw: (y) => html`${line(frame, y, 'p50')}${line(frame, y, 'p95')}`,
    hint: ({ p50, p95 }) => (p95 === null ? 'no requests' : `p50 ${inMs(p50 ?? 0)}, p95 ${inMs(p95)}`),
  });
}

/** Broken where a second had no requests; a second between two such is a dot. */
function line({ columns, x }: Frame, y: (value: number) => number, name: 'p50' | 'p95'): Markup {
  let path = '';
  const dots: Markup[] = [];
  columns.forEach((column, i) => {
    const value = column[name];
    if (value === null) return;
    const at = `${String(round((x(column.from) + x(column.to)) / 2))} ${String(y(value))}`;
    const joined = (columns[i - 1]?.[name] ?? null) !== null;
    path += `${joined ? 'L' : 'M'}${at}`;
    if (!joined && (columns[i + 1]?.[name] ?? null) === null)
      dots.push(html`<path class="${name} dot" d="M${at}h0" />`);
  });
  return html`<path class="${name}" d="${path}" />${dots}`;
}

function requests(frame: Frame, id: string): Markup {
  const { columns } = frame;
  const perSecond = ({ from, to }: Column, count: number): number => count / (to - from);
  const highest = Math.max(1, ...columns.map((column) => perSecond(column, column.requests)));
  const failures = columns.reduce((sum, { failed }) => sum + failed, 0);
  return chart(frame, {
    id,
    title: 'Requests a second, answered and failed',
    description: `${String(failures)} requests failed; faults are shaded. The table below has every value.`,
    height: HEIGHT * 0.7,
    // Some air above the bars, so that the shade is seen behind them.
    yTicks: ticks(highest * 1.1, 3),
    unit: '',
    draw: (y) => html`${columns.map((column) => bars(frame, y, column, perSecond))}`,
    hint: ({ requests: count, failed }) => `${String(count)} requests, ${String(failed)} failed`,
  });
}

/** Failed ones below, the others on top of them. */
function bars(
  { x }: Frame,
  y: (value: number) => number,
  column: Column,
  perSecond: (column: Column, count: number) => number,
): Markup {
  const [start, end] = [x(column.from), x(column.to)];
  const gap = end - start > 4 ? 1 : 0;
  const bar = (name: string, from: number, to: number): Markup | undefined => {
    const [top, height] = [y(perSecond(column, to)), round(y(perSecond(column, from)) - y(perSecond(column, to)))];
    if (to === from) return undefined;
    return html`<rect
      class="${name}"
      x="${round(start + gap)}"
      y="${top}"
      width="${round(end - start - 2 * gap)}"
      height="${height}"
    />`;
  };
  return html`${bar('failed', 0, column.failed)}${bar('answered', column.failed, column.requests)}`;
}

export const inMs = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`;
