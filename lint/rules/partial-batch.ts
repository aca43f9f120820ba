import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { python } from './partial-batch/python.js';

/** Batches of a queue or a stream in which one bad record fails all. */
export const partialBatch: Rule = {
  meta: {
    id: 'partial-batch',
    title: 'Partial batch',
    summary: 'One bad record makes the whole batch come back',
    group: 'delivery',
    severity: 'warning',
    languages: ['python'],
    url: `${DOCS_URL}/rules/partial-batch.md`,
  },
  messages: {
    queue: {
      text: 'When {{call}} fails for one message, `{{handler}}` fails for the whole batch: the messages that were done come back and are done twice, until all end in the dead-letter queue. Catch per message and return `batchItemFailures`, with ReportBatchItemFailures on the trigger.',
    },
    stream: {
      text: 'When {{call}} fails for one record, `{{handler}}` fails for the whole batch: the shard stands still and the records that were done are done again with each retry. Catch per record and return `batchItemFailures`, with ReportBatchItemFailures on the trigger.',
    },
  },
  python,
};
