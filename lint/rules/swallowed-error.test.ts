import { ruleTests } from '../testing.js';

const py = 'handler.py';
const handler = (body: string): string =>
  `export const handler = async (event) => {\n  const path = event.rawPath;\n${body}\n};\n`;

ruleTests('swallowed-error', {
  valid: [
    {
      why: 'answers an error',
      code: handler(
        `try { await fetch(u, { signal }); } catch (e) { return { statusCode: 502 }; }\nreturn { statusCode: 200 };`,
      ),
    },
    {
      why: 'answers an error through a helper',
      code: `${handler(`try { await fetch(u, { signal }); return reply(200); } catch (e) { console.error(e); return reply(500, e.message); }`)}const reply = (statusCode, body) => ({ statusCode, body });`,
    },
    { why: 'rethrows', code: handler(`try { await fetch(u, { signal }); } catch (e) { console.error(e); throw e; }`) },
    {
      why: 'JSON.parse with an answer',
      code: handler(`try { JSON.parse(event.body); } catch { return { statusCode: 400 }; }`),
    },
    {
      why: 'JSON.parse with a default is no I/O',
      code: handler(`let a = {};\ntry { a = JSON.parse(event.body); } catch {}`),
    },
    {
      why: 'a decision on the error',
      code: handler(`try { await fetch(u, { signal }); } catch (e) { if (e.code !== 'ENOENT') throw e; }`),
    },
    {
      why: 'a failure value',
      code: `export async function load() { try { return await fetch(u, { signal }); } catch { return null; } }`,
    },
    {
      why: 'a flag',
      code: handler(
        `let ok = true;\ntry { await fetch(u, { signal }); } catch { ok = false; }\nreturn { statusCode: ok ? 200 : 502 };`,
      ),
    },
    {
      why: 'kept for later',
      code: `export const handler = async (event) => { const failures = [];\nfor (const r of event.Records) { try { await fetch(r, { signal }); } catch { failures.push({ itemIdentifier: r.messageId }); } }\nreturn { batchItemFailures: failures }; };`,
    },
    {
      why: 'handed to somebody',
      code: handler(`try { await fetch(u, { signal }); } catch (e) { captureException(e); }`),
    },
    {
      why: 'cleanup',
      code: `import { Client } from 'pg';\nconst c = new Client();\nexport const handler = async (event) => { try { await c.end(); } catch {} };`,
    },
    {
      why: 'a comment says why',
      code: handler(`try { await fetch(metrics, { signal }); } catch { /* metrics are best effort */ }`),
    },
    {
      why: 'logged in a helper',
      code: `export async function warm() { try { await fetch(u, { signal }); } catch (e) { console.warn(e); } }`,
    },
    {
      why: 'logged, and the answer after it depends',
      code: handler(
        `let r;\ntry { r = await fetch(u, { signal }); } catch (e) { console.error(e); }\nreturn { statusCode: r ? 200 : 502 };`,
      ),
    },
    {
      why: 'tried again',
      code: handler(
        `for (let i = 0; i < 3; i++) { try { return await fetch(u, { signal }); } catch (e) { await sleep(i); } }`,
      ),
    },
    {
      why: 'a deletion that may be too late',
      code: `import { SQS } from '@aws-sdk/client-sqs';\nconst q = new SQS({});\nexport const clean = () => q.deleteQueue(a).catch(() => {});`,
    },
    {
      why: 'a callback with the error',
      code: `exports.handler = async (event, context, callback) => { try { await fetch(u, { signal }); } catch (e) { callback(e); } };`,
    },
    {
      why: 'a (req, res) function that answers 500',
      code: `exports.load = async (req, res) => { try { res.json(await fetch(u, { signal })); } catch (e) { console.error(e); res.status(500).json({ error: e.message }); } };`,
    },
    {
      why: 'a (req, res) function whose answer depends on the result',
      code: `exports.load = async (req, res) => { let r; try { r = await fetch(u, { signal }); } catch (e) { console.error(e); } if (!r) { res.status(502).end(); return; } res.end(); };`,
    },
    {
      why: 'handed to next',
      code: `const express = require('express');\nconst app = express();\napp.get('/', async (req, res, next) => { try { res.json(await fetch(u, { signal })); } catch (e) { console.error(e); next(e); } });`,
    },
    {
      why: 'a helper that gives a failure value after logging',
      code: `export async function load() { try { return await fetch(u, { signal }); } catch (e) { console.error(e); } return null; }`,
    },
    {
      why: 'a helper whose failure is nobody’s business, by its name',
      code: `export async function trackVisit() { try { await fetch(u, { signal }); } catch (e) { console.error(e); } }`,
    },
    {
      why: 'a helper that says why',
      code: `export async function store() { try { await fetch(u, { signal }); } catch (e) {\n// best effort: the next run stores it\nconsole.error(e); } }`,
    },
    {
      why: 'a program',
      code: `import axios from 'axios';\nasync function main() { try { await axios.get(u, { timeout: 1 }); } catch (e) { console.error(e); } }\nmain();`,
    },
    {
      why: 'a page',
      file: 'page.tsx',
      code: `import React from 'react';\nexport const Page = () => { const load = async () => { try { await fetch('/a', { signal }); } catch (e) { console.error(e); } }; return <a onClick={load} />; };`,
    },
    {
      why: 'a kept result of a chain that logs',
      code: `export const load = async () => { const r = await fetch(u, { signal }).catch(console.error); return r; };`,
    },
    {
      why: 'a promise that is kept and awaited later may be silenced once',
      code: `export const load = async () => { const kept = fetch(u, { signal }); kept.catch(() => {}); return await kept; };`,
    },
    {
      why: 'a callback that calls back with the error',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = (event, context, callback) => { s3.getObject({ Key: event.key }, (err, data) => { if (err) { console.log(err); callback(err); } else callback(null, data); }); };`,
    },
    {
      why: 'a callback that logs, and then calls back with what it has',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.load = (key, done) => { s3.getObject({ Key: key }, (err, data) => { if (err) console.log(err); done(err, data); }); };`,
    },
    {
      why: 'a listener that rejects',
      code: `const https = require('https');\nexports.get = () => new Promise((resolve, reject) => { https.get(u, resolve).on('error', (e) => { console.error(e); reject(e); }); });`,
    },
    {
      why: 'metrics count it',
      code: `export const handler = async (event) => { for (const r of event.Records) { try { await fetch(r.body, { signal }); } catch (e) { metrics.addMetric('failed', 'Count', 1); } } };`,
    },
    {
      why: 'a poison message is logged and dropped',
      code: `export const handler = async (event) => { let m; try { m = JSON.parse(event.detail.text); } catch (e) { console.error(e); return; } await fetch(m, { signal }); };`,
    },
    {
      why: 'failed records are reported',
      code: `export const handler = async (event) => { const batchItemFailures = []; await Promise.all(event.Records.map(async (r) => { try { await fetch(r.body, { signal }); } catch (e) { console.error(e); batchItemFailures.push({ itemIdentifier: r.messageId }); } })); return { batchItemFailures }; };`,
    },
    {
      why: 'a disable comment',
      code: handler(
        `// faultline-disable-next-line swallowed-error -- warmed twice\ntry { await fetch(u, { signal }); } catch {}`,
      ),
    },
    {
      why: 'Python: narrow, mapped to a status',
      file: py,
      code: `import boto3\nt = boto3.resource("dynamodb").Table("t")\ndef handler(event, context):\n    try:\n        t.get_item(Key=event["pathParameters"])\n    except t.meta.client.exceptions.ResourceNotFoundException:\n        pass\n    return {"statusCode": 200}`,
    },
    {
      why: 'Python: raises',
      file: py,
      code: `import requests\ndef f():\n    try:\n        requests.get(u, timeout=1)\n    except Exception as e:\n        print(e)\n        raise`,
    },
    {
      why: 'Python: answers an error',
      file: py,
      code: `import requests\ndef handler(event, context):\n    try:\n        requests.get(event["rawPath"], timeout=1)\n    except Exception as e:\n        print(e)\n        return {"statusCode": 502}\n    return {"statusCode": 200}`,
    },
    {
      why: 'Python: no I/O',
      file: py,
      code: `def f(x):\n    try:\n        return int(x)\n    except Exception:\n        pass`,
    },
    {
      why: 'Python: a failure value',
      file: py,
      code: `import requests\ndef f():\n    try:\n        return requests.get(u, timeout=1)\n    except Exception:\n        return None`,
    },
    {
      why: 'Python: a default is assigned',
      file: py,
      code: `import requests\ndef f():\n    try:\n        r = requests.get(u, timeout=1)\n    except Exception:\n        r = None\n    return r`,
    },
    {
      why: 'Python: a comment says why',
      file: py,
      code: `import requests\ndef f():\n    try:\n        requests.get(u, timeout=1)\n    except Exception:\n        pass  # metrics are best effort`,
    },
    {
      why: 'Python: logged in a helper',
      file: py,
      code: `import requests\ndef f():\n    try:\n        requests.get(u, timeout=1)\n    except Exception:\n        logger.exception("warming")`,
    },
    {
      why: 'the answer is a variable that the try sets',
      code: handler(
        `let response = { statusCode: 500 };\ntry { await fetch(u, { signal }); response = { statusCode: 200 }; } catch (e) { console.error(e); }\nreturn response;`,
      ),
    },
    {
      why: 'Python: a decision on the code of a ClientError',
      file: py,
      code: `import boto3\nfrom botocore.exceptions import ClientError\ns3 = boto3.client("s3")\ndef handler(event, context):\n    try:\n        s3.head_object(Bucket="b", Key="k")\n    except ClientError as e:\n        if e.response["Error"]["Code"] != "404":\n            raise\n    return {"statusCode": 200}`,
    },
  ],
  invalid: [
    {
      why: 'a (req, res) function that answers 200 with the error',
      code: `exports.load = async (req, res) => {\n  try {\n    res.json(await fetch(u, { signal }));\n  } catch (e) {\n    console.error(e);\n    res.json({ error: e.message });\n  }\n};`,
      finds: ['4: still answers success (200)'],
    },
    {
      why: 'a (req, res) function that logs and sends nothing',
      code: `exports.load = async (req, res) => {\n  try {\n    res.json(await fetch(u, { signal }));\n  } catch (e) {\n    console.error(e);\n  }\n};`,
      finds: ['4: `load` logs it and then answers nothing'],
    },
    {
      why: 'a Response without a status',
      code: `export default async (request) => {\n  try {\n    return Response.json(await fetch(u, { signal }));\n  } catch (e) {\n    return Response.json({ error: e.message });\n  }\n};`,
      finds: ['4: still answers success (200)'],
    },
    {
      why: 'an HTTP handler that logs and returns nothing',
      code: `exports.handler = async (event) => {\n  try {\n    const r = await fetch(event.rawPath, { signal });\n    return { statusCode: 200, body: r };\n  } catch (e) {\n    console.log(e);\n  }\n};`,
      finds: ['5: `handler` logs it and then answers nothing'],
    },
    {
      why: 'a helper whose result is undefined then',
      code: `const { CloudTasksClient } = require('@google-cloud/tasks');\nconst client = new CloudTasksClient();\nconst createTask = async (task) => {\n  try {\n    const [response] = await client.createTask(task);\n    return response.name;\n  } catch (error) {\n    console.error(Error(error.message));\n  }\n};\nmodule.exports = createTask;`,
      finds: ['7: `createTask` logs it and returns undefined'],
    },
    {
      why: 'a helper whose work is not done then',
      code: `export async function store(order) {\n  try {\n    await fetch(u, { signal, body: order });\n  } catch (error) {\n    console.error(error);\n  }\n}`,
      finds: ['4: `store` logs it and returns as if the work were done'],
    },
    {
      why: 'an event handler that is one try with a log',
      code: `exports.helloAuth = (event) => {\n  try {\n    greet(event.uid);\n  } catch (err) {\n    console.error(err);\n  }\n};`,
      finds: ['4: never retries it'],
      fixed: `exports.helloAuth = (event) => {\n  try {\n    greet(event.uid);\n  } catch (err) {\n    console.error(err);\n    throw err;\n  }\n};`,
    },
    {
      why: 'a queue handler that returns a text after logging',
      code: `exports.handler = async (event) => {\n  try {\n    await fetch(event.Records[0].body, { signal });\n  } catch (err) {\n    console.error(err);\n  }\n  return 'done';\n};`,
      finds: ['4: never retries it'],
    },
    {
      why: 'records in parallel',
      code: `export const handler = async (event) => {\n  await Promise.all(event.Records.map(async (record) => {\n    try {\n      await fetch(record.body, { signal });\n    } catch (error) {\n      console.error(error);\n    }\n  }));\n};`,
      finds: ['5: never retries it'],
    },
    {
      why: 'a cloud event',
      code: `const functions = require('@google-cloud/functions-framework');\nfunctions.cloudEvent('store', async (cloudEvent) => {\n  try {\n    await fetch(cloudEvent.data, { signal });\n  } catch (error) {\n    console.error(error);\n    return;\n  }\n});`,
      finds: ['5: `store`'],
    },
    {
      why: 'a chain that ends in a log',
      code: `const axios = require('axios');\nexports.handler = async (event) => {\n  await axios.post(event.rawPath, {}, { timeout: 1 }).then((r) => use(r)).catch((e) => console.log(e));\n  return { statusCode: 200 };\n};`,
      finds: ['3: this `catch` logs it and goes on'],
    },
    {
      why: 'a callback that only logs',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = (event, context, callback) => {\n  s3.putObject({ Key: event.key }, (err, data) => {\n    if (err) {\n      console.log(err, err.stack);\n    } else {\n      callback(null, data);\n    }\n  });\n};`,
      finds: ['5: this branch only logs it'],
    },
    {
      why: 'a listener that only logs',
      code: `const https = require('https');\nexports.get = () => new Promise((resolve) => {\n  const req = https.request(u, { timeout: 1 }, resolve);\n  req.on('error', (error) => {\n    console.error(error);\n  });\n  req.end();\n});`,
      finds: ['4: this listener only logs it'],
    },
    {
      why: 'a listener that returns to nobody',
      code: `const https = require('https');\nexports.get = () => new Promise((resolve) => {\n  const req = https.get(u, resolve);\n  req.on('error', (e) => {\n    //console.log(e.message);\n    return 'Error: ' + e.message;\n  });\n});`,
      finds: ['4: this listener only logs it'],
    },
    {
      why: 'a text that says error, to a program',
      code: `const functions = require('firebase-functions');\nexports.load = functions.https.onCall(async (data) => {\n  try {\n    return await fetch(data.url, { signal });\n  } catch (e) {\n    console.log(e);\n    return 'Error loading it';\n  }\n});`,
      finds: ['5: still answers success'],
    },
    {
      why: 'empty',
      code: handler(`  try { await fetch(u, { signal }); } catch {}\n  return { statusCode: 200 };`),
      finds: ['3: When `fetch` fails nobody learns of it'],
      severity: 'warning',
    },
    {
      why: 'a success answer in the catch',
      code: handler(
        `  try {\n    await fetch(u, { signal });\n    return { statusCode: 200 };\n  } catch (e) {\n    console.error(e);\n    return { statusCode: 200, body: 'ok' };\n  }`,
      ),
      finds: ['6: still answers success (200)'],
    },
    {
      why: 'a success answer through a helper',
      code: `const reply = (statusCode, body) => ({ statusCode, body });\n${handler(`  try {\n    await fetch(u, { signal });\n    return reply(200, 'a');\n  } catch (e) {\n    return reply(200, 'b');\n  }`)}`,
      finds: ['7: still answers success (200)'],
    },
    {
      why: 'logged, then success',
      code: handler(
        `  try {\n    await fetch(u, { signal });\n  } catch (e) {\n    console.error(e);\n  }\n  return { statusCode: 200 };`,
      ),
      finds: ['5: logs it and then answers success'],
    },
    {
      why: 'a queue handler that only logs',
      code: `export const handler = async (event) => {\n  for (const record of event.Records) {\n    try {\n      await fetch(record.body, { signal });\n    } catch (e) {\n      console.error(e);\n    }\n  }\n};`,
      finds: ['5: never retries it'],
    },
    {
      why: 'a helper that is silent',
      code: `export async function warm() {\n  try { await fetch(u, { signal }); } catch (e) {}\n}`,
      finds: ['2: nobody learns'],
    },
    {
      why: 'catch with an empty function',
      code: handler(`  await fetch(u, { signal }).catch(() => {});`),
      finds: ['3: nobody learns'],
    },
    {
      why: 'typed',
      file: 'handler.ts',
      code: `import type { SQSHandler } from 'aws-lambda';\nimport { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3({});\nexport const handler: SQSHandler = async (event) => {\n  try {\n    await s3.putObject({ Bucket: 'b', Key: 'k' });\n  } catch (error: unknown) {\n    console.log(error);\n  }\n};`,
      finds: ['7: `s3.putObject`'],
    },
    {
      why: 'Python: pass',
      file: py,
      code: `import requests\ndef f():\n    try:\n        requests.get(u, timeout=1)\n    except Exception:\n        pass`,
      finds: ['5: When `requests.get` fails nobody learns of it'],
    },
    {
      why: 'Python: bare except',
      file: py,
      code: `import boto3\ns3 = boto3.client("s3")\ndef f():\n    try:\n        s3.put_object(Bucket="b", Key="k")\n    except:\n        pass`,
      finds: ['6: `s3.put_object`'],
    },
    {
      why: 'Python: a success answer',
      file: py,
      code: `import requests\ndef handler(event, context):\n    try:\n        requests.get(event["rawPath"], timeout=1)\n    except Exception as e:\n        print(e)\n        return {"statusCode": 200}\n    return {"statusCode": 200}`,
      finds: ['5: still answers success (200)'],
    },
    {
      why: 'Python: logged, then success',
      file: py,
      code: `import requests\ndef handler(event, context):\n    try:\n        requests.get(event["rawPath"], timeout=1)\n    except Exception as e:\n        print(e)\n    return {"statusCode": 200}`,
      finds: ['5: logs it and then answers success'],
    },
    {
      why: 'Python: a queue handler that only logs',
      file: py,
      code: `import requests\ndef handler(event, context):\n    for r in event["Records"]:\n        try:\n            requests.post(u, data=r, timeout=1)\n        except Exception:\n            logger.exception("x")`,
      finds: ['6: never retries it'],
    },
    {
      why: 'a scheduled handler that only logs',
      code: `export const handler = async () => {\n  try {\n    await fetch(u, { signal });\n  } catch (e) {\n    console.error(e);\n  }\n};`,
      finds: ['4: never retries it'],
    },
    {
      why: 'Python: ClientError is everything that AWS refuses',
      file: py,
      code: `import boto3\nfrom botocore.exceptions import ClientError\ns3 = boto3.client("s3")\ndef handler(event, context):\n    try:\n        s3.put_object(Bucket="b", Key="k")\n    except ClientError as e:\n        logger.error(e)\n    return {"statusCode": 200}`,
      finds: ['7: logs it and then answers success'],
    },
  ],
});
