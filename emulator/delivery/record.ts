import { functionArn } from '../dispatch/types.js';
import type { Condition, QueuedEvent } from './event.js';

/** What is told of an event that has ended for good [FACTS section 3; recorded: destinations and dead-letter queues]. */

/** The only version that an emulated function has; aliases lead to it. */
const LATEST = '$LATEST';

/** ErrorMessage has the first 1 KB of it [D: invocation-async-retain-records]. */
const MAX_ERROR_MESSAGE = 1_024;

/**
 * The record that destinations get. Without any attempt it has neither `responseContext` nor `responsePayload` [R: zero
 * reserved concurrency]. Payloads are put in as they were written, so that no number loses digits.
 * @param at epoch ms
 */
export function destinationRecord(event: QueuedEvent, condition: Condition, at: number): string {
  const { requestId, attempts, response } = event;
  const context = {
    requestId,
    functionArn: `${functionArn(event.function)}:${event.qualifier ?? LATEST}`,
    condition,
    approximateInvokeCount: attempts,
  };
  const members = [
    ['version', '"1.0"'],
    ['timestamp', JSON.stringify(new Date(at).toISOString())],
    ['requestContext', JSON.stringify(context)],
    ['requestPayload', asJson(event.payload.toString())],
  ];
  if (response) {
    const failed = response.ok ? {} : { functionError: 'Unhandled' };
    members.push(
      ['responseContext', JSON.stringify({ statusCode: 200, executedVersion: LATEST, ...failed })],
      ['responsePayload', asJson(response.payload)],
    );
  }
  return `{${members.map(([name = '', value = '']) => `"${name}":${value}`).join(',')}}`;
}

/** The text itself when it is JSON, else as a string in JSON. */
function asJson(text: string): string {
  if (text === '') return 'null';
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** Message attributes of a dead letter; its body is the event [R]. ErrorCode is the status of the last attempt. */
export function deadLetterAttributes(event: QueuedEvent, condition: Condition): Record<string, string | number> {
  const error = errorOf(event, condition);
  return {
    RequestID: event.requestId,
    ...(error?.code === undefined ? {} : { ErrorCode: error.code }),
    ...(error ? { ErrorMessage: cut(error.message) } : {}),
  };
}

function errorOf(event: QueuedEvent, condition: Condition): { code?: number; message: string } | undefined {
  if (condition === 'ZeroReservedConcurrency')
    // Lambda's own words, blank missing.
    return { message: 'Function not invoked. Function isconfigured with zero reserved concurrent executions' };
  if (event.response) return { code: 200, message: errorMessage(event.response.payload) };
  return event.throttles > 0 ? { code: 429, message: 'Rate Exceeded.' } : undefined;
}

function errorMessage(payload: string): string {
  try {
    const { errorMessage: message } = JSON.parse(payload) as { errorMessage?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return payload;
  }
}

/** The first bytes of it, no character halved; without characters that SQS does not take (colours of a terminal, say). */
function cut(message: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = message.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
  const bytes = Buffer.from(clean);
  if (bytes.length <= MAX_ERROR_MESSAGE) return bytes.toString();
  return bytes
    .subarray(0, MAX_ERROR_MESSAGE)
    .toString()
    .replace(/\ufffd+$/, '');
}
