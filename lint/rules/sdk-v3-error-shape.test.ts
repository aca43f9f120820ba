import { ruleTests } from '../testing.js';

const db = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDBClient({});\n`;
const handler = (body: string, block = 'await db.send(new PutItemCommand(event));'): string =>
  `${db}export const handler = async (event) => {\ntry {\n${block}\n} catch (err) {\n${body}\n}\n};\n`;

ruleTests('sdk-v3-error-shape', {
  valid: [
    {
      why: 'the name',
      code: handler('if (err.name === "ConditionalCheckFailedException") return { statusCode: 409 };\nthrow err;'),
    },
    { why: 'the metadata', code: handler('return { statusCode: err.$metadata.httpStatusCode };') },
    {
      why: 'a code of the system',
      code: handler('if (err.code === "ECONNRESET") return { statusCode: 503 };\nthrow err;'),
    },
    {
      why: 'one code of the system among others',
      code: handler(
        'switch (err.code) { case "ENOTFOUND": case "ETIMEDOUT": return { statusCode: 503 };\ndefault: throw err; }',
      ),
    },
    {
      why: 'SDK v2',
      code: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB();\nexports.handler = async (event) => { try { await db.putItem(event).promise(); } catch (err) { if (err.code === 'ConditionalCheckFailedException') return { statusCode: 409 }; throw err; } };`,
    },
    {
      why: 'somebody else may have failed',
      code: handler(
        'return { statusCode: err.statusCode ?? 500 };',
        'const user = await authenticate(event);\nawait db.send(new PutItemCommand(user));',
      ),
    },
    {
      why: 'an error of its own',
      code: handler(
        'return { statusCode: err.statusCode };',
        'if (!event.id) throw Object.assign(new Error("no id"), { statusCode: 400 });\nawait db.send(new PutItemCommand(event));',
      ),
    },
    {
      why: 'axios',
      code: handler(
        'if (err.code === "ECONNABORTED") throw err;\nconsole.error(err.code);',
        'await axios.get(event.url);',
      ),
    },
    { why: 'another object', code: handler('console.log(event.code, event.statusCode);\nthrow err;') },
    { why: 'it sets the code', code: handler('err.code = "FAILED";\nthrow err;') },
    {
      why: 'a database of another kind',
      code: `import { Client } from 'pg';\nexport const handler = async (event) => { const c = new Client(); try { await c.query('x'); } catch (err) { if (err.code === '23505') return { statusCode: 409 }; throw err; } };`,
    },
  ],
  invalid: [
    {
      why: 'the code',
      code: handler('if (err.code === "ConditionalCheckFailedException") return { statusCode: 409 };\nthrow err;'),
      finds: ['7: no `err.code`'],
      severity: 'error',
      fixed: handler('if (err.name === "ConditionalCheckFailedException") return { statusCode: 409 };\nthrow err;'),
    },
    {
      why: 'the status',
      code: handler('return { statusCode: err.statusCode, body: err.message };'),
      finds: ['7: `err.$metadata?.httpStatusCode`'],
    },
    {
      why: 'a switch',
      code: handler(
        'switch (err.code) { case "ResourceNotFoundException": return { statusCode: 404 };\ndefault: throw err; }',
      ),
      finds: ['7: '],
    },
    {
      why: 'a name that only AWS gives, whatever else was called',
      code: handler(
        'if (err.code === "ResourceNotFoundException") return { statusCode: 404 };\nthrow err;',
        'await db.send(build(event));',
      ),
      finds: ['7: '],
    },
    {
      why: 'in a catch of the promise',
      code: `${db}export const handler = (event) => db.send(new PutItemCommand(event)).catch((e) => {\n  if (e.code === 'ConditionalCheckFailedException') return null;\n  throw e;\n});\n`,
      finds: ['4: no `e.code`'],
    },
    {
      why: 'in a callback',
      code: `${db}export const handler = (event, context, callback) => {\n  db.send(new PutItemCommand(event), (err, data) => {\n    if (err && err.retryable) return callback(err);\n    callback(null, data);\n  });\n};\n`,
      finds: ['5: `err.$retryable`'],
    },
    {
      why: 'a helper that asks',
      code: `${db}const put = async (item) => db.send(new PutItemCommand(item));\nexport const handler = async (event) => {\n  try { await put(event); } catch (error) {\n    console.error('failed', error.code);\n    throw error;\n  }\n};\n`,
      finds: ['6: '],
    },
    {
      why: 'with a type',
      file: 'handler.ts',
      code: `${db}export const handler = async (event: Item) => {\n  try { await db.send(new PutItemCommand(event)); } catch (err: any) {\n    if ((err as any).code === 'ConditionalCheckFailedException') return;\n    throw err;\n  }\n};\n`,
      finds: ['5: '],
    },
    {
      why: 'a bucket',
      code: `import { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3({});\nexport const handler = async (event) => {\n  try { return await s3.getObject(event); } catch (e) {\n    if (e.code === 'NoSuchKey') return null;\n    throw e;\n  }\n};\n`,
      finds: ['5: '],
    },
  ],
});
