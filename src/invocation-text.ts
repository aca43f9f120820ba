import { formatMs } from '../emulator/contract/webview.js';
import type { InvocationDetail } from '../emulator/contract/records.js';
import { t } from './text.js';
import { outcome } from './tree/invocation.js';

/** One invocation as a document to read: Markdown, so that the editor colours and folds it. */

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    // Cut at 64 KB, or not JSON at all: as it is.
    return json;
  }
}

/** A fence that the text cannot end early. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function figures(record: InvocationDetail): string[] {
  const rows: [string, string | undefined][] = [
    [t('Result'), outcome(record)],
    [t('Error'), record.error && `${record.error.type}: ${record.error.message}`],
    [t('Duration'), formatMs(record.durationMs)],
    [t('Waited'), record.queueMs >= 1 ? formatMs(record.queueMs) : undefined],
    [t('Cold start'), record.initMs === undefined ? undefined : formatMs(record.initMs)],
    [
      t('Memory'),
      record.maxMemoryMb === undefined ? undefined : `${Math.round(record.maxMemoryMb)} / ${record.memoryMb} MB`,
    ],
    [t('Attempt'), record.attempt > 1 ? String(record.attempt) : undefined],
    [t('Streamed'), record.streamed === undefined ? undefined : t('{0} bytes', record.streamed)],
    [t('Instance'), record.instance ?? t('none was reached')],
    [t('Source'), record.source],
    [t('At'), new Date(record.at).toLocaleString()],
    [t('Trace'), record.traceId],
    [t('Request id'), record.requestId],
  ];
  return rows.flatMap(([name, value]) => (value ? [`- ${name}: ${value}`] : []));
}

/** `latency-1 (latency): before the handler, +812 ms`. */
function hitLine({ fault, kind, where, saw, dryRun }: InvocationDetail['faults'][number]): string {
  const told = [where, saw, dryRun ? t('dry run: nothing was done') : undefined].filter(Boolean).join(', ');
  return `- ${fault} (${kind})${told === '' ? '' : `: ${told}`}`;
}

function faults(record: InvocationDetail): string[] {
  if (record.faults.length === 0) return [];
  return ['', `## ${t('Faults that hit it')}`, '', ...record.faults.map(hitLine)];
}

function operations(record: InvocationDetail): string[] {
  if (record.operations.length === 0) return [];
  const lines = record.operations.map(({ kind, target, at, fault, saw, service, operation }) =>
    [
      `- ${formatMs(at)}: ${kind} ${target}`,
      ...(service === undefined ? [] : [[service, operation].filter(Boolean).join(' ')]),
      ...(fault === undefined ? [] : [t('fault: {0}', fault)]),
      ...(saw === undefined ? [] : [saw]),
    ].join(' · '),
  );
  return ['', `## ${t('Outbound operations')}`, '', ...lines];
}

function segments({ segments: all = [] }: InvocationDetail): string[] {
  if (all.length === 0) return [];
  const begin = Math.min(...all.map(({ at }) => at));
  const depths = new Map<string, number>();
  const lines = all.map(({ id, parent, name, at, durationMs, error, http }) => {
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? -1) + 1;
    depths.set(id, depth);
    const took = durationMs === undefined ? t('in progress') : formatMs(durationMs);
    const call = [http?.method, http?.url, http?.status].filter((part) => part !== undefined).join(' ');
    const parts = [`+${formatMs(at - begin)}`, took, call, error ?? ''].filter(Boolean).join(' · ');
    return `${'  '.repeat(depth)}- ${name}: ${parts}`;
  });
  return ['', `## ${t('Trace segments')}`, '', ...lines];
}

function customMetrics({ metrics = [] }: InvocationDetail): string[] {
  if (metrics.length === 0) return [];
  const lines = metrics.map(({ namespace, name, unit, dimensions, values }) => {
    const of = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
    return `- ${namespace} ${name}: ${values.join(', ')}${unit === 'None' ? '' : ` ${unit}`}${of.length > 0 ? ` (${of.join(', ')})` : ''}`;
  });
  return ['', `## ${t('Metrics that it sent')}`, '', ...lines];
}

export function invocationText(record: InvocationDetail): string {
  const section = (title: string, body: string): string[] => ['', `## ${title}`, '', body];
  return [
    `# ${t('Invocation {0} of {1}', record.number, record.function)}`,
    '',
    ...figures(record),
    ...faults(record),
    ...section(record.error ? t('Error payload') : t('Payload'), fenced(pretty(record.payload), 'json')),
    ...section(t('Event'), fenced(pretty(record.event), 'json')),
    ...section(t('Log'), fenced(record.log.map((line) => line.trimEnd()).join('\n'), 'log')),
    ...operations(record),
    ...segments(record),
    ...customMetrics(record),
    '',
  ].join('\n');
}
