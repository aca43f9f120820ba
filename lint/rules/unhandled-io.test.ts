import { ruleTests } from '../testing.js';

const py = 'handler.py';
const ddb = `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDBClient({});\n`;

ruleTests('unhandled-io', {
  valid: [
    {
      why: 'a try/catch that answers',
      code: `${ddb}export const handler = async (event) => {
  try {
    const r = await db.send(new GetItemCommand({}));
    return { statusCode: 200, body: JSON.stringify(r) };
  } catch (error) {
    return { statusCode: 502, body: 'later' };
  }
};`,
    },
    {
      why: 'a .catch on the call',
      code: `export const handler = async (event) => {
  const r = await fetch(url, { signal }).catch(() => undefined);
  return { statusCode: r ? 200 : 502 };
};`,
    },
    {
      why: 'then with two functions',
      code: `export const handler = (event) => fetch(url, { signal }).then(ok, (e) => ({ statusCode: 502 }));`,
    },
    {
      why: 'a queue handler rethrows on purpose',
      code: `${ddb}export const handler = async (event) => { for (const r of event.Records) await db.send(new GetItemCommand(r)); return { statusCode: 200 }; };`,
    },
    {
      why: 'a typed queue handler',
      file: 'handler.ts',
      code: `import type { SQSEvent } from 'aws-lambda';\nexport const handler = async (event: SQSEvent) => { await fetch(u, { signal }); };`,
    },
    {
      why: 'an authorizer has another contract',
      code: `export const handler = async (event) => { const r = await fetch(event.methodArn, { signal }); return { policyDocument: r }; };`,
    },
    {
      why: 'no HTTP contract visible',
      code: `export const handler = async (event) => { await fetch(url, { signal }); };`,
    },
    {
      why: 'middy with the error handler',
      code: `import middy from '@middy/core';\nimport httpErrorHandler from '@middy/http-error-handler';
const base = async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; };
export const handler = middy(base).use(httpErrorHandler());`,
    },
    {
      why: 'middy with the error handler before the function',
      code: `import middy from '@middy/core';\nimport httpErrorHandler from '@middy/http-error-handler';
export const handler = middy().use(httpErrorHandler()).handler(async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; });`,
    },
    {
      why: 'middy with a middleware of the user’s own, which may answer',
      code: `import middy from '@middy/core';\nimport { errors } from './middleware.js';
export const handler = middy(async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; }).use(errors());`,
    },
    {
      why: 'middy with onError',
      code: `import middy from '@middy/core';
export const handler = middy(async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; }).onError(answer);`,
    },
    {
      why: 'an imported wrapper may answer',
      code: `import { api } from './api.js';\nexport const handler = api(async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; });`,
    },
    {
      why: 'a wrapper of this file that answers',
      code: `const safely = (fn) => async (event) => { try { return await fn(event); } catch { return { statusCode: 500 }; } };
export const handler = safely(async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; });`,
    },
    {
      why: 'a helper that catches itself',
      code: `const load = async () => { try { return await fetch(url, { signal }); } catch { return undefined; } };
export const handler = async (event) => { const r = await load(); return { statusCode: r ? 200 : 404 }; };`,
    },
    {
      why: 'a helper called within try',
      code: `const load = async () => fetch(url, { signal });
export const handler = async (event) => { try { await load(); return { statusCode: 200 }; } catch (e) { return { statusCode: 500 }; } };`,
    },
    {
      why: 'Promise.allSettled never rejects',
      code: `export const handler = async (event) => { await Promise.allSettled([fetch(a, { signal })]); return { statusCode: 200 }; };`,
    },
    {
      why: 'telling somebody in the catch is best effort',
      code: `export const handler = async (event) => { try { work(event.rawPath); } catch (e) { await fetch(alarm, { signal }); return { statusCode: 500 }; } };`,
    },
    {
      why: 'not exported',
      code: `const handler = async (event) => { await fetch(url, { signal }); return { statusCode: 200 }; };`,
    },
    {
      why: 'try around all of it, errors narrowed',
      code: `${ddb}exports.handler = async (event) => { try { await db.send(c); return { statusCode: 200 }; } catch (e) { if (e.name === 'A') return { statusCode: 404 }; throw e; } };`,
    },
    {
      why: 'a disable comment',
      code: `export const handler = async (event) => {\n  // faultline-disable-next-line unhandled-io -- 502 is fine here\n  await fetch(url, { signal });\n  return { statusCode: 200 };\n};`,
    },
    {
      why: 'Python: an except that answers',
      file: py,
      code: `import boto3\ntable = boto3.resource("dynamodb").Table("t")\ndef handler(event, context):\n    try:\n        r = table.get_item(Key={"id": event["pathParameters"]["id"]})\n    except Exception:\n        return {"statusCode": 502}\n    return {"statusCode": 200, "body": r}`,
    },
    {
      why: 'Python: the client’s own exception',
      file: py,
      code: `import requests\ndef handler(event, context):\n    try:\n        requests.get(u, timeout=1)\n    except requests.RequestException as e:\n        return {"statusCode": 502}\n    return {"statusCode": 200}`,
    },
    {
      why: 'Python: a queue handler',
      file: py,
      code: `import requests\ndef handler(event, context):\n    for r in event["Records"]:\n        requests.post(u, data=r, timeout=1)\n    return {"statusCode": 200}`,
    },
    {
      why: 'Python: a decorator that may answer',
      file: py,
      code: `import requests\nfrom app import http_errors\n@http_errors\ndef handler(event, context):\n    requests.get(u, timeout=1)\n    return {"statusCode": 200}`,
    },
    {
      why: 'Python: making a client is not I/O',
      file: py,
      code: `import boto3\ndef handler(event, context):\n    table = boto3.resource("dynamodb").Table("t")\n    return {"statusCode": 200}`,
    },
  ],
  invalid: [
    {
      why: 'AWS SDK v3',
      code: `${ddb}export const handler = async (event) => {\n  const r = await db.send(new GetItemCommand({ Key: event.pathParameters.id }));\n  return { statusCode: 200, body: JSON.stringify(r) };\n};`,
      finds: ['4: When `db.send` fails, the error leaves `handler`'],
      severity: 'warning',
    },
    {
      why: 'once a handler, with the count',
      code: `${ddb}exports.get = async (event) => {\n  await db.send(a);\n  await db.send(b);\n  await db.send(c);\n  return { statusCode: 200 };\n};`,
      finds: ['4: (2 more calls here do the same)'],
    },
    {
      why: 'AWS SDK v2',
      code: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\nmodule.exports.handler = async (event) => {\n  const r = await db.get({ Key: event.pathParameters }).promise();\n  return { statusCode: 200 };\n};`,
      finds: ['4: the error leaves'],
    },
    {
      why: 'the document client, through from',
      file: 'handler.ts',
      code: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';\nimport type { APIGatewayProxyHandlerV2 } from 'aws-lambda';\nconst db = DynamoDBDocumentClient.from(new DynamoDBClient({}));\nexport const handler: APIGatewayProxyHandlerV2 = async () => {\n  await db.send(command);\n  return 'ok';\n};`,
      finds: ['6: `db.send`'],
    },
    {
      why: 'a cloud function, whose rejection nobody answers',
      code: `exports.load = async (req, res) => {\n  const r = await fetch(url, { signal });\n  res.send(r.status);\n};`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'typed result only',
      file: 'handler.ts',
      code: `import type { APIGatewayProxyResult } from 'aws-lambda';\nexport async function main(event: unknown): Promise<APIGatewayProxyResult> {\n  const r = await fetch('https://a', { signal });\n  return reply(r);\n}`,
      finds: ['3: `main`'],
    },
    {
      why: 'through a helper of the same file',
      code: `async function load(id) {\n  return fetch(id, { signal });\n}\nexport const handler = async (event) => {\n  const r = await load(event.rawPath);\n  return { statusCode: 200 };\n};`,
      finds: ['5: its I/O is on line 2'],
    },
    {
      why: 'a catch that only rethrows answers nothing',
      code: `export const handler = async (event) => {\n  try {\n    await fetch(url, { signal });\n    return { statusCode: 200 };\n  } catch (error) {\n    console.error(error);\n    throw error;\n  }\n};`,
      finds: ['3: `fetch`'],
    },
    {
      why: 'in parallel',
      code: `export const handler = async ({ pathParameters }) => {\n  const all = await Promise.all(ids.map(async (id) => {\n    return await fetch(id, { signal });\n  }));\n  return { statusCode: 200 };\n};`,
      finds: ['3: `fetch`'],
    },
    {
      why: 'returned without await',
      code: `export const handler = async (event) => {\n  if (event.httpMethod === 'GET') return fetch(url, { signal }).then((r) => ({ statusCode: 200 }));\n};`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'middy without the error handler',
      code: `import middy from '@middy/core';\nimport json from '@middy/http-json-body-parser';\nexport const handler = middy(async (event) => {\n  await fetch(url, { signal });\n  return { statusCode: 200 };\n}).use(json());`,
      finds: ['4: `fetch`'],
    },
    {
      why: 'after a guarded part',
      code: `export const handler = async (event) => {\n  let body;\n  try { body = JSON.parse(event.body); } catch { return { statusCode: 400 }; }\n  await fetch(url, { signal, body });\n  return { statusCode: 200 };\n};`,
      finds: ['4: `fetch`'],
    },
    {
      why: 'the project’s own store',
      file: 'handler.ts',
      code: `import { ProductStore } from '../store/products';\nimport type { APIGatewayProxyEvent } from 'aws-lambda';\nconst store = new ProductStore();\nexport const handler = async (event: APIGatewayProxyEvent) => {\n  const r = await store.load(event.body);\n  return { statusCode: 200, body: r };\n};`,
      finds: ['5: `store.load`'],
    },
    {
      why: 'Python: boto3',
      file: py,
      code: `import boto3\ntable = boto3.resource("dynamodb").Table("t")\ndef lambda_handler(event, context):\n    r = table.get_item(Key={"id": event["pathParameters"]["id"]})\n    return {"statusCode": 200, "body": r}`,
      finds: ['4: When `table.get_item` fails, the error leaves `lambda_handler`'],
    },
    {
      why: 'Python: an except for the value only',
      file: py,
      code: `import requests\ndef handler(event, context):\n    try:\n        r = requests.get(event["rawPath"], timeout=1).json()\n    except KeyError:\n        return {"statusCode": 400}\n    return {"statusCode": 200, "body": r}`,
      finds: ['4: `requests.get`'],
    },
    {
      why: 'Python: through a helper',
      file: py,
      code: `import requests\ndef load(id):\n    return requests.get(id, timeout=1)\ndef handler(event, context):\n    return {"statusCode": 200, "body": load(event.get("body")).text}`,
      finds: ['5: its I/O is on line 3'],
    },
    {
      why: 'Python: a decorator that hands errors on',
      file: py,
      code: `import requests\nfrom aws_lambda_powertools import Logger\nlogger = Logger()\n@logger.inject_lambda_context\ndef handler(event, context):\n    requests.get(u, timeout=1)\n    return {"statusCode": 200}`,
      finds: ['6: `requests.get`'],
    },
    {
      why: 'a request in a promise of its own, through a helper',
      code: `const https = require('https');\nfunction get(url) {\n  return new Promise((resolve, reject) => { https.get(url, resolve).on('error', reject); });\n}\nexports.handler = async (event) => {\n  await get(event.rawPath);\n  return { statusCode: 200 };\n};`,
      finds: ['6: its I/O is on line 3'],
    },
    {
      why: 'the answer is built in a variable',
      code: `exports.handler = async (event) => {\n  let response;\n  const r = await fetch(u, { signal });\n  response = { statusCode: 200 };\n  return response;\n};`,
      finds: ['3: `fetch`'],
    },
  ],
});
