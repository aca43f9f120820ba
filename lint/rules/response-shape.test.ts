import { ruleTests } from '../testing.js';

ruleTests('response-shape', {
  valid: [
    {
      why: 'every way out has a status',
      code: `export const handler = async (event) => { if (!event.body) return { statusCode: 400 }; try { return { statusCode: 200, body: JSON.stringify(await work()) }; } catch (e) { return { statusCode: 500, body: e.message }; } };`,
    },
    {
      why: 'an HTTP API takes plain values, and this handler answers nothing else',
      code: `export const handler = async (event) => { if (!event.rawPath) return 'none'; return { id: event.rawPath }; };`,
    },
    {
      why: 'answers of a helper',
      code: `import { ok, fail } from './replies.mjs';\nexport const handler = async (event) => { if (event.rawPath) return ok(event); if (event.x) return { statusCode: 200 }; return fail(); };`,
    },
    {
      why: 'a warm-up',
      code: `exports.handler = async (event) => { if (event.source === 'serverless-plugin-warmup') return 'Lambda is warm!'; return { statusCode: 200, body: event.path }; };`,
    },
    {
      why: 'an error is thrown at the end',
      code: `exports.handler = async (event) => { if (event.httpMethod === 'GET') return { statusCode: 200 }; throw new Error('no'); };`,
    },
    {
      why: 'a switch with a default',
      code: `exports.handler = async (event) => { switch (event.httpMethod) { case 'GET': return { statusCode: 200 }; default: return { statusCode: 405 }; } };`,
    },
    {
      why: 'with a callback',
      code: `exports.handler = (event, context, callback) => { work(event.path, () => { callback(null, { statusCode: 200 }); }); };`,
    },
    {
      why: 'a serializer of middy writes the body',
      code: `import middy from '@middy/core';\nimport serialize from '@middy/http-response-serializer';\nexport const handler = middy(async (event) => ({ statusCode: 200, body: { path: event.rawPath } })).use(serialize());`,
    },
    {
      why: 'a wrapper of the project answers',
      beside: {
        'util/handler.mjs': `export default (fn) => async (event) => { try { return { statusCode: 200, body: JSON.stringify(await fn(event)) }; } catch (e) { return { statusCode: 500 }; } };`,
      },
      code: `import handler from './util/handler.mjs';\nexport const main = handler(async (event) => { if (event.httpMethod) return { statusCode: 200 }; return { id: 1 }; });`,
    },
    {
      why: 'a queue handler',
      code: `exports.handler = async (event) => { if (!event.Records.length) return; await work(event.Records[0].body); return { statusCode: 200 }; };`,
    },
    {
      why: 'a variable that gets its status later',
      code: `exports.handler = async (event) => { const response = { headers: {} }; response.statusCode = 200; if (event.path) return response; return { statusCode: 404 }; };`,
    },
    {
      why: 'statuses as text work, and old blueprints have them',
      code: `exports.handler = async (event) => { return { statusCode: event.path ? '200' : '404', body: '' }; };`,
    },
    {
      why: 'a (req, res) function that sends and returns',
      code: `exports.hello = async (req, res) => { if (!req.body) { res.status(400).end(); return; } await work(); return res.send('x'); };`,
    },
    {
      why: 'a (req, res) function that hands the response on',
      code: `exports.hello = (req, res) => { if (req.method === 'POST') return post(req, res); return get(req, res); };`,
    },
    {
      why: 'a (req, res) function with a switch',
      code: `exports.hello = (req, res) => { switch (req.method) { case 'GET': res.send('x'); return; default: return res.end(); } };`,
    },
    {
      why: 'callbacks within send',
      code: `exports.hello = (req, res) => { return work().then(() => { res.send('x'); }); };`,
    },
  ],
  invalid: [
    {
      why: 'the error itself',
      code: `exports.lambdaHandler = async (event, context) => {\n  try {\n    return { statusCode: 200, body: event.path };\n  } catch (err) {\n    console.log(err);\n    return err;\n  }\n};`,
      finds: ['6: returns the error here, without `statusCode`'],
      severity: 'error',
    },
    {
      why: 'text, a list and an object',
      code: `exports.handler = async (event) => {\n  if (event.path === '/a') return 'a';\n  if (event.path === '/b') return [1];\n  if (event.path === '/c') return { message: 'c' };\n  if (event.path === '/d') return JSON.stringify({ message: 'c' });\n  return { statusCode: 200 };\n};`,
      finds: ['2: returns text', '3: returns a list', '4: returns an object', '5: returns text'],
    },
    {
      why: 'by callback',
      code: `exports.handler = (event, context, callback) => {\n  if (!event.pathParameters) return callback(null, 'missing');\n  callback(null, { statusCode: 200, body: '' });\n};`,
      finds: ['2: returns text'],
    },
    {
      why: 'another method ends without an answer',
      code: `exports.handler = async (event) => {\n  if (event.httpMethod === 'GET') {\n    return { statusCode: 200 };\n  } else if (event.httpMethod === 'POST') {\n    return { statusCode: 201 };\n  }\n};`,
      finds: ['2: can end here without an answer'],
    },
    {
      why: 'a switch without a default',
      code: `exports.handler = async (event) => {\n  switch (event.httpMethod) {\n    case 'GET':\n      return { statusCode: 200 };\n    case 'POST':\n      return { statusCode: 201 };\n  }\n};`,
      finds: ['2: can end here'],
    },
    {
      why: 'a return without a value',
      code: `exports.handler = async (event) => {\n  if (!event.body) return;\n  return { statusCode: 200 };\n};`,
      finds: ['2: can end here'],
    },
    {
      why: 'a body that is an object',
      code: `exports.handler = async (event) => {\n  return { statusCode: 200, body: { path: event.path } };\n};`,
      finds: ['2: The `body` of this answer is an object'],
      fixed: `exports.handler = async (event) => {\n  return { statusCode: 200, body: JSON.stringify({ path: event.path }) };\n};`,
    },
    {
      why: 'a body in shorthand',
      code: `exports.handler = async (event) => {\n  const body = { path: event.path };\n  return { statusCode: 200, body };\n};`,
      finds: ['3: is an object'],
      fixed: `exports.handler = async (event) => {\n  const body = { path: event.path };\n  return { statusCode: 200, body: JSON.stringify(body) };\n};`,
    },
    {
      why: 'a body that is a list, by callback, and one that is an error',
      code: `exports.handler = (event, context, callback) => {\n  try {\n    callback(null, { statusCode: 200, body: [event.path] });\n  } catch (e) {\n    callback(null, { statusCode: 500, body: e });\n  }\n};`,
      finds: ['3: is a list', '5: is an error'],
    },
    {
      why: 'a (req, res) function that returns without sending',
      code: `exports.hello = async (req, res) => {\n  if (!req.query.id) {\n    console.log('no id');\n    return;\n  }\n  res.send(await load(req.query.id));\n};`,
      finds: ['4: returns here without having sent an answer'],
    },
    {
      why: 'a value that goes nowhere',
      code: `const functions = require('@google-cloud/functions-framework');\nfunctions.http('a', async (req, res) => {\n  return Promise.resolve();\n  res.send('x');\n});`,
      finds: ['3: returns here without having sent'],
    },
  ],
});
