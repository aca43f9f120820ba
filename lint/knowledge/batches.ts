/** Calls of AWS that succeed though some of their entries failed, and the field of the answer that says so. */
export const partialAnswers: readonly (readonly [RegExp, string])[] = [
  [/^putEvents$/, 'FailedEntryCount'],
  [/^batchWrite(Item)?$/, 'UnprocessedItems'],
  [/^batchGet(Item)?$/, 'UnprocessedKeys'],
  [/^(sendMessageBatch|deleteMessageBatch|changeMessageVisibilityBatch|publishBatch)$/, 'Failed'],
  [/^putRecords$/, 'FailedRecordCount'],
  [/^putRecordBatch$/, 'FailedPutCount'],
];

/** The field that tells of failed entries, by the name of a method or of a v3 command. */
export function partialField(name: string): string | undefined {
  const method = name.replace(/Command$/, '').replace(/^[A-Z]/, (first) => first.toLowerCase());
  return partialAnswers.find(([pattern]) => pattern.test(method))?.[1];
}
