import type { ExperimentFaultPeriod, ExperimentResult, PhaseMark } from '../../../contract/experiment.js';
import { clockTime, columnsOf, timeTicks, type Column } from './scale.js';
import { html, type Markup } from './markup.js';

/** What every chart over the time of a run shares: its width, the time below, phases and faults above and behind. */

const WIDTH = 900;
const LEFT = 62;
const RIGHT = 12;
const LANE = 17;
const PHASE_ROW = 20;
const BELOW = 24;
/** Below this many pixels a label does not fit into its phase. */
const LABEL_WIDTH = 56;

export interface Frame {
  readonly columns: readonly Column[];
  readonly seconds: number;
  /** One row each: the periods of one fault. */
  readonly lanes: readonly (readonly ExperimentFaultPeriod[])[];
  readonly marks: readonly PhaseMark[];
  /** Where the plot begins, from above. */
  readonly top: number;
  x(seconds: number): number;
}

export function frameOf({ series, periods, marks }: ExperimentResult): Frame {
  const columns = columnsOf(series);
  const seconds = Math.max(columns.at(-1)?.to ?? 1, 1);
  const ids = [...new Set(periods.map(({ fault }) => fault))];
  const lanes = ids.map((id) => periods.filter(({ fault }) => fault === id));
  const x = (at: number): number =>
    round(LEFT + (Math.min(Math.max(at, 0), seconds) / seconds) * (WIDTH - LEFT - RIGHT));
  return { columns, seconds, lanes, marks, top: PHASE_ROW + lanes.length * LANE + 6, x };
}

export const round = (value: number): number => Math.round(value * 10) / 10;

const PHASES: Readonly<Record<PhaseMark['phase'], string>> = {
  warmUp: 'warm-up',
  steadyState: 'steady state',
  during: 'during',
  after: 'after',
};

export interface Plot {
  readonly title: string;
  /** What there is to see, for whoever cannot see it. */
  readonly description: string;
  readonly id: string;
  readonly height: number;
  readonly yTicks: readonly number[];
  readonly unit: string;
  readonly draw: (y: (value: number) => number) => Markup;
  /** One line for the column that is pointed at. */
  readonly hint: (column: Column) => string;
}

/** A whole chart as static SVG: nothing in it runs. */
export function chart(frame: Frame, plot: Plot): Markup {
  const { top } = frame;
  const bottom = top + plot.height;
  const max = plot.yTicks.at(-1) ?? 1;
  const y = (value: number): number => round(bottom - (value / max) * plot.height);
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${bottom + BELOW}"
    role="img"
    aria-labelledby="${plot.id}-t ${plot.id}-d"
  >
    <title id="${plot.id}-t">${plot.title}</title>
    <desc id="${plot.id}-d">${plot.description}</desc>
    ${phases(frame, bottom)}${faults(frame, bottom)}${grid(plot, y)}${plot.draw(y)}${timeAxis(frame, bottom)}${hints(frame, plot, bottom)}
  </svg>`;
}

function phases({ marks, x }: Frame, bottom: number): Markup[] {
  return marks.map(({ phase, from, to }) => {
    const [start, end] = [x(from / 1_000), x(to / 1_000)];
    const label =
      end - start < LABEL_WIDTH ? undefined : html`<text class="phase" x="${start + 5}" y="13">${PHASES[phase]}</text>`;
    return html`<line class="mark" x1="${start}" x2="${start}" y1="2" y2="${bottom}" />${label}`;
  });
}

/** A bar with its name above the plot, and its time shaded below it. */
function faults({ lanes, x, top }: Frame, bottom: number): Markup[] {
  return lanes.flatMap((periods, lane) =>
    periods.map(({ fault, from, to }) => {
      const [start, end] = [x(from / 1_000), x(to / 1_000)];
      const width = Math.max(round(end - start), 2);
      const y = PHASE_ROW + lane * LANE;
      // A name that does not fit behind its beginning stands before it.
      const late = start > WIDTH - 140;
      return html`<rect class="shade" x="${start}" y="${top}" width="${width}" height="${bottom - top}" />
        <rect class="bar" x="${start}" y="${y}" width="${width}" height="${LANE - 3}" rx="2" />
        <text class="fault${late ? ' end' : ''}" x="${late ? start - 5 : start + 5}" y="${y + 11}">${fault}</text>`;
    }),
  );
}

function grid({ yTicks, unit }: Plot, y: (value: number) => number): Markup[] {
  return yTicks.map((value, i) => {
    const text = `${value.toLocaleString('en')}${i === yTicks.length - 1 && unit !== '' ? ` ${unit}` : ''}`;
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" />
      <text class="tick end" x="${LEFT - 7}" y="${y(value) + 4}">${text}</text>`;
  });
}

function timeAxis({ seconds, x }: Frame, bottom: number): Markup[] {
  return timeTicks(seconds, 12).map(
    (at) => html`<text class="tick middle" x="${x(at)}" y="${bottom + 16}">${clockTime(at, seconds)}</text>`,
  );
}

/** The browser's own tooltips: an invisible strip over each column. */
function hints({ columns, x, top, seconds }: Frame, { hint }: Plot, bottom: number): Markup[] {
  return columns.map((column) => {
    const start = x(column.from);
    const time = clockTime(column.from, seconds);
    return html`<rect
      class="hint"
      x="${start}"
      y="${top}"
      width="${round(x(column.to) - start)}"
      height="${bottom - top}"
      ><title>${time}: ${hint(column)}</title></rect
    >`;
  });
}
