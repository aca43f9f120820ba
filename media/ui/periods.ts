import type uPlot from 'uplot';
import type { FaultPeriod } from '../../emulator/contract/faults.js';

/** Shades the time in which faults were on, with the kind's name at the top. */

export interface PeriodColors {
  readonly fill: string;
  readonly text: string;
  readonly font: string;
}

/** Labels beyond these rows would hide the lines. */
const ROWS = 3;
const PADDING = 4;

interface Placed {
  readonly period: FaultPeriod;
  readonly row: number;
}

/** Periods that overlap in time go on rows of their own. */
export function placePeriods(periods: readonly FaultPeriod[]): Placed[] {
  const ends: number[] = [];
  return [...periods]
    .sort((a, b) => a.from - b.from)
    .map((period) => {
      const free = ends.findIndex((end) => end <= period.from);
      const row = free < 0 ? ends.length : free;
      ends[row] = period.to ?? Number.POSITIVE_INFINITY;
      return { period, row };
    });
}

/** The text, cut to a width; empty when not even a few letters fit. */
function fit(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 2 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut.length > 2 ? `${cut}…` : '';
}

function drawPeriod(chart: uPlot, { period, row }: Placed, colors: PeriodColors, now: number): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const at = (ms: number): number => chart.valToPos(ms / 1_000, 'x', true);
  const from = Math.max(at(period.from), bbox.left);
  const to = Math.min(at(period.to ?? now), bbox.left + bbox.width);
  if (to <= from) return;
  ctx.fillStyle = colors.fill;
  ctx.globalAlpha = 0.16;
  ctx.fillRect(from, bbox.top, to - from, bbox.height);
  ctx.globalAlpha = 1;
  // Its beginning stays visible where a tint is not.
  if (at(period.from) >= bbox.left) ctx.fillRect(from, bbox.top, scale, bbox.height);
  if (row >= ROWS) return;
  ctx.font = colors.font;
  ctx.fillStyle = colors.text;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  const line = 13 * scale;
  const name = fit(ctx, period.kind, to - from - 2 * PADDING * scale);
  ctx.fillText(name, from + PADDING * scale, bbox.top + PADDING * scale + row * line);
}

export function periodsPlugin(
  periods: () => readonly FaultPeriod[],
  colors: () => PeriodColors,
  now: () => number,
): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (chart: uPlot) => {
        chart.ctx.save();
        for (const placed of placePeriods(periods())) drawPeriod(chart, placed, colors(), now());
        chart.ctx.restore();
      },
    },
  };
}
