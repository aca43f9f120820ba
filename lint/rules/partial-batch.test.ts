import { ruleTests } from '../testing.js';

const handler = (body: string): string =>
  `export const handler = async (event) => {\n${body}\n};\nasync function save(record) { await fetch(record.body, { signal }); }\n`;
const queue = { kinds: ['queue'] } as const;

ruleTests('partial-batch', {
  valid: [
    {
      why: 'one message a batch, by the configuration',
      deployed: { ...queue, batchSize: 1 },
      code: handler('for (const record of event.Records) await save(record);'),
    },
    {
      why: 'it answers per record',
      deployed: queue,
      code: handler(
        'const batchItemFailures = [];\nfor (const record of event.Records) { try { await save(record); } catch { batchItemFailures.push({ itemIdentifier: record.messageId }); } }\nreturn { batchItemFailures };',
      ),
    },
    {
      why: 'powertools',
      deployed: queue,
      code: `import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';\nconst processor = new BatchProcessor(EventType.SQS);\nexport const handler = async (event, context) => processPartialResponse(event, save, processor, { context });\nasync function save(record) { JSON.parse(record.body); }\n`,
    },
    {
      why: 'middy',
      deployed: queue,
      code: `import middy from '@middy/core';\nimport sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';\nexport const handler = middy(async (event) => Promise.allSettled(event.Records.map(async (r) => JSON.parse(r.body)))).use(sqsPartialBatchFailure());\n`,
    },
    {
      why: 'nothing that fails',
      deployed: queue,
      code: handler('for (const record of event.Records) { console.log(record.body); }'),
    },
    {
      why: 'each caught',
      deployed: queue,
      code: handler(
        'for (const record of event.Records) { try { await save(record); } catch (e) { console.error(e); } }',
      ),
    },
    {
      why: 'each caught in a promise',
      deployed: queue,
      code: handler('await Promise.all(event.Records.map((record) => save(record).catch(dead)));'),
    },
    {
      why: 'all settled',
      deployed: queue,
      code: handler('await Promise.allSettled(event.Records.map(async (record) => save(record)));'),
    },
    { why: 'the first only', deployed: queue, code: handler('await save(event.Records[0]);') },
    {
      why: 'SNS',
      code: handler('for (const record of event.Records) { await save(JSON.parse(record.Sns.Message)); }'),
    },
    {
      why: 'S3',
      code: `export const handler = async (event) => { for (const record of event.Records) { await copy(record.s3.object.key); } };`,
    },
    {
      why: 'HTTP',
      code: `export const handler = async (event) => { for (const item of JSON.parse(event.body).items) await save(item); return { statusCode: 200 }; };`,
    },
    {
      why: 'mapped only, then written as one',
      deployed: queue,
      code: handler('const ids = event.Records.map((record) => record.messageId);\nawait save({ body: ids.join() });'),
    },
    { why: 'another list', deployed: queue, code: handler('for (const table of tables) await save(table);') },
  ],
  invalid: [
    {
      why: 'for of',
      deployed: queue,
      code: handler('for (const record of event.Records) {\n  await save(record);\n}'),
      finds: ['2: One message that fails here fails the whole batch'],
      severity: 'warning',
    },
    {
      why: 'by what the records have',
      code: handler(
        'for (const record of event.Records) {\n  const order = JSON.parse(record.body);\n  await save({ ...record, order });\n}',
      ),
      finds: ['2: '],
    },
    {
      why: 'by type',
      file: 'handler.ts',
      code: `import type { SQSEvent } from 'aws-lambda';\nexport const handler = async (event: SQSEvent): Promise<void> => {\n  await Promise.all(event.Records.map(async (record) => {\n    await save(record);\n  }));\n};`,
      finds: ['3: '],
    },
    {
      why: 'map of a helper',
      deployed: queue,
      code: handler('await Promise.all(event.Records.map(save));'),
      finds: ['2: '],
    },
    {
      why: 'a counting loop',
      deployed: queue,
      code: handler('for (let i = 0; i < event.Records.length; i++) {\n  await save(event.Records[i]);\n}'),
      finds: ['2: '],
    },
    {
      why: 'destructured',
      deployed: queue,
      code: handler('const { Records } = event;\nfor (const record of Records) await save(record);'),
      finds: ['3: '],
    },
    {
      why: 'caught around the loop and thrown on',
      deployed: queue,
      code: handler(
        'try {\n  for (const record of event.Records) await save(record);\n} catch (e) { console.error(e); throw e; }',
      ),
      finds: ['3: '],
    },
    {
      why: 'a stream',
      code: handler(
        'for (const record of event.Records) {\n  const text = Buffer.from(record.kinesis.data, "base64").toString();\n  await save(JSON.parse(text));\n}',
      ),
      finds: ['2: holds up its whole shard'],
    },
    {
      why: 'a table’s stream',
      file: 'stream.ts',
      code: `export const handler: DynamoDBStreamHandler = async (event) => {\n  for (const record of event.Records) {\n    if (record.eventName === 'INSERT') await index.put(record.dynamodb?.NewImage);\n  }\n};`,
      finds: ['2: '],
    },
    {
      why: 'in a helper that gets the records',
      deployed: queue,
      code: `export const handler = async (event) => { await all(event.Records); };\nasync function all(records) {\n  for (const record of records) {\n    await save(record);\n  }\n}\n`,
      finds: ['3: '],
    },
    {
      why: 'a parse in forEach',
      deployed: queue,
      code: handler('event.Records.forEach((record) => {\n  console.log(JSON.parse(record.body));\n});'),
      finds: ['2: '],
    },
    {
      why: 'reduce',
      deployed: queue,
      code: handler(
        'await event.Records.reduce(async (before, record) => {\n  await before;\n  await save(record);\n}, Promise.resolve());',
      ),
      finds: ['2: '],
    },
    {
      why: 'batches of ten, by the configuration',
      deployed: { kinds: ['queue'], batchSize: 10 },
      code: handler('for (const record of event.Records) await save(record);'),
      finds: ['2: '],
    },
  ],
});
