import uPlot from 'uplot';
import type { FaultPeriod } from '../../emulator/contract/faults.js';
import type { Series } from '../../emulator/contract/snapshot.js';
import type { ChartKind, ChartLine } from './charts.js';
import { h, setText } from './dom.js';
import { periodsPlugin } from './periods.js';
import { t } from './text.js';
import { color, font } from './theme.js';

/** One chart with its title, its latest values, and the same in words for screen readers. */

const HEIGHT = 150;

function clock(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

function uplotSeries(line: ChartLine): uPlot.Series {
  const steps = line.steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label: line.label(),
    stroke: color(line.color),
    width: 1.5,
    dash: [...(line.dash ?? [])],
    // A second without invocations has no quantile, and a lone measurement is no line: dots show each.
    spanGaps: false,
    points: { show: line.gaps ?? false, size: 3, fill: color(line.color) },
    ...(steps ? { paths: steps } : {}),
  };
}

function axes(kind: ChartKind): uPlot.Axis[] {
  const common = {
    stroke: color('--fl-muted'),
    font: font(),
    grid: { stroke: color('--fl-grid'), width: 1 },
    ticks: { show: false },
  };
  const time = (value: number): string => new Date(value * 1_000).toLocaleTimeString(undefined, { timeStyle: 'short' });
  return [
    { ...common, grid: { show: false }, size: 24, gap: 4, space: 80, values: (_chart, values) => values.map(time) },
    { ...common, size: 62, space: 32, values: (_chart, values) => values.map(kind.format) },
  ];
}

export class Chart {
  readonly element: HTMLElement;
  readonly #kind: ChartKind;
  readonly #canvas: HTMLElement;
  readonly #values: HTMLElement[];
  #plot: uPlot | undefined;
  #series: Series | undefined;
  #periods: readonly FaultPeriod[] = [];
  /** Column under the pointer. */
  #hovered: number | undefined;

  constructor(kind: ChartKind) {
    this.#kind = kind;
    this.#values = kind.lines.map(() => h('span', { class: 'value' }));
    const legend = kind.lines.map((line, index) =>
      h(
        'span',
        { class: `entry ${line.color.slice(2)}` },
        h('span', { class: 'mark', 'aria-hidden': 'true' }),
        line.label() === '' ? undefined : `${line.label()} `,
        this.#values[index],
      ),
    );
    this.#canvas = h('div', { class: 'plot', role: 'img' });
    this.element = h(
      'figure',
      { class: 'chart' },
      h('figcaption', {}, h('h2', {}, kind.title()), h('span', { class: 'legend' }, ...legend)),
      this.#canvas,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
  }

  draw(series: Series, periods: readonly FaultPeriod[]): void {
    this.#series = series;
    this.#periods = periods;
    if (this.#plot === undefined) this.#build();
    else this.#plot.setData(this.#data(series));
    this.#label();
  }

  /** With other colours, or at another size of letters. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (this.#series) this.#build();
  }

  #data(series: Series): uPlot.AlignedData {
    return [[...series.at], ...this.#kind.lines.map(({ column }) => [...series[column]])];
  }

  #build(): void {
    const width = this.#canvas.clientWidth;
    if (this.#series === undefined || width === 0) return;
    const { atLeast } = this.#kind;
    const colors = () => ({
      fill: color('--fl-orange'),
      text: color('--fl-foreground'),
      font: font(11 * devicePixelRatio),
    });
    const options: uPlot.Options = {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { sync: { key: 'faultline' }, y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: (_chart, _low, high) => [0, Math.max(atLeast, (high ?? 0) * 1.15)] } },
      series: [{}, ...this.#kind.lines.map(uplotSeries)],
      axes: axes(this.#kind),
      padding: [8, 8, 0, 0],
      plugins: [periodsPlugin(() => this.#periods, colors, Date.now)],
      hooks: {
        setCursor: [
          (chart) => {
            this.#hovered = chart.cursor.idx ?? undefined;
            this.#label();
          },
        ],
      },
    };
    this.#plot = new uPlot(options, this.#data(this.#series), this.#canvas);
  }

  #resize(): void {
    const width = this.#canvas.clientWidth;
    if (width === 0) return;
    if (this.#plot === undefined) this.#build();
    else if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
  }

  /** The values under the pointer, else the latest, in the legend and in words. */
  #label(): void {
    const series = this.#series;
    if (series === undefined) return;
    const shown = this.#kind.lines.map((line) => {
      const column = series[line.column];
      const index = this.#hovered ?? column.length - 1;
      const value = this.#hovered === undefined ? latest(column) : column[index];
      return value == null ? '–' : this.#kind.format(value);
    });
    shown.forEach((text, index) => {
      const element = this.#values[index];
      if (element) setText(element, text);
    });
    const at = this.#hovered === undefined ? undefined : series.at[this.#hovered];
    const words = this.#kind.lines.map((line, index) => `${line.label()} ${shown[index] ?? ''}`.trim()).join(', ');
    const when = at === undefined ? t('now') : clock(at);
    this.#canvas.setAttribute('aria-label', t('{0}, {1}: {2}', this.#kind.title(), when, words));
    this.#canvas.title = at === undefined ? '' : when;
  }
}

/** The newest value there is within the last ten seconds: quantiles are missing in seconds without invocations. */
function latest(column: readonly (number | null)[]): number | null | undefined {
  return column
    .slice(-10)
    .filter((value) => value !== null)
    .at(-1);
}
