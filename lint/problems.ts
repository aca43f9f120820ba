import { DOCS_URL } from '../emulator/contract/docs.js';
import type { Finding } from '../emulator/contract/findings.js';

/** The one finding of a file that does not parse. Line and column count from 1. */
export function syntaxError(file: string, line: number, column: number, message: string): Finding {
  const start = { line: Math.max(1, line), column: Math.max(1, column) };
  return {
    rule: 'syntax-error',
    severity: 'error',
    message: `This file does not parse, so the platform cannot load it and it was not linted: ${message}`,
    file,
    range: { start, end: { line: start.line, column: start.column + 1 } },
    url: `${DOCS_URL}/rules/syntax-error.md`,
  };
}

/** Our defect: a rule threw. The file's other rules still count. */
export function internalError(where: string, file: string, error: unknown): Finding {
  const reason = isTooDeep(error)
    ? 'the code is nested too deeply'
    : error instanceof Error
      ? (error.message.split('\n')[0] ?? '')
      : String(error);
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return {
    rule: 'internal-error',
    severity: 'error',
    message: `Faultline's own defect: ${where} failed on ${name} (${reason}). Please report it; other rules still ran.`,
    file,
    range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
    url: `${DOCS_URL}/rules/internal-error.md`,
  };
}

/** True for the error of code that is nested deeper than the stack goes. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}

/** A file of Python 2, which no platform runs any more. Line counts from 1. */
export function python2(file: string, line: number, what: string): Finding {
  const broken = syntaxError(file, line, 1, '');
  const message = `This looks like Python 2 (${what} in line ${String(line)}): no Lambda runtime has run it since 2021, so it was not linted. Move it to Python 3, or leave it out with \`ignore\` in the section \`lint:\` of faultline.yaml.`;
  return { ...broken, message };
}
