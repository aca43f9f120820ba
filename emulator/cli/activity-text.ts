import { formatPlace } from '../contract/errors.js';
import type { Fault } from '../contract/faults.js';
import type { InvocationRecord } from '../contract/records.js';
import type { Problem } from '../contract/snapshot.js';
import { formatMs } from '../contract/webview.js';
import type { Activity } from './activity.js';
import { timeText } from './fault.js';
import type { Style } from './style.js';

/** Long messages end here; `invoke --log`, the dashboard and the editor have all of it. */
const MAX_MESSAGE = 160;

/**
 * One thing that happened, for people.
 * @param nameWidth of the longest function name, so that columns line up
 * @returns lines without their ends
 */
export function activityText(activity: Activity, style: Style, nameWidth: number): string[] {
  switch (activity.type) {
    case 'invocation':
      return [invocationText(activity.record, style, nameWidth)];
    case 'skipped':
      return [
        style.dim(`          ${activity.function.padEnd(nameWidth)}  … and ${String(activity.count)} more before`),
      ];
    case 'version':
      return [style.dim(`${activity.function}: version ${String(activity.version)} serves`)];
    case 'problem':
      return problemText(activity.problem, activity.function, style);
    case 'solved':
      return [style.green(`solved: ${activity.function ?? 'the configuration'} is fine again`)];
    case 'fault':
      return [faultText(activity.change, activity.fault, style)];
    case 'log': {
      const beginning = style.dim(`          ${activity.function.padEnd(nameWidth)}  |`);
      return handlerText(activity.text)
        .split('\n')
        .map((line) => `${beginning} ${line}`);
    }
  }
}

/** `14:03:59  orders  500  84 ms  cold start 110 ms  fault latency-1  TypeError: …` */
function invocationText(record: InvocationRecord, style: Style, nameWidth: number): string {
  const parts = [
    style.dim(timeText(record.at)),
    record.function.padEnd(nameWidth),
    outcome(record, style),
    formatMs(record.durationMs).padStart(8),
  ];
  if (record.attempt > 1) parts.push(style.dim(`attempt ${String(record.attempt)}`));
  if (record.initMs !== undefined) parts.push(style.cyan(`cold start ${formatMs(record.initMs)}`));
  // A wait that nobody would notice is noise.
  if (record.queueMs >= 1 && record.initMs === undefined) parts.push(style.dim(`waited ${formatMs(record.queueMs)}`));
  if (record.faults.length > 0) parts.push(style.yellow(`fault ${record.faults.map(({ fault }) => fault).join(', ')}`));
  if (record.error) parts.push(style.dim(cut(`${record.error.type}: ${record.error.message}`)));
  return parts.join('  ');
}

const OUTCOME_WIDTH = 8;

function outcome({ status, error }: InvocationRecord, style: Style): string {
  const text = (status === undefined ? (error?.kind ?? 'ok') : String(status)).padEnd(OUTCOME_WIDTH);
  if (error !== undefined || (status ?? 0) >= 500) return style.red(text);
  return (status ?? 0) >= 400 ? style.yellow(text) : style.green(text);
}

function problemText(
  { message, place, hint, lastGoodServes }: Problem,
  fn: string | undefined,
  style: Style,
): string[] {
  const at = [formatPlace(place), place?.key ?? ''].filter((part) => part !== '').join(', ');
  return [
    `${style.bold(style.red('problem:'))} ${fn === undefined ? '' : `${fn}: `}${message}`,
    ...(at === '' ? [] : [`  at ${style.cyan(at)}`]),
    ...(hint === undefined ? [] : [`  ${style.dim('hint:')} ${hint}`]),
    ...(lastGoodServes ? [`  ${style.dim('the last version that loaded still serves')}`] : []),
  ];
}

function faultText(change: 'on' | 'off' | 'cleared', fault: Fault, style: Style): string {
  const share = fault.rate === 100 ? '' : `, ${String(fault.rate)} %`;
  const what = `${fault.summary}, ${fault.function ?? 'all functions'}${share}`;
  if (change === 'on') {
    const end = fault.until === undefined ? '' : `, until ${timeText(fault.until)}`;
    return style.yellow(`fault ${fault.id} is on: ${what}${end}`);
  }
  return style.yellow(`fault ${fault.id} is ${change}; it hit ${String(fault.injected)} of ${String(fault.matched)}`);
}

/** Without what the line beside it says already: Lambda's `ISO\trequestId\tINFO\tmessage`. */
function handlerText(text: string): string {
  return text
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S+\t(?:(?:INFO|undefined)\t|(?=[A-Z]+\t))/, '')
    .replace(/^([A-Z]+)\t/, '$1 ');
}

function cut(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE - 1)}…` : line;
}
