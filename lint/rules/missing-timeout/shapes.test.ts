import { ruleTests } from '../../testing.js';

/** Shapes that handlers are written in: callbacks of Node 6, promises around requests, classes, helpers with options. */

const ts = 'handler.ts';

ruleTests('missing-timeout', {
  valid: [
    {
      why: 'a helper whose callers all give a limit',
      code: `const https = require('https');\nfunction call(options) {\n  return new Promise((resolve, reject) => {\n    const req = https.request(options, resolve);\n    req.on('error', reject);\n    req.end();\n  });\n}\nexports.handler = async () => call({ host: 'a', signal: AbortSignal.timeout(900) });`,
    },
    {
      why: 'a helper whose callers may give a limit',
      code: `export const get = (url, options = {}) => fetch(url, options);`,
    },
    {
      why: 'a helper whose callers give a limit, or hand on what they got',
      code: `const get = (url, init, retries) => fetch(url, init).catch(() => get(url, init, retries - 1));\nexport const handler = async () => get('https://a', { signal: AbortSignal.timeout(900) }, 2);`,
    },
    {
      why: 'options of another file with a limit',
      code: `import { options } from './options.mjs';\nawait fetch('https://a', options);`,
      beside: { 'options.mjs': `export const options = { signal: AbortSignal.timeout(900) };` },
    },
    {
      why: 'a limit in what is assigned',
      code: `const https = require('https');\nconst options = Object.assign({ signal }, { host: 'a' });\nhttps.get(options, done);`,
    },
    {
      why: 'code of a page',
      file: 'api.ts',
      code: `export const load = () => fetch(\`\${import.meta.env.VITE_API}/a\`);`,
    },
    {
      why: 'a class that is given its client',
      file: ts,
      code: `import type { AxiosInstance } from 'axios';\nexport class Api { constructor(private readonly http: AxiosInstance) {}\n  get() { return this.http.get('/a'); } }`,
    },
    {
      why: 'a limit on the request of a class',
      file: ts,
      code: `import https from 'https';\nexport class Api {\n  private send(body: string): Promise<void> {\n    return new Promise((resolve, reject) => {\n      const req = https.request({ host: 'a', method: 'POST', timeout: 900 }, () => resolve());\n      req.on('timeout', () => { req.destroy(); reject(new Error('timeout')); });\n      req.write(body);\n      req.end();\n    });\n  }\n}`,
    },
    {
      why: 'abort after a while',
      code: `const controller = new AbortController();\nconst timer = setTimeout(() => controller.abort(), 900);\ntry {\n  const r = await fetch('https://a', { method: 'POST', signal: controller.signal });\n} finally {\n  clearTimeout(timer);\n}`,
    },
    {
      why: 'what is called fetch is the project’s own',
      code: `import fetch from './lib/fetch.mjs';\nawait fetch('https://a');`,
      beside: { 'lib/fetch.mjs': `export default async function fetch(url) { return cache.get(url); }` },
    },
  ],
  invalid: [
    {
      why: 'the Alexa skill of 2017',
      code: `var https = require('https');\nfunction getWeather(city, callback) {\n  var options = { host: 'api.example', path: '/' + encodeURIComponent(city), method: 'GET' };\n  var req = https.request(options, function (res) {\n    var body = '';\n    res.on('data', function (chunk) { body += chunk; });\n    res.on('end', function () { callback(body); });\n  });\n  req.end();\n}\nexports.handler = function (event, context) { getWeather(event.city, function (w) { context.succeed(w); }); };`,
      finds: ['4: `https.request`'],
    },
    {
      why: 'a Slack webhook through url.parse',
      code: `const url = require('url');\nconst https = require('https');\nfunction postMessage(message, callback) {\n  const options = url.parse(process.env.hookUrl);\n  options.method = 'POST';\n  const req = https.request(options, (res) => callback(res));\n  req.write(JSON.stringify(message));\n  req.end();\n}`,
      finds: ['6: `https.request`'],
    },
    {
      why: 'a promise around a request, options from the callers',
      code: `const https = require('https');\nfunction httpRequest(params, postData) {\n  return new Promise(function (resolve, reject) {\n    var req = https.request(params, function (res) { resolve(res.statusCode); });\n    req.on('error', reject);\n    if (postData) req.write(postData);\n    req.end();\n  });\n}\nexports.handler = async (event) => httpRequest({ hostname: 'a.example', method: 'POST' }, event.body);`,
      finds: ['4: `https.request`'],
    },
    {
      why: 'a signed request to Elasticsearch',
      code: `const aws4 = require('aws4');\nconst https = require('https');\nexports.handler = (event, context, callback) => {\n  const req = https.request(aws4.sign({ host: 'es.example', service: 'es' }), (res) => callback(null, res.statusCode));\n  req.end();\n};`,
      finds: ['4: `https.request`'],
    },
    {
      why: 'options that a function makes',
      code: `const fetch = require('node-fetch');\nconst optionsFor = (token) => ({ headers: { authorization: token } });\nexports.handler = async (event) => (await fetch('https://a', optionsFor(event.token))).json();`,
      finds: ['3: `fetch`'],
    },
    {
      why: 'the answer of CloudFormation',
      code: `exports.send = (event, context, status) => {\n  const https = require('https');\n  const url = require('url');\n  const parsedUrl = url.parse(event.ResponseURL);\n  const options = { hostname: parsedUrl.hostname, port: 443, path: parsedUrl.path, method: 'PUT' };\n  const request = https.request(options, () => context.done());\n  request.on('error', () => context.done());\n  request.write('{}');\n  request.end();\n};`,
      finds: ['6: `https.request`'],
    },
    {
      why: 'node-fetch 3 in CommonJS',
      code: `const fetch = (...args) => import('node-fetch').then(({ default: fetch }) => fetch(...args));\nexports.handler = async () => (await fetch('https://a')).json();`,
      finds: ['2: node-fetch waits for ever'],
    },
    {
      why: 'axios with a config in a variable',
      code: `const axios = require('axios');\nexports.handler = async (event) => {\n  const config = { method: 'post', url: 'https://a', data: event };\n  const reply = await axios(config);\n  return reply.data;\n};`,
      finds: ['4: `axios`'],
    },
    {
      why: 'axios in a class',
      file: ts,
      code: `import axios from 'axios';\nexport class Payments {\n  public static async charge(id: string): Promise<number> {\n    const { status } = await axios.post(\`https://a/\${id}\`, { id }, { headers: { 'x-api-key': process.env.KEY! } });\n    return status;\n  }\n}`,
      finds: ['4: `axios.post`'],
      fixed: `import axios from 'axios';\nexport class Payments {\n  public static async charge(id: string): Promise<number> {\n    const { status } = await axios.post(\`https://a/\${id}\`, { id }, { headers: { 'x-api-key': process.env.KEY! }, timeout: 2500 });\n    return status;\n  }\n}`,
    },
    {
      why: 'a pool that is made once',
      file: ts,
      code: `import { Pool } from 'pg';\nlet pool: Pool | undefined;\nexport const handler = async () => {\n  if (!pool) pool = new Pool({ host: process.env.HOST, max: 1 });\n  return (await pool.query('select 1')).rows;\n};`,
      finds: ['4: `new Pool`'],
    },
    {
      why: 'a connection for each invocation',
      code: `const mysql = require('mysql');\nexports.handler = (event, context, callback) => {\n  context.callbackWaitsForEmptyEventLoop = false;\n  const connection = mysql.createConnection({ host: process.env.HOST });\n  connection.query('select 1', (error, rows) => callback(error, rows));\n};`,
      finds: ['4: a query waits for ever'],
    },
    {
      why: 'a cached connection to MongoDB',
      code: `const MongoClient = require('mongodb').MongoClient;\nlet cachedDb = null;\nasync function connect(uri) {\n  if (cachedDb) return cachedDb;\n  const client = await MongoClient.connect(uri, { useNewUrlParser: true, useUnifiedTopology: true });\n  cachedDb = client.db('a');\n  return cachedDb;\n}\nmodule.exports.handler = async () => (await connect(process.env.URI)).collection('b').find({}).toArray();`,
      finds: ['5: waits for ever for an answer'],
    },
    {
      why: 'promises started together',
      code: `const fetch = require('node-fetch');\nexports.handler = async (event) => {\n  const replies = await Promise.all(event.urls.map((url) => fetch(url)));\n  return replies.length;\n};`,
      finds: ['3: `fetch`'],
    },
    {
      why: 'OpenAI 3',
      code: `const { Configuration, OpenAIApi } = require('openai');\nconst openai = new OpenAIApi(new Configuration({ apiKey: process.env.KEY }));\nexports.handler = async () => (await openai.createCompletion({ prompt: 'a' })).data;`,
      finds: ['2: version 3 waits for ever'],
    },
    {
      why: 'a Cloud Function with got',
      code: `const got = require('got');\nexports.proxy = async (req, res) => {\n  const { body } = await got('https://a', { responseType: 'json' });\n  res.json(body);\n};`,
      finds: ['3: `got`'],
      fixed: `const got = require('got');\nexports.proxy = async (req, res) => {\n  const { body } = await got('https://a', { responseType: 'json', timeout: { request: 2500 } });\n  res.json(body);\n};`,
    },
  ],
});
