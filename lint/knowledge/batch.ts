/** AWS calls that succeed as a whole while single entries fail, by boto3's name, with the keys that tell which. */
export const batchCalls: Readonly<Record<string, { readonly service: string; readonly keys: readonly string[] }>> = {
  put_events: { service: 'events', keys: ['FailedEntryCount', 'Entries', 'ErrorCode'] },
  batch_write_item: { service: 'dynamodb', keys: ['UnprocessedItems'] },
  batch_get_item: { service: 'dynamodb', keys: ['UnprocessedKeys'] },
  send_message_batch: { service: 'sqs', keys: ['Failed'] },
  delete_message_batch: { service: 'sqs', keys: ['Failed'] },
  change_message_visibility_batch: { service: 'sqs', keys: ['Failed'] },
  publish_batch: { service: 'sns', keys: ['Failed'] },
  put_records: { service: 'kinesis', keys: ['FailedRecordCount', 'ErrorCode'] },
  put_record_batch: { service: 'firehose', keys: ['FailedPutCount', 'RequestResponses', 'ErrorCode'] },
};
