import { formatMs, formatNumber, formatRate } from '../../emulator/contract/webview.js';
import type { Series } from '../../emulator/contract/snapshot.js';
import { t } from './text.js';

/** Every chart: one line here. Colours are names of CSS variables; dashes tell lines apart without colour. */

export interface ChartLine {
  readonly column: Exclude<keyof Series, 'at'>;
  readonly label: () => string;
  readonly color: string;
  readonly dash?: readonly number[];
  /** There are seconds without a value. */
  readonly gaps?: boolean;
  /** Drawn as steps: the value holds until the next one. */
  readonly steps?: boolean;
}

export interface ChartKind {
  readonly title: () => string;
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
  /** The axis reaches at least to here. */
  readonly atLeast: number;
}

export const charts = {
  rate: {
    title: () => t('Invocations per second'),
    lines: [{ column: 'rate', label: () => '', color: '--fl-blue' }],
    format: formatRate,
    atLeast: 5,
  },
  errors: {
    title: () => t('Errors per second'),
    lines: [{ column: 'errors', label: () => '', color: '--fl-red' }],
    format: formatRate,
    atLeast: 5,
  },
  duration: {
    title: () => t('Duration'),
    lines: [
      { column: 'p50', label: () => 'p50', color: '--fl-green', gaps: true },
      { column: 'p95', label: () => 'p95', color: '--fl-yellow', dash: [7, 3], gaps: true },
      { column: 'p99', label: () => 'p99', color: '--fl-purple', dash: [2, 3], gaps: true },
    ],
    format: formatMs,
    atLeast: 20,
  },
  instances: {
    title: () => t('Instances'),
    lines: [{ column: 'instances', label: () => '', color: '--fl-foreground', steps: true }],
    format: formatNumber,
    atLeast: 4,
  },
} as const satisfies Record<string, ChartKind>;

export type ChartName = keyof typeof charts;
