import type { ExperimentResult } from '../../contract/experiment.js';
import type { Reporter, ReportTarget } from '../types.js';
import { countVerdicts, notFired, oneLine, PHASE_TITLES, replayCommand, seconds, shownPath } from './words.js';

/**
 * Workflow commands that GitHub shows beside the code: an annotation for each check that failed, on the handler's line.
 * Paths are relative to the working directory, which is the repository's root in a workflow.
 */
export const github: Reporter = {
  summary: 'annotations, for GitHub Actions',
  open: (target) => ({
    result: (result) =>
      target.write(
        annotations(result, target)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    end: (results) => target.write(`${countVerdicts(results)} (seed ${target.seed})\n`),
  }),
};

function annotations(result: ExperimentResult, target: ReportTarget): string[] {
  const summary = `${result.verdict}: ${result.title} in ${seconds(result.durationMs)}`;
  const again = `Again: ${replayCommand(result, target.cwd)}`;
  const atHandler = (message: string): string =>
    command(result.place?.file ?? result.file, result.place?.line, result.title, `${message}\n${again}`, target);
  const failed = result.checks
    .filter((check) => !check.passed)
    .map((check) => `${PHASE_TITLES[check.phase]}: expected ${check.expectation}, measured ${check.measured}`);
  const { abort } = result;
  const told = result.checks.some((check) => !check.passed && check.expectation === abort?.expectation);
  const ended =
    abort && !told
      ? [`${PHASE_TITLES[abort.phase]}: ended early, since ${abort.expectation} was ${abort.measured}`]
      : [];
  const lines = [oneLine(summary), ...[...failed, ...ended].map(atHandler)];
  if (result.flaky)
    lines.push(
      command(
        result.file,
        undefined,
        result.title,
        `flaky: it passed at retry ${result.retry ?? 1}`,
        target,
        'warning',
      ),
    );
  if (result.verdict === 'vacuous')
    for (const fault of result.faults) {
      const why = notFired(fault, result.faults);
      if (why !== undefined) lines.push(command(result.file, undefined, result.title, why, target));
    }
  if (result.error) {
    const { message, hint, place } = result.error;
    const text = [message, hint].filter(Boolean).join('\n');
    lines.push(command(place?.file ?? result.file, place?.line, result.title, text, target));
  }
  return lines;
}

/** `::error file=…,line=…,title=…::message`. */
function command(
  file: string,
  line: number | undefined,
  title: string,
  message: string,
  { cwd }: ReportTarget,
  level: 'error' | 'warning' = 'error',
): string {
  const properties = { file: shownPath(file, cwd), line: String(line ?? 1), title: oneLine(title) };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${level} ${list.join(',')}::${escapeData(message)}`;
}

// The escapes of GitHub's own toolkit: actions/toolkit, packages/core/src/command.ts.
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
