import { ruleTests } from '../testing.js';

const events = `import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';\nconst bus = new EventBridgeClient({});\n`;
const tables = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient, BatchWriteCommand, BatchGetCommand } from '@aws-sdk/lib-dynamodb';\nconst db = DynamoDBDocumentClient.from(new DynamoDBClient({}));\n`;
const v2 = `const AWS = require('aws-sdk');\nconst sqs = new AWS.SQS();\nconst db = new AWS.DynamoDB.DocumentClient();\n`;
const handler = (body: string): string => `export const handler = async (event) => {\n${body}\n};\n`;
const old = (body: string): string => `exports.handler = async (event) => {\n${body}\n};\n`;

ruleTests('unchecked-batch-result', {
  valid: [
    {
      why: 'counted',
      code: `${events}${handler('const result = await bus.send(new PutEventsCommand(p));\nif (result.FailedEntryCount > 0) throw new Error("lost");')}`,
    },
    {
      why: 'destructured',
      code: `${tables}${handler('const { UnprocessedItems } = await db.send(new BatchWriteCommand(p));\nif (UnprocessedItems) await again(UnprocessedItems);')}`,
    },
    { why: 'handed on', code: `${events}${handler('check(await bus.send(new PutEventsCommand(p)));')}` },
    {
      why: 'returned to a caller that is not visible',
      file: 'publish.mjs',
      code: `${events}export async function publish(p) { return bus.send(new PutEventsCommand(p)); }`,
    },
    {
      why: 'returned to a caller that looks',
      code: `${events}const publish = (p) => bus.send(new PutEventsCommand(p));\n${handler('const result = await publish(event);\nif (result.FailedEntryCount) throw new Error("x");')}`,
    },
    {
      why: 'v2: read in the callback',
      code: `${v2}${old('sqs.sendMessageBatch(p, (err, data) => { if (err || data.Failed.length) throw err; });')}`,
    },
    {
      why: 'v2: promise read',
      code: `${v2}${old('const r = await sqs.deleteMessageBatch(p).promise();\nif (r.Failed && r.Failed.length) console.error(r.Failed);')}`,
    },
    { why: 'a single write', code: `${v2}${old('await sqs.sendMessage(p).promise();')}` },
    {
      why: 'another library',
      code: `import { model } from './model.js';\n${handler('await model.batchWrite(items);')}`,
    },
    {
      why: 'all is read of what all gave',
      code: `${events}${handler('const all = await Promise.all(event.chunks.map((c) => bus.send(new PutEventsCommand(c))));\nall.forEach((each) => check(each));')}`,
    },
    {
      why: 'a script',
      file: 'seed.mjs',
      code: `${tables}async function seed() { await db.send(new BatchWriteCommand(p)); }\nawait seed();`,
    },
  ],
  invalid: [
    {
      why: 'v3, dropped',
      code: `${events}${handler('await bus.send(new PutEventsCommand(p));')}`,
      finds: ['4: `PutEventsCommand` succeeds also when some of its entries failed'],
      severity: 'warning',
    },
    {
      why: 'a command with a name',
      code: `${events}${handler('const command = new PutEventsCommand(p);\nconst out = await bus.send(command);\nconsole.log(out);\nreturn { statusCode: 200 };')}`,
      finds: ['5: `FailedEntryCount`'],
    },
    {
      why: 'returned to the platform',
      code: `${events}${handler('return bus.send(new PutEventsCommand(p));')}`,
      finds: ['4: '],
    },
    {
      why: 'another field is read',
      code: `${tables}${handler('const { Responses } = await db.send(new BatchGetCommand(p));\nreturn Responses;')}`,
      finds: ['5: `UnprocessedKeys`'],
    },
    {
      why: 'many at once',
      code: `${tables}${handler('await Promise.all(event.chunks.map((c) => db.send(new BatchWriteCommand(c))));')}`,
      finds: ['5: `UnprocessedItems`'],
    },
    {
      why: 'many at once, collected',
      code: `${tables}${handler('const all = [];\nfor (const c of event.chunks) all.push(db.send(new BatchWriteCommand(c)));\nawait Promise.all(all);')}`,
      finds: ['6: '],
    },
    {
      why: 'a helper whose callers drop it',
      code: `${v2}const remove = async (messages) => {\n  return sqs.deleteMessageBatch({ Entries: messages }).promise();\n};\n${old('await remove(event.Records);')}`,
      finds: ['5: `deleteMessageBatch`'],
    },
    {
      why: 'v2 with a callback',
      code: `${v2}exports.handler = (event, context, callback) => {\n  db.batchWrite(p, (err, data) => {\n    if (err) return callback(err);\n    callback(null, 'done');\n  });\n};`,
      finds: ['5: `batchWrite`'],
    },
    {
      why: 'a chain',
      code: `${v2}exports.handler = (event) => sqs.sendMessageBatch(p).promise().then(() => console.log("sent"));`,
      finds: ['4: '],
    },
    {
      why: 'a client from elsewhere',
      code: `const { kinesis } = require('./clients');\n${old('await kinesis.putRecords(p).promise();')}`,
      finds: ['3: `FailedRecordCount`'],
    },
    {
      why: 'the aggregated client of v3',
      code: `import { Firehose } from '@aws-sdk/client-firehose';\nconst hose = new Firehose({});\n${handler('await hose.putRecordBatch(p);')}`,
      finds: ['4: `FailedPutCount`'],
    },
    {
      why: 'publishBatch',
      file: 'notify.ts',
      code: `import { SNSClient, PublishBatchCommand } from '@aws-sdk/client-sns';\nconst sns = new SNSClient({});\nexport class Notifier {\n  async all(entries: Entry[]): Promise<void> {\n    await sns.send(new PublishBatchCommand({ PublishBatchRequestEntries: entries }));\n  }\n}`,
      finds: ['5: `PublishBatchCommand`'],
    },
  ],
});
