import path from 'node:path';
import type { Snapshot } from '../contract/snapshot.js';
import { columns } from './style.js';
import type { Style } from './style.js';

/** What `start` says when it is ready: what is served, where, and how to look at it. */
export function bannerText(snapshot: Snapshot, control: { url: string; token: string }, style: Style): string {
  const [first] = snapshot.functions;
  const rows = snapshot.functions.flatMap((fn) => {
    const about = [style.bold(fn.name), fn.runtime, path.relative(snapshot.root, fn.file)];
    const urls = [
      ...fn.routes.map(({ method, path: route }) => `${method.padEnd(6)} ${style.cyan(snapshot.gateway + route)}`),
      ...(fn.url === undefined ? [] : [`${'URL'.padEnd(6)} ${style.cyan(fn.url)}`]),
      ...fn.schedules.map(({ expression }) => style.dim(expression)),
      ...snapshot.queues
        .filter(({ functions }) => functions.includes(fn.name))
        .map(({ name }) => style.dim(`queue ${name}`)),
    ];
    return urls.length === 0
      ? [[...about, style.dim('no route; invoke it')]]
      : urls.map((url, i) => (i === 0 ? [...about, url] : ['', '', '', url]));
  });
  const ways = [
    ['Gateway', style.cyan(snapshot.gateway), style.dim('routes; Lambda, SQS and CloudWatch for SDKs')],
    ['Dashboard', style.cyan(`${control.url}/#token=${control.token}`), ''],
    ['Seed', snapshot.seed, style.dim('the same seed gives the same faults')],
    ...(snapshot.timeScale === 1
      ? []
      : [['Time', `×${String(snapshot.timeScale)}`, style.dim('retries, ages and schedules')]]),
  ];
  return [
    '',
    ...columns(rows).map((line) => `  ${line}`),
    '',
    ...columns(ways).map((line) => `  ${line}`),
    '',
    `${style.green('ready')}  ${style.dim(`try: faultline invoke ${first?.name ?? 'NAME'}   Ctrl+C stops`)}`,
    '',
    '',
  ].join('\n');
}
