import { ruleTests } from '../testing.js';

ruleTests('unsafe-parse', {
  valid: [
    {
      why: 'answered 400',
      code: `export const handler = async (event) => { let body; try { body = JSON.parse(event.body); } catch { return { statusCode: 400 }; } return { statusCode: 200, body: body.a }; };`,
    },
    {
      why: 'a try around all of it',
      code: `exports.handler = async (event) => { try { const { a } = JSON.parse(event.body || '{}'); return { statusCode: 200, body: a }; } catch (e) { return { statusCode: 500 }; } };`,
    },
    {
      why: 'a queue’s body is ours, and a failure must come back',
      code: `exports.handler = async (event) => { for (const record of event.Records) use(JSON.parse(record.body)); };`,
    },
    {
      why: 'what SNS, S3 and secrets have',
      code: `exports.handler = async (event) => { const m = JSON.parse(event.Records[0].Sns.Message); const s = JSON.parse(process.env.SECRET); };`,
    },
    {
      why: 'middy parses the body and answers',
      code: `import middy from '@middy/core';\nimport errors from '@middy/http-error-handler';\nexport const handler = middy(async (event) => ({ statusCode: 200, body: JSON.parse(event.body).a })).use(errors());`,
    },
    {
      why: 'a wrapper of the project that answers, in another file',
      beside: {
        'util/handler.mjs': `export default (lambda) => async (event) => { try { return { statusCode: 200, body: await lambda(event) }; } catch (e) { return { statusCode: 500 }; } };`,
      },
      code: `import handler from './util/handler.mjs';\nexport const main = handler(async (event) => { const data = JSON.parse(event.body); return data; });`,
    },
    {
      why: 'a helper that catches',
      code: `const read = (text) => { try { return JSON.parse(text); } catch { return undefined; } };\nexports.handler = async (event) => ({ statusCode: read(event.body) ? 200 : 400 });`,
    },
    {
      why: 'a helper that is called within try',
      code: `const read = (event) => JSON.parse(event.body);\nexports.handler = async (event) => { try { return { statusCode: 200, body: read(event).a }; } catch { return { statusCode: 400 }; } };`,
    },
    {
      why: 'what a database answered',
      code: `exports.handler = async (event) => { const r = await load(event.rawPath); return { statusCode: 200, body: JSON.parse(r.text) }; };`,
    },
    {
      why: 'checked first',
      code: `exports.handler = async (event) => { if (!isValidJson(event.body)) return { statusCode: 400 }; return { statusCode: 200, body: JSON.parse(event.body).a }; };`,
    },
    {
      why: 'a listener that catches and rejects',
      code: `const https = require('https');\nconst get = (u) => new Promise((resolve, reject) => { https.get(u, (res) => { let t = ''; res.on('data', (c) => { t += c; }); res.on('end', () => { try { resolve(JSON.parse(t)); } catch (e) { reject(e); } }); }).on('error', reject); });`,
    },
    {
      why: 'a promise’s callback',
      code: `export const load = () => read().then((text) => JSON.parse(text));`,
    },
    {
      why: 'a program that reads its input',
      code: `process.stdin.on('end', () => { use(JSON.parse(text)); });`,
    },
    {
      why: 'a plain invoke',
      code: `exports.handler = async (event) => JSON.parse(event.payload);`,
    },
    {
      why: 'a disable comment',
      code: `exports.handler = async (event) => {\n  // faultline-disable-next-line unsafe-parse -- the gateway validates it\n  const a = JSON.parse(event.body);\n  return { statusCode: 200, body: a.b };\n};`,
    },
  ],
  invalid: [
    {
      why: 'the body of an event',
      code: `export const handler = async (event) => {\n  const data = JSON.parse(event.body);\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['2: makes `JSON.parse` fail, and `handler` answers it with a bare 500 or 502'],
      severity: 'warning',
      fixed: `export const handler = async (event) => {\n  let data;\n  try {\n    data = JSON.parse(event.body);\n  } catch {\n    return { statusCode: 400, body: JSON.stringify({ message: 'The body is not valid JSON' }) };\n  }\n  return { statusCode: 200, body: data.a };\n};`,
    },
    {
      why: 'typed, with an assertion',
      file: 'handler.ts',
      code: `import type { APIGatewayProxyHandler } from 'aws-lambda';\nexport const handler: APIGatewayProxyHandler = async (event) => {\n  const data: Input = JSON.parse(event.body!) as Input;\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['3: answers it with'],
    },
    {
      why: 'outside the try',
      code: `module.exports.create = async (event, context) => {\n  const { name } = JSON.parse(event.body);\n  try { return { statusCode: 200, body: name }; } catch { return { statusCode: 500 }; }\n};`,
      finds: ['2: `create`'],
    },
    {
      why: 'with a default, which helps for a missing body only',
      code: `export const handler = async ({ body, httpMethod }) => {\n  const data = JSON.parse(body ?? '{}');\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['2: `handler`'],
    },
    {
      why: 'decoded first',
      code: `exports.handler = async (event) => {\n  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;\n  const data = JSON.parse(text);\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['3: `handler`'],
    },
    {
      why: 'in a helper of the file',
      code: `function read(event) {\n  return JSON.parse(event.body);\n}\nexports.handler = async (event) => {\n  const data = read(event);\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['2: `handler`'],
    },
    {
      why: 'in a helper of another file',
      beside: { 'lib/read.mjs': `export const read = (text) => JSON.parse(text);` },
      code: `import { read } from './lib/read.mjs';\nexport const handler = async (event) => {\n  const data = read(event.body);\n  return { statusCode: 200, body: data.a };\n};`,
      finds: ['3: `handler`'],
    },
    {
      why: 'with callbacks',
      code: `exports.handler = (event, context, callback) => {\n  const data = JSON.parse(event.body);\n  callback(null, { statusCode: 200, body: data.a });\n};`,
      finds: ['2: `handler`'],
    },
    {
      why: 'a catch that throws on answers nothing',
      code: `exports.handler = async (event) => {\n  try {\n    const data = JSON.parse(event.body);\n    return { statusCode: 200, body: data.a };\n  } catch (e) {\n    console.error(e);\n    throw e;\n  }\n};`,
      finds: ['3: `handler`'],
    },
    {
      why: 'the body tells that it is HTTP',
      code: `exports.handler = async (event) => {\n  const data = JSON.parse(event.body);\n  return reply(data);\n};`,
      finds: ['2: `handler`'],
    },
    {
      why: 'a listener of a response',
      code: `const https = require('https');\nexports.get = (u) => new Promise((resolve, reject) => {\n  https.get(u, (res) => {\n    let text = '';\n    res.on('data', (c) => { text += c; });\n    res.on('end', () => {\n      log(JSON.parse(text));\n      resolve(JSON.parse(text));\n    });\n  }).on('error', reject);\n});`,
      finds: ['7: throws here in a listener'],
    },
    {
      why: 'an async listener',
      code: `req.on('end', async () => {\n  const data = JSON.parse(text);\n  resolve(await use(data));\n});`,
      finds: ['2: in a listener'],
    },
    {
      why: 'a callback of request',
      code: `const request = require('request');\nexports.load = (u, done) => request(u, { timeout: 100 }, (error, response, body) => {\n  if (error) return done(error);\n  done(null, JSON.parse(body));\n});`,
      finds: ['4: in a listener'],
    },
  ],
});
