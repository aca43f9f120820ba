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
      why: 'answered before it is thrown on',
      code: `exports.save = async (req, res) => { try { await fetch(u, { signal }); res.end(); } catch (e) { res.status(500).end(); throw e; } };`,
    },
    {
      why: 'Express 5 answers a rejected route',
      installed: { express: '5.1.0' },
      code: `import express from 'express';\nconst app = express();\napp.get('/', async (req, res) => { await fetch(u, { signal }); res.end(); });`,
    },
    {
      why: 'a route in a wrapper',
      code: `const express = require('express');\nconst router = express.Router();\nrouter.get('/', wrap(async (req, res) => { await fetch(u, { signal }); res.end(); }));`,
    },
    {
      why: 'a package that only computes',
      code: `const bcrypt = require('bcryptjs');\nexports.handler = async (event) => { const h = await bcrypt.hash(event.body, 8); return { statusCode: 200, body: h }; };`,
    },
    {
      why: 'reading the body of a request',
      code: `export default async (request) => { const a = await request.json(); return Response.json(a); };`,
    },
    {
      why: 'kept, and awaited where it is caught',
      code: `export const handler = async (event) => { const a = fetch(u, { signal }); try { await a; } catch { return { statusCode: 502 }; } return { statusCode: 200 }; };`,
    },
    {
      why: 'an SDK v2 call with a callback is another rule’s',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = (event, context, callback) => { s3.getObject({ Key: event.pathParameters.key }, (err, data) => { callback(null, { statusCode: err ? 404 : 200 }); }); };`,
    },
    {
      why: 'a returned chain that ends in catch',
      code: `const axios = require('axios');\nexports.handler = (event) => axios.get(u).then((r) => ({ statusCode: 200, body: r.data })).catch((e) => ({ statusCode: 502, body: event.rawPath }));`,
    },
    {
      why: 'a chain of the project’s own database that ends in catch',
      code: `const connect = require('./db');\nexports.handler = (event) => connect().then(() => load(event.pathParameters)).then((r) => ({ statusCode: 200, body: r })).catch((e) => ({ statusCode: 500 }));`,
    },
    {
      why: 'powertools’ batch processor reads a queue',
      file: 'handler.ts',
      code: `import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';\nimport type { SQSEvent } from 'aws-lambda';\nconst processor = new BatchProcessor(EventType.SQS);\nexport const handler = async (event: SQSEvent) => processPartialResponse(event, one, processor, { context });`,
    },
    {
      why: 'a helper that handlers of other files use',
      file: 'lib/session.mjs',
      code: `export async function session(event) { const r = await fetch(event.headers.cookie, { signal }); return event.pathParameters; }\nexport const a = 1;`,
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
      why: 'a route of Express 4',
      installed: { express: '4.18.2' },
      code: `import express from 'express';\nconst app = express();\napp.get('/', async (req, res) => {\n  const r = await fetch(u, { signal });\n  res.json(await r.json());\n});`,
      finds: ['4: nothing in `GET /` catches it'],
    },
    {
      why: 'a route that is a method',
      code: `import express from 'express';\nexport class Proxy {\n  start() { const listener = express(); listener.get('/next', this.next); }\n  async next(_, res) {\n    await fetch(u, { signal });\n    res.end();\n  }\n}`,
      finds: ['5: `fetch`'],
    },
    {
      why: 'an unknown client of a package',
      code: `const functions = require('@google-cloud/functions-framework');\nconst { Logging } = require('@google-cloud/logging');\nfunctions.http('log', async (req, res) => {\n  const logging = new Logging();\n  await logging.setProjectId();\n  res.end();\n});`,
      finds: ['5: `logging.setProjectId`'],
    },
    {
      why: 'in an async listener',
      code: `exports.upload = (req, res) => {\n  const writes = [];\n  parser.on('file', () => { writes.push(store()); });\n  parser.on('finish', async () => {\n    await Promise.all(writes);\n    res.end();\n  });\n};`,
      finds: ['5: `Promise.all`'],
    },
    {
      why: 'a catch of a promise that throws on, in a helper',
      code: `const load = async () => await fetch(u, { signal }).then(async (r) => r).catch((e) => { log(e); throw e; });\nexports.get = async (req, res) => {\n  await load();\n  res.end();\n};`,
      finds: ['3: its I/O is on line 1'],
    },
    {
      why: 'kept, and awaited together later',
      code: `export const handler = async (event) => {\n  const a = fetch(event.rawPath, { signal });\n  await Promise.all([a, b]);\n  return { statusCode: 200 };\n};`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'page by page',
      code: `import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';\nexport const handler = async (event) => {\n  for await (const page of paginateScan({ client }, { TableName: event.rawPath })) use(page);\n  return { statusCode: 200 };\n};`,
      finds: ['3: `paginateScan`'],
    },
    {
      why: 'SDK v2 in a promise of its own',
      code: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\nconst get = (p) => new Promise((resolve, reject) => { db.get(p, (err, data) => (err ? reject(err) : resolve(data))); });\nexports.handler = async (event) => {\n  const r = await get(event.pathParameters);\n  return { statusCode: 200 };\n};`,
      finds: ['5: its I/O is on line 3'],
    },
    {
      why: 'in a helper of another file',
      beside: {
        'lib/db.mjs': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDBClient({});\nexport const load = async (id) => db.send(id);`,
      },
      code: `import { load } from './lib/db.mjs';\nexport const handler = async (event) => {\n  const r = await load(event.pathParameters.id);\n  return { statusCode: 200 };\n};`,
      finds: ['3: its I/O is on line 3 of db.mjs'],
    },
    {
      why: 'a wrapper that asks for secrets before the handler',
      file: 'wrap.ts',
      code: `import type { HandlerEvent } from '@netlify/functions';\nexport const withSecrets = (handler: Inner) => async (event: HandlerEvent, context: Context) => {\n  const secrets = await fetch(u, { signal });\n  return handler(event, { ...context, secrets });\n};`,
      finds: ['3: `fetch`'],
    },
    {
      why: 'an ORM model of the project that is not here',
      code: `exports.handler = async (event) => {\n  const user = await this.userService.find(event.pathParameters.id);\n  return { statusCode: 200, body: user };\n};`,
      finds: ['2: `this.userService.find`'],
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
