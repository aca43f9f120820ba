import { FaultlineError, formatPlace } from '../contract/errors.js';
import type { ErrorPlace } from '../contract/errors.js';
import { createStyle } from './style.js';

/**
 * An error for people: message, place and hint; all of them when several things are wrong. Only what is our own defect
 * comes with a stack.
 * @returns lines, the last one ended
 */
export function formatError(thrown: unknown, color: boolean): string {
  const error = FaultlineError.from(thrown);
  const style = createStyle(color);
  const lines = [`${style.bold(style.red('error:'))} ${error.message}`];
  const place = placeText(error.place);
  if (place !== '') lines.push(`  at ${style.cyan(place)}`);
  for (const other of error.all?.slice(1) ?? []) {
    lines.push(`${style.bold(style.red('error:'))} ${other.message}`);
    const otherPlace = placeText(other.place);
    if (otherPlace !== '') lines.push(`  at ${style.cyan(otherPlace)}`);
  }
  if (error.hint !== undefined) lines.push(`  ${style.dim('hint:')} ${error.hint}`);
  if (error.blame === 'internal') lines.push(...defect(error));
  return `${lines.join('\n')}\n`;
}

/** `faultline.yaml:4:5, functions.a.timeout`; a key alone where there is no file. */
function placeText(place: ErrorPlace | undefined): string {
  return [formatPlace(place), place?.key ?? ''].filter((part) => part !== '').join(', ');
}

function defect(error: FaultlineError): string[] {
  const cause = error.cause instanceof Error ? error.cause : error;
  return [
    '  This is a defect of Faultline. Please report it with what follows:',
    ...(cause.stack ?? '').split('\n').map((line) => `    ${line.trimEnd()}`),
  ];
}
