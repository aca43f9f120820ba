import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './partial-batch/javascript.js';
import { python } from './partial-batch/python.js';

/** Batches of a queue or a stream in which one bad record fails all. */
export const partialBatch: Rule = {
  meta: {
    id: 'partial-batch',
    title: 'Partial batch',
    summary: 'One bad record makes the whole batch come back',
    group: 'delivery',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/partial-batch.md`,
  },
  messages: {
    queue: {
      text: 'When {{call}} fails for one message, `{{handler}}` fails for the whole batch: the messages that were done come back and are done twice, until all end in the dead-letter queue. Catch per message and return `batchItemFailures`, with ReportBatchItemFailures on the trigger.',
    },
    stream: {
      text: 'When {{call}} fails for one record, `{{handler}}` fails for the whole batch: the shard stands still and the records that were done are done again with each retry. Catch per record and return `batchItemFailures`, with ReportBatchItemFailures on the trigger.',
    },
    queueLoop: {
      text: 'One message that fails here fails the whole batch: the others, done or not, are delivered and processed again. Catch per message, answer `{ batchItemFailures: [{ itemIdentifier: record.messageId }] }`, and set `ReportBatchItemFailures` on the trigger.',
    },
    streamLoop: {
      text: 'One record that fails here holds up its whole shard: the batch is delivered again, with all that was done already, until the record expires. Answer `{ batchItemFailures: [{ itemIdentifier: sequenceNumber }] }` of the first that failed, and set `ReportBatchItemFailures` on the trigger.',
    },
  },
  javascript,
  python,
};
