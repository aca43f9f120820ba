import { ruleTests } from '../testing.js';

ruleTests('status-from-async-source', {
  valid: [
    {
      why: 'HTTP reads the status',
      code: `export const handler = async (event) => { try { await work(event.body); return { statusCode: 200 }; } catch (e) { return { statusCode: 500 }; } };`,
    },
    {
      why: 'success is of no use, and loses nothing',
      code: `exports.handler = async (event) => { for (const r of event.Records) await work(r.body); return { statusCode: 200, body: 'done' }; };`,
    },
    {
      why: 'what failed comes back',
      code: `exports.handler = async (event) => { const batchItemFailures = []; for (const r of event.Records) { try { await work(r.body); } catch (e) { batchItemFailures.push({ itemIdentifier: r.messageId }); } } return { batchItemFailures }; };`,
    },
    {
      why: 'thrown',
      code: `exports.handler = async (event) => { try { await work(event.detail); } catch (e) { console.error(e); throw e; } };`,
    },
    {
      why: 'several sources',
      code: `exports.handler = async (event) => { try { return await (event.Records ? many(event.Records) : one(event.httpMethod)); } catch (e) { return { statusCode: 500 }; } };`,
    },
    {
      why: 'a program that invokes it reads the status',
      code: `exports.handler = async (event) => { try { return await work(event.id); } catch (e) { return { statusCode: 500 }; } };`,
    },
    {
      why: 'the configuration says HTTP',
      deployed: { kinds: ['http'] },
      code: `exports.handler = async (event) => { try { return await work(event.detail); } catch (e) { return { statusCode: 500 }; } };`,
    },
  ],
  invalid: [
    {
      why: 'a queue',
      code: `exports.handler = async (event) => {\n  try {\n    for (const record of event.Records) await work(JSON.parse(record.body));\n    return { statusCode: 200 };\n  } catch (error) {\n    console.error(error);\n    return { statusCode: 500, body: error.message };\n  }\n};`,
      finds: ['7: `handler` is called by a queue, which reads no status: answering 500 counts as success'],
      severity: 'error',
      fixed: `exports.handler = async (event) => {\n  try {\n    for (const record of event.Records) await work(JSON.parse(record.body));\n    return { statusCode: 200 };\n  } catch (error) {\n    console.error(error);\n    throw error;\n  }\n};`,
    },
    {
      why: 'a stream, typed',
      file: 'handler.ts',
      code: `import type { DynamoDBStreamEvent } from 'aws-lambda';\nexport const handler = async (event: DynamoDBStreamEvent) => {\n  if (event.Records.length === 0) return { statusCode: 400 };\n  await work(event);\n  return { statusCode: 200 };\n};`,
      finds: ['3: called by a stream'],
    },
    {
      why: 'a schedule of the configuration',
      deployed: { kinds: ['schedule'] },
      code: `export const handler = async () => {\n  try {\n    await work();\n  } catch (error) {\n    return { statusCode: 500 };\n  }\n};`,
      finds: ['5: called by a schedule'],
    },
    {
      why: 'through a helper',
      code: `const reply = (statusCode, body) => ({ statusCode, body });\nexports.handler = async (event) => {\n  try {\n    await work(event.Records[0].Sns.Message);\n    return reply(200, 'ok');\n  } catch (error) {\n    return reply(502, error.message);\n  }\n};`,
      finds: ['7: an event source'],
    },
    {
      why: 'assigned, and returned later',
      code: `exports.handler = async (event) => {\n  let response;\n  try {\n    await work(event.Records[0].s3.object.key);\n    response = { statusCode: 200 };\n  } catch (error) {\n    response = { statusCode: 500 };\n  }\n  return response;\n};`,
      finds: ['7: answering 500'],
    },
  ],
});
