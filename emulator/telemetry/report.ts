import { platformType, type InvocationRecord } from '../contract/records.js';
import { segmentOf } from '../trace-header.js';

/**
 * The platform's own log lines, as AWS Lambda writes them, tabs included: `REPORT` ends with a tab. Recorded against the
 * service: FACTS section 3.
 */

/** @param runtimeVersion such as `nodejs:20` */
export function initStartLine(runtimeVersion: string): string {
  return `INIT_START Runtime Version: ${runtimeVersion}`;
}

export function startLine(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

/** REPORT, and for a sampled trace what CloudWatch shows as its second line. */
export function reportLines(record: InvocationRecord): readonly string[] {
  const { traceId, sampled, requestId } = record;
  const report = reportLine(record);
  if (traceId === undefined || !sampled) return [report];
  return [report, `XRAY TraceId: ${traceId}\tSegmentId: ${segmentOf(requestId)}\tSampled: true\t`];
}

function reportLine(record: InvocationRecord): string {
  const fields = [
    `REPORT RequestId: ${record.requestId}`,
    `Duration: ${record.durationMs.toFixed(2)} ms`,
    // Billed by started millisecond; the start of the instance is not part of what was recorded as billed.
    `Billed Duration: ${String(Math.max(1, Math.ceil(record.durationMs)))} ms`,
    `Memory Size: ${String(record.memoryMb)} MB`,
    // A process that was killed took its peak with it: better no figure than a wrong one.
    ...(record.maxMemoryMb === undefined ? [] : [`Max Memory Used: ${String(Math.ceil(record.maxMemoryMb))} MB`]),
    ...(record.initMs === undefined ? [] : [`Init Duration: ${record.initMs.toFixed(2)} ms`]),
  ];
  return `${fields.join('\t')}\t${status(record)}`;
}

/**
 * Why the platform ended it, without a tab at its end [R: logs of 2024 and later]; nothing for an error that the handler
 * reported itself.
 */
function status({ error }: InvocationRecord): string {
  if (error?.kind === 'timeout' || error?.type === 'Sandbox.Timedout') return 'Status: timeout';
  if (error?.kind !== 'exit' && error?.kind !== 'init') return '';
  return `Status: error\tError Type: ${platformType(error.type)}`;
}

/**
 * What the platform says when it ended the invocation itself; the handler's own errors are in the handler's lines.
 * @param endedAt epoch ms
 */
export function platformErrorLines(record: InvocationRecord, endedAt: number): readonly string[] {
  const { error, requestId } = record;
  if (error?.kind === 'timeout') {
    const message = error.message.replace(/^RequestId: \S+ (?:Error: )?/, '');
    return [`${new Date(endedAt).toISOString()} ${requestId} ${message}`];
  }
  if (error?.kind === 'exit' || (error?.kind === 'init' && error.type === 'Runtime.ExitError'))
    return [error.message, error.type];
  return [];
}

/** True when the invocation reached an instance: a throttled one has no log at all. */
export function hasLog(record: InvocationRecord): boolean {
  return record.error?.kind !== 'throttled';
}
