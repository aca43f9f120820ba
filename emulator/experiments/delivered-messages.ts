import type { InvocationDetail } from '../contract/records.js';

/**
 * The messages that an invocation by a queue has finished: those of its event but for those that its answer names as failed
 * (batchItemFailures).
 * @returns their ids; undefined when its event is not remembered, or not whole
 */
export function messagesOf(
  detail: Pick<InvocationDetail, 'event' | 'payload'> | undefined,
): readonly string[] | undefined {
  const event = parsed(detail?.event ?? '') as { readonly Records?: unknown } | undefined;
  if (!Array.isArray(event?.Records)) return undefined;
  const ids = event.Records.map((record: { readonly messageId?: unknown }) => String(record.messageId));
  const answer = parsed(detail?.payload ?? '') as { readonly batchItemFailures?: unknown } | null | undefined;
  const failures = Array.isArray(answer?.batchItemFailures) ? answer.batchItemFailures : [];
  const failed = new Set(failures.map((one: { readonly itemIdentifier?: unknown } | null) => one?.itemIdentifier));
  return ids.filter((id) => !failed.has(id));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
