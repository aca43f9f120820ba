/**
 * Which messages of a batch have failed by a handler's answer, when its mapping heeds batchItemFailures
 * (ReportBatchItemFailures). [D: Lambda, success and failure conditions; R: `{}`, an entry without itemIdentifier]
 * - nothing, `{}`, an empty or null list: none
 * - identifiers of messages of the batch: those
 * - an empty, null, missing or unknown identifier, or an answer of another shape: all
 * @param payload the handler's answer, JSON
 * @param ids of the messages of the batch
 */
export function failedMessages(payload: Buffer, ids: readonly string[]): ReadonlySet<string> {
  const failures = listOf(payload);
  if (failures === undefined) return new Set(ids);
  const failed = failures.map(identifierOf);
  const known = (id: string | undefined): id is string => id !== undefined && ids.includes(id);
  return failed.every(known) ? new Set(failed) : new Set(ids);
}

/** @returns undefined when the answer has not the shape of a batch response */
function listOf(payload: Buffer): readonly unknown[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(payload.toString()) as unknown;
  } catch {
    return undefined;
  }
  if (answer === null || answer === '') return [];
  if (typeof answer !== 'object' || Array.isArray(answer)) return undefined;
  const list = 'batchItemFailures' in answer ? (answer.batchItemFailures ?? []) : [];
  return Array.isArray(list) ? (list as unknown[]) : undefined;
}

function identifierOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('itemIdentifier' in entry)) return undefined;
  return typeof entry.itemIdentifier === 'string' ? entry.itemIdentifier : undefined;
}
