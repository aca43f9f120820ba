import type { Check, ExperimentResult, PhaseFigures } from '../../contract/experiment.js';
import { formatPlace } from '../../contract/errors.js';
import { statusesInWords } from '../checks.js';
import { flakiness } from '../rounds.js';
import type { Progress, Report, Reporter, ReportTarget } from '../types.js';
import {
  calls,
  countVerdicts,
  loadInWords,
  notFired,
  oneLine,
  PHASE_TITLES,
  replayCommand,
  seconds,
  shownPath,
} from './words.js';

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

/** Back to the start of the line, and nothing on it. */
const CLEAR = '\r\u001b[2K';
/** Width of the progress bar, in characters. */
const BAR = 20;

class SpecReport implements Report {
  /** A line of progress stands there. */
  private unfinished = false;

  constructor(private readonly target: ReportTarget) {}

  start({ experiment, file, notes = [] }: Parameters<NonNullable<Report['start']>>[0]): void {
    this.line('');
    this.line(
      `${this.paint('bold', oneLine(experiment.title))}  ${this.paint('dim', shownPath(file, this.target.cwd))}`,
    );
    this.line(this.paint('dim', `  ${loadInWords(experiment.load)}, seed ${this.target.seed}`));
    for (const note of notes) this.line(this.paint('yellow', `  not carried over: ${oneLine(note)}`));
  }

  progress(event: Progress): void {
    if (event.type === 'tick') return this.live(event);
    if (event.type === 'warm-up') {
      const what = event.requests === undefined ? seconds(event.durationMs) : `${event.requests} requests`;
      this.line(this.paint('dim', `  warm-up (${what}, not measured)`));
    }
    if (event.type === 'faults' && event.on)
      for (const text of event.summaries) this.line(this.paint('yellow', `  ⚡ ${text}`));
    if (event.type === 'figures') this.figures(event.figures, event.checks);
  }

  retried(result: ExperimentResult): void {
    this.result(result);
    this.line(this.paint('yellow', '  it is tried again'));
  }

  result(result: ExperimentResult): void {
    for (const fault of result.faults) this.fault(result, fault);
    if (result.error) {
      this.line(`  ${this.paint('red', oneLine(result.error.message))}`);
      const place = formatPlace(result.error.place);
      if (place !== '') this.line(`    at ${place}`);
      if (result.error.hint !== undefined) this.line(`    ${oneLine(result.error.hint)}`);
    }
    if (result.abort) {
      const { phase, expectation, measured, at } = result.abort;
      this.line(`  ended early after ${seconds(at)}, ${PHASE_TITLES[phase]}: ${expectation} was ${measured}`);
    }
    const [mark, style] = MARKS[result.verdict];
    const tried = result.flaky
      ? `, flaky: it failed ${result.retry} ${result.retry === 1 ? 'time' : 'times'} before`
      : '';
    this.line(
      `  ${this.paint(style, `${mark} ${result.verdict}`)} in ${seconds(result.durationMs)}${tried === '' ? '' : this.paint('yellow', tried)}`,
    );
    if (result.verdict !== 'passed') this.line(`  again: ${replayCommand(result, this.target.cwd)}`);
  }

  end(results: readonly ExperimentResult[]): void {
    this.line('');
    for (const text of flakiness(results)) this.line(oneLine(text));
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

  private fault(result: ExperimentResult, fault: ExperimentResult['faults'][number]): void {
    // Of a run that never got so far there is nothing to tell.
    if (!result.phases.some((figures) => figures.phase === 'during')) return;
    const why = notFired(fault, result.faults);
    if (why !== undefined) this.line(this.paint('yellow', `  ${why}`));
    else if (fault.off) this.line(this.paint('dim', `  ${fault.id} is switched off`));
    else this.line(this.paint('dim', `  ${fault.id} hit ${fault.injected} ${calls(fault.injected)}`));
  }

  /** On a terminal a line that the next one is written over; elsewhere nothing. */
  private live({ phase, requests, failed, elapsedMs, durationMs }: Extract<Progress, { type: 'tick' }>): void {
    if (!this.target.live) return;
    const title = phase === 'warmUp' ? 'warm-up' : PHASE_TITLES[phase];
    const [at, of] = [Math.min(elapsedMs, durationMs), durationMs].map((ms) => Math.round(ms / 1_000));
    const bar = '━'.repeat(Math.round((BAR * Math.min(elapsedMs, durationMs)) / durationMs)).padEnd(BAR, '·');
    const text = `  ${bar} ${title}  ${at}/${of} s, ${requests} answered, ${failed} failed`;
    this.target.write(`${CLEAR}${this.paint('dim', text)}`);
    this.unfinished = true;
  }

  private line(text: string): void {
    this.target.write(`${this.unfinished ? CLEAR : ''}${text}\n`);
    this.unfinished = false;
  }

  private paint(style: Style, text: string): string {
    return this.target.color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }
}
