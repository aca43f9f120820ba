import type { Check, ExperimentResult, PhaseFigures } from '../../contract/experiment.js';
import { formatPlace } from '../../contract/errors.js';
import { statusesInWords } from '../checks.js';
import type { Progress, Report, Reporter, ReportTarget } from '../types.js';
import { countVerdicts, NEVER_FIRED, oneLine, PHASE_TITLES, replayCommand, seconds, shownPath } from './words.js';

/** For people: live, a line for each check with what was expected and what was measured. */
export const spec: Reporter = {
  summary: 'live, for people',
  open: (target) => new SpecReport(target),
};

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
type Style = keyof typeof CODES;

const MARKS = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  vacuous: ['∅', 'yellow'],
  aborted: ['■', 'red'],
  error: ['!', 'red'],
} as const satisfies Record<ExperimentResult['verdict'], readonly [string, Style]>;

class SpecReport implements Report {
  constructor(private readonly target: ReportTarget) {}

  start({ experiment, file }: Parameters<NonNullable<Report['start']>>[0]): void {
    const { rate, for: ms } = experiment.load;
    this.line('');
    this.line(
      `${this.paint('bold', oneLine(experiment.title))}  ${this.paint('dim', shownPath(file, this.target.cwd))}`,
    );
    this.line(this.paint('dim', `  ${rate} requests/s for ${seconds(ms)} a phase, seed ${this.target.seed}`));
  }

  progress(event: Progress): void {
    if (event.type === 'warm-up') this.line(this.paint('dim', `  warm-up (${event.requests} requests, not measured)`));
    if (event.type === 'faults' && event.on)
      for (const text of event.summaries) this.line(this.paint('yellow', `  ⚡ ${text}`));
    if (event.type === 'figures') this.figures(event.figures, event.checks);
  }

  result(result: ExperimentResult): void {
    for (const fault of result.faults) this.fault(result, fault);
    if (result.error) {
      this.line(`  ${this.paint('red', oneLine(result.error.message))}`);
      const place = formatPlace(result.error.place);
      if (place !== '') this.line(`    at ${place}`);
      if (result.error.hint !== undefined) this.line(`    ${oneLine(result.error.hint)}`);
    }
    const [mark, style] = MARKS[result.verdict];
    this.line(`  ${this.paint(style, `${mark} ${result.verdict}`)} in ${seconds(result.durationMs)}`);
    if (result.verdict !== 'passed') this.line(`  again: ${replayCommand(result, this.target.cwd)}`);
  }

  end(results: readonly ExperimentResult[]): void {
    this.line('');
    this.line(`${countVerdicts(results)} (seed ${this.target.seed})`);
  }

  private figures({ phase, requests, statuses, p50, p95 }: PhaseFigures, checks: readonly Check[]): void {
    const ms = (value: number): string => `${Math.round(value)} ms`;
    const figures = `${requests} requests: ${statusesInWords(statuses)}; p50 ${ms(p50)}, p95 ${ms(p95)}`;
    this.line(`  ${PHASE_TITLES[phase]}  ${this.paint('dim', figures)}`);
    for (const check of checks) {
      const mark = check.passed ? this.paint('green', '✓') : this.paint('red', '✗');
      const text = `${check.expectation}, measured ${check.measured}`;
      this.line(`    ${mark} ${check.passed ? text : this.paint('red', text)}`);
    }
    if (phase === 'steadyState' && checks.some((check) => !check.passed))
      this.line('    it was not well to begin with, so nothing was broken');
  }

  private fault(result: ExperimentResult, { id, injected }: ExperimentResult['faults'][number]): void {
    // Of a run that never got so far there is nothing to tell.
    if (!result.phases.some((figures) => figures.phase === 'during')) return;
    if (injected > 0) this.line(this.paint('dim', `  ${id} hit ${injected} ${injected === 1 ? 'call' : 'calls'}`));
    else this.line(this.paint('yellow', `  ${id} ${NEVER_FIRED}`));
  }

  private line(text: string): void {
    this.target.write(`${text}\n`);
  }

  private paint(style: Style, text: string): string {
    return this.target.color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }
}
