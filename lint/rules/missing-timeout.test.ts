import { expect, test } from 'vitest';
import { applyEdits, createLinter } from '../index.js';
import { deployedWith, ruleTests } from '../testing.js';

const py = 'handler.py';

ruleTests('missing-timeout', {
  valid: [
    {
      why: 'ignored by its host',
      code: `await fetch('https://cache.internal/a');`,
      options: { ignore: ['cache.internal'] },
    },
    {
      why: 'ignored by its client',
      code: `import axios from 'axios';\nawait axios.get('https://a');`,
      options: { ignore: ['axios'] },
    },
    { why: 'a signal bounds fetch', code: `await fetch('https://a', { signal: AbortSignal.timeout(1000) });` },
    {
      why: 'a signal in a constant',
      code: `const options = { signal: AbortSignal.timeout(1) };\nawait fetch(url, options);`,
    },
    {
      why: 'a signal set later',
      code: `const options = { method: 'POST' };\noptions.signal = s;\nawait fetch(url, options);`,
    },
    {
      why: 'a signal that a spread brings',
      code: `const base = { signal: s };\nawait fetch(url, { ...base, method: 'GET' });`,
    },
    {
      why: 'options that are not visible may have one',
      code: `export const get = (url, options) => fetch(url, options);`,
    },
    {
      why: 'a spread that is not visible may have one',
      code: `export const get = (o) => fetch('https://a', { ...o });`,
    },
    { why: 'a Request may carry one', code: `export default { fetch: (request) => fetch(request) };` },
    { why: 'a race with a timer', code: `await Promise.race([fetch(url), timer(1000)]);` },
    { why: 'somebody else’s fetch', code: `import { fetch } from './http-client.js';\nawait fetch('https://a');` },
    { why: 'a parameter named fetch', code: `export const get = (fetch) => fetch('https://a');` },
    { why: 'a page', file: 'page.jsx', code: `export const A = () => { fetch('https://a'); return <b />; };` },
    {
      why: 'the extension API waits on purpose',
      code: `const base = \`http://\${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01\`;\nawait fetch(\`\${base}/extension/event/next\`);`,
    },
    { why: 'axios with a timeout', code: `import axios from 'axios';\nawait axios.post(url, body, { timeout: 500 });` },
    { why: 'axios with its config first', code: `import axios from 'axios';\nawait axios({ url, timeout: 500 });` },
    {
      why: 'an axios instance with a timeout',
      code: `const axios = require('axios');\nconst api = axios.create({ baseURL, timeout: 500 });\nawait api.get('/a');`,
    },
    {
      why: 'defaults of axios',
      code: `import axios from 'axios';\naxios.defaults.timeout = 500;\nawait axios.get(url);`,
    },
    {
      why: 'defaults of an instance',
      code: `import axios from 'axios';\nconst api = axios.create();\napi.defaults.timeout = 500;\nawait api.get(url);`,
    },
    {
      why: 'every call on the instance is bounded',
      code: `import axios from 'axios';\nconst api = axios.create({ baseURL });\nawait api.get('/a', { timeout: 9 });`,
    },
    {
      why: 'http with timeout and listener',
      code: `import http from 'node:http';\nconst req = http.request({ host, timeout: 500 }, done);\nreq.on('timeout', () => req.destroy());`,
    },
    {
      why: 'http with a chained listener',
      code: `const https = require('https');\nhttps.get(url, { timeout: 9 }, cb).on('timeout', stop).on('error', fail);`,
    },
    {
      why: 'http with setTimeout',
      code: `const https = require('https');\nconst r = https.get(url, cb);\nr.setTimeout(500, () => r.destroy());`,
    },
    {
      why: 'http with a signal',
      code: `import { get } from 'node:https';\nget(url, { signal: AbortSignal.timeout(5) }, cb);`,
    },
    {
      why: 'pg with both bounds',
      code: `import pg from 'pg';\nnew pg.Pool({ connectionTimeoutMillis: 1000, query_timeout: 1000 });`,
    },
    {
      why: 'mysql2 with a bounded query',
      code: `import mysql from 'mysql2/promise';\nconst pool = mysql.createPool({ host });\nawait pool.query({ sql: 'select 1', timeout: 100 });`,
    },
    { why: 'got with a timeout', code: `import got from 'got';\nawait got(url, { timeout: { request: 500 } });` },
    {
      why: 'superagent with a timeout in the chain',
      code: `import request from 'superagent';\nawait request.get(url).timeout(500);`,
    },
    {
      why: 'ioredis with a bound, options second',
      code: `import Redis from 'ioredis';\nnew Redis(6379, { commandTimeout: 500 });`,
    },
    {
      why: 'a disable comment with a reason',
      code: `// faultline-disable-next-line missing-timeout -- long poll\nawait fetch('https://a');`,
    },
    {
      why: 'ESLint’s own disable comment',
      code: `await fetch('https://a'); // eslint-disable-line faultline/missing-timeout`,
    },
    {
      why: 'typed, with as const',
      file: 'handler.ts',
      code: `const o = { signal: AbortSignal.timeout(1) } as const;\nawait fetch(url as string, o!);`,
    },
    {
      why: 'a typed instance with a timeout',
      file: 'handler.ts',
      code: `import axios, { type AxiosInstance } from 'axios';\nclass Api { private http: AxiosInstance = axios.create({ timeout: 5 });\n  get() { return this.http.get('/a'); } }`,
    },
    {
      why: 'a controller that a timer aborts',
      code: `const c = new AbortController();\nconst t = setTimeout(() => c.abort(), 1000);\nawait fetch('https://a', { signal: c.signal });\nclearTimeout(t);`,
    },
    {
      why: 'a signal of any of two',
      code: `export const get = (s) => fetch('https://a', { signal: AbortSignal.any([s, AbortSignal.timeout(9)]) });`,
    },
    {
      why: 'a promise that is raced later',
      code: `const answer = fetch(url);\nconst winner = await Promise.race([answer, timer(1000)]);`,
    },
    {
      why: 'a helper that limits',
      code: `import pTimeout from 'p-timeout';\nawait pTimeout(fetch(url), { milliseconds: 500 });`,
    },
    {
      why: 'a helper that limits what a callback does',
      code: `import { withTimeout } from './limits.js';\nconst r = await withTimeout(() => fetch(url), 500);`,
    },
    {
      why: 'a function that is raced where it is called',
      code: `async function load() {\n  const r = await fetch('https://a');\n  return r.json();\n}\nexport const handler = async () => Promise.race([load(), timer(900)]);`,
    },
    {
      why: 'a promise of its own that a timer rejects',
      code: `const https = require('https');\nmodule.exports.get = (url) => new Promise((resolve, reject) => {\n  const t = setTimeout(() => reject(new Error('slow')), 900);\n  https.get('https://a', (res) => { clearTimeout(t); resolve(res); });\n});`,
    },
    {
      why: 'a dispatcher for all',
      code: `import { Agent, setGlobalDispatcher } from 'undici';\nsetGlobalDispatcher(new Agent({ headersTimeout: 900, bodyTimeout: 900 }));\nawait fetch('https://a');`,
    },
    {
      why: 'a dispatcher for all, set in another file',
      code: `import './limits.mjs';\nawait fetch('https://a');`,
      beside: {
        'limits.mjs': `import { Agent, setGlobalDispatcher } from 'undici';\nsetGlobalDispatcher(new Agent({ headersTimeout: 900 }));`,
      },
    },
    {
      why: 'defaults of axios, set in another file',
      code: `import axios from 'axios';\nimport './http.mjs';\nawait axios.get(url);`,
      beside: { 'http.mjs': `import axios from 'axios';\naxios.defaults.timeout = 900;` },
    },
    {
      why: 'an instance of axios with a timeout, of another file',
      code: `import { api } from './http.mjs';\nawait api.get('/a');`,
      beside: { 'http.mjs': `import axios from 'axios';\nexport const api = axios.create({ timeout: 900 });` },
    },
    {
      why: 'an instance without a timeout of another file is that file’s',
      code: `import { api } from './http.mjs';\nawait api.get('/a');`,
      beside: { 'http.mjs': `import axios from 'axios';\nexport const api = axios.create({});` },
    },
    {
      why: 'an interceptor that sets a timeout',
      code: `import axios from 'axios';\naxios.interceptors.request.use((config) => ({ ...config, timeout: 900 }));\nawait axios.get(url);`,
    },
    {
      why: 'an instance of got with a timeout',
      code: `import got from 'got';\nconst api = got.extend({ timeout: { request: 9 } });\nawait api.get('a');`,
    },
    {
      why: 'http that a timer destroys',
      code: `import https from 'node:https';\nexport const get = () => new Promise((resolve) => {\n  const req = https.get('https://a', resolve);\n  setTimeout(() => req.destroy(), 900);\n});`,
    },
    {
      why: 'http with a listener on the socket',
      code: `import https from 'node:https';\nconst req = https.request({ host }, done);\nreq.on('socket', (socket) => { socket.setTimeout(900); socket.on('timeout', () => req.destroy()); });`,
    },
    {
      why: 'http that the caller may limit',
      code: `import https from 'node:https';\nexport const open = (options, done) => https.request(options, done);`,
    },
    {
      why: 'the AppConfig agent is in the instance',
      code: `const http = require('http');\nhttp.get(\`http://localhost:2772/applications/\${app}\`, done);`,
    },
    { why: 'ky has 10 s', code: `import ky from 'ky';\nawait ky.get('https://a').json();` },
    {
      why: 'request with a timeout',
      code: `const request = require('request');\nrequest('https://a', { timeout: 900 }, done);`,
    },
    {
      why: 'needle with a timeout',
      code: `const needle = require('needle');\nneedle.get('https://a', { response_timeout: 900 }, done);`,
    },
    {
      why: 'node-fetch 2 with its timeout',
      code: `const fetch = require('node-fetch');\nfetch('https://a', { timeout: 900 });`,
    },
    {
      why: 'node-redis with a socket timeout',
      code: `import { createClient } from 'redis';\ncreateClient({ url, socket: { socketTimeout: 900 } });`,
    },
    {
      why: 'mongodb that somebody has thought about',
      code: `import { MongoClient } from 'mongodb';\nnew MongoClient(uri, { serverSelectionTimeoutMS: 900, socketTimeoutMS: 900 });`,
    },
    {
      why: 'a pool made of a parameter',
      code: `import pg from 'pg';\nexport const pool = (config) => new pg.Pool(config);`,
    },
    { why: 'Google Cloud has limits', code: `const { Storage } = require('@google-cloud/storage');\nnew Storage();` },
    {
      why: 'Elasticsearch has 30 s',
      code: `const { Client } = require('@elastic/elasticsearch');\nnew Client({ node });`,
    },
    { why: 'Twilio has 30 s', code: `const client = require('twilio')(sid, token);` },
    { why: 'a service worker', code: `addEventListener('fetch', (event) => event.respondWith(fetch('https://a')));` },
    {
      why: 'axios with a config from elsewhere',
      code: `import axios from 'axios';\nexport const call = (config) => axios(config);`,
    },
    {
      why: 'superagent through a variable',
      code: `const superagent = require('superagent');\nconst req = superagent.get(url);\nreq.timeout({ response: 900 });\nawait req;`,
    },
    { why: 'requests with a timeout', file: py, code: `import requests\nrequests.get("https://a", timeout=2)` },
    {
      why: 'redis-py 8 has 5 s',
      file: py,
      code: `import redis\nr = redis.Redis(host="h")`,
      installed: { redis: '8.0.0' },
    },
    {
      why: 'redis-py of no known version may be 8',
      file: py,
      code: `import redis\nr = redis.Redis(host="h")`,
    },
    {
      why: 'requests with visible kwargs',
      file: py,
      code: `import requests\noptions = {"timeout": 2}\nrequests.get("https://a", **options)`,
    },
    {
      why: 'kwargs that are not visible',
      file: py,
      code: `import requests\ndef get(url, **kwargs):\n    return requests.get(url, **kwargs)`,
    },
    {
      why: 'a session with an adapter that bounds',
      file: py,
      code: `import requests\ns = requests.Session()\ns.mount("https://", TimeoutAdapter(timeout=2))\ns.get("https://a")`,
    },
    {
      why: 'urlopen with a positional timeout',
      file: py,
      code: `from urllib.request import urlopen\nurlopen("https://a", None, 2)`,
    },
    {
      why: 'a default timeout of all sockets',
      file: py,
      code: `import socket, urllib.request\nsocket.setdefaulttimeout(2)\nurllib.request.urlopen("https://a")`,
    },
    {
      why: 'httpx has 5 s by default',
      file: py,
      code: `import httpx\nhttpx.get("https://a")\nclient = httpx.Client()`,
    },
    {
      why: 'aiohttp has 300 s in all',
      file: py,
      code: `import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n        await s.get("https://a")`,
    },
    {
      why: 'boto3 with bounds',
      file: py,
      code: `import boto3\nfrom botocore.config import Config\ncfg = Config(connect_timeout=1, read_timeout=2)\ns3 = boto3.client("s3", config=cfg)`,
    },
    {
      why: 'a config that is not visible',
      file: py,
      code: `import boto3\nfrom settings import cfg\ns3 = boto3.client("s3", config=cfg)`,
    },
    {
      why: 'a PoolManager with a timeout',
      file: py,
      code: `import urllib3\nhttp = urllib3.PoolManager(timeout=2.0)\nhttp.request("GET", "https://a")`,
    },
    {
      why: 'a statement timeout in the options',
      file: py,
      code: `import psycopg2\npsycopg2.connect(dsn, options="-c statement_timeout=2000")`,
    },
    {
      why: 'a disable comment',
      file: py,
      code: `import requests\n# faultline-disable-next-line missing-timeout -- streams for minutes\nrequests.get("https://a")`,
    },
    { why: 'a mock named requests', file: py, code: `def f(requests):\n    return requests.get("https://a")` },
  ],
  invalid: [
    {
      why: 'fetch',
      code: `await fetch('https://a');`,
      finds: ['1: `fetch` without a time limit'],
      severity: 'warning',
      fixed: `await fetch('https://a', { signal: AbortSignal.timeout(2500) });`,
    },
    {
      why: 'fetch with other options',
      code: `await fetch(url, { method: 'POST' });`,
      finds: ['1: AbortSignal.timeout(ms)'],
      fixed: `await fetch(url, { method: 'POST', signal: AbortSignal.timeout(2500) });`,
    },
    {
      why: 'empty options',
      code: `await fetch(url, {});`,
      finds: ['1: `fetch`'],
      fixed: `await fetch(url, { signal: AbortSignal.timeout(2500) });`,
    },
    { why: 'a signal that is undefined', code: `await fetch(url, { signal: undefined });`, finds: ['1: `fetch`'] },
    {
      why: 'node-fetch under another name',
      code: `const http = require('node-fetch');\nhttp('https://a');`,
      finds: ['2: `http`'],
    },
    {
      why: 'fetch of the global object',
      code: `await globalThis.fetch('https://a');`,
      finds: ['1: `globalThis.fetch`'],
    },
    {
      why: 'axios',
      code: `import axios from 'axios';\nawait axios.get('https://a');`,
      finds: ['2: axios waits for ever'],
      fixed: `import axios from 'axios';\nawait axios.get('https://a', { timeout: 2500 });`,
    },
    {
      why: 'axios without a body',
      code: `const axios = require('axios').default;\nawait axios.post('https://a');`,
      finds: ['2: `axios.post`'],
      fixed: `const axios = require('axios').default;\nawait axios.post('https://a', undefined, { timeout: 2500 });`,
    },
    {
      why: 'axios with its config first',
      code: `import axios from 'axios';\nawait axios({ url });`,
      finds: ['2: `axios`'],
      fixed: `import axios from 'axios';\nawait axios({ url, timeout: 2500 });`,
    },
    {
      why: 'one finding for an instance, where it is made',
      code: `import axios from 'axios';\nconst api = axios.create({ baseURL });\nawait api.get('/a');\nawait api.get('/b');`,
      finds: ['2: `axios.create`'],
    },
    {
      why: 'a renamed named import',
      code: `import { get as read } from 'axios';\nawait read(url);`,
      finds: ['2: `read`'],
    },
    {
      why: 'http without anything',
      code: `import https from 'node:https';\nhttps.get('https://a', (res) => res.resume());`,
      finds: ['2: `https.get` without a time limit'],
      fixed: `import https from 'node:https';\nhttps.get('https://a', { signal: AbortSignal.timeout(2500) }, (res) => res.resume());`,
    },
    {
      why: 'pg without bounds',
      code: `import { Pool } from 'pg';\nnew Pool({ connectionString });`,
      finds: ['2: `new Pool` without a time limit'],
    },
    {
      why: 'pg that only bounds connecting',
      code: `import pg from 'pg';\nnew pg.Client({ connectionTimeoutMillis: 9 });`,
      finds: ['2: query_timeout'],
    },
    {
      why: 'mysql2',
      code: `import mysql from 'mysql2/promise';\nconst c = await mysql.createConnection({ host });\nawait c.query('select 1');`,
      finds: ['2: a query waits for ever'],
    },
    { why: 'got', code: `import got from 'got';\nawait got('https://a').json();`, finds: ['2: `got`'] },
    { why: 'superagent', code: `const r = require('superagent');\nr.get(url).set('a', 'b');`, finds: ['2: `r.get`'] },
    {
      why: 'ioredis',
      code: `import { Redis } from 'ioredis';\nnew Redis(process.env.REDIS_URL);`,
      finds: ['2: `new Redis`'],
    },
    {
      why: 'typed code',
      file: 'handler.ts',
      code: `export const get = async (id: string): Promise<Response> => fetch(\`https://a/\${id}\`);`,
      finds: ['1: `fetch`'],
      fixed: `export const get = async (id: string): Promise<Response> => fetch(\`https://a/\${id}\`, { signal: AbortSignal.timeout(2500) });`,
    },
    {
      why: 'a field of a class',
      file: 'handler.ts',
      code: `import axios from 'axios';\nexport class A { private readonly api = axios.create({ baseURL: 'https://a' });\n  get() { return this.api.get('/x'); } }`,
      finds: ['2: `axios.create`'],
    },
    {
      why: 'fetch in a handler of the configuration',
      code: `export const handler = async () => {\n  const r = await fetch('https://stock.example/items');\n  return { statusCode: 200, body: await r.text() };\n};`,
      deployed: { timeoutMs: 6000 },
      finds: ['2: `fetch`'],
      fixed: `export const handler = async () => {\n  const r = await fetch('https://stock.example/items', { signal: AbortSignal.timeout(5400) });\n  return { statusCode: 200, body: await r.text() };\n};`,
    },
    {
      why: 'https in a promise',
      code: `const https = require('https');\nfunction get(options) {\n  return new Promise((resolve, reject) => {\n    const req = https.request({ hostname: 'a.example', path: '/' }, (res) => resolve(res.statusCode));\n    req.on('error', reject);\n    req.end();\n  });\n}`,
      finds: ['4: `https.request`'],
    },
    {
      why: 'https with the URL in a parameter',
      code: `const https = require('https');\nmodule.exports = (url) => new Promise((resolve) => https.get(url, resolve));`,
      finds: ['2: `https.get`'],
    },
    {
      why: 'one of two protocols is one call',
      code: `import http from 'http';\nimport https from 'https';\nconst req = secure ? https.request('https://a', done) : http.request('http://a', done);`,
      finds: ['3: `https.request`'],
    },
    {
      why: 'follow-redirects',
      code: `const { https } = require('follow-redirects');\nhttps.get('https://a', done);`,
      finds: ['2: `https.get`'],
    },
    {
      why: 'what development is given does not make a call local',
      code: `const base = process.env.STOCK_URL || 'http://localhost:3000';\nexport const get = (id) => fetch(\`\${base}/items/\${id}\`);`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'nor does a comment',
      code: `const mysql = require('mysql2/promise');\nconst config = {\n  host: process.env.HOST, // e.g. '127.0.0.1'\n};\nmodule.exports = () => mysql.createPool(config);`,
      finds: ['5: a query waits for ever'],
    },
    {
      why: 'a check whether there is a fetch does not replace it',
      code: `if (globalThis.fetch === undefined) throw new Error('no fetch');\nawait fetch('https://a');`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'cross-fetch',
      code: `import fetch from 'cross-fetch';\nawait fetch('https://a');`,
      finds: ['2: node-fetch waits for ever'],
    },
    {
      why: 'isomorphic-fetch',
      code: `const get = require('isomorphic-fetch');\nget('https://a');`,
      finds: ['2: `get`'],
    },
    {
      why: 'undici',
      code: `import { request } from 'undici';\nawait request('https://a');`,
      finds: ['2: undici waits 300 s'],
      fixed: `import { request } from 'undici';\nawait request('https://a', { signal: AbortSignal.timeout(2500) });`,
    },
    {
      why: 'an instance of got',
      code: `import got from 'got';\nconst api = got.extend({ prefixUrl });\nawait api.get('a');\nawait api.get('b');`,
      finds: ['2: `got.extend`'],
    },
    {
      why: 'got with everything in one object',
      code: `const got = require('got');\nmodule.exports = () => got({ url: 'https://a', json: true });`,
      finds: ['2: `got`'],
      fixed: `const got = require('got');\nmodule.exports = () => got({ url: 'https://a', json: true, timeout: { request: 2500 } });`,
    },
    {
      why: 'request',
      code: `const request = require('request');\nrequest('https://a', (e, r, body) => done(body));`,
      finds: ['2: request waits'],
    },
    {
      why: 'request-promise-native',
      code: `const rp = require('request-promise-native');\nmodule.exports = () => rp({ uri: 'https://a', json: true });`,
      finds: ['2: `rp`'],
      fixed: `const rp = require('request-promise-native');\nmodule.exports = () => rp({ uri: 'https://a', json: true, timeout: 2500 });`,
    },
    {
      why: 'needle',
      code: `const needle = require('needle');\nneedle.get('https://a', done);`,
      finds: ['2: waits for ever for an answer'],
    },
    { why: 'phin', code: `const p = require('phin');\nawait p({ url: 'https://a' });`, finds: ['2: phin waits'] },
    { why: 'bent', code: `const bent = require('bent');\nconst get = bent('json');`, finds: ['2: has no option'] },
    {
      why: 'GraphQL',
      code: `import { GraphQLClient } from 'graphql-request';\nnew GraphQLClient('https://a');`,
      finds: ['2: as fetch does'],
    },
    {
      why: 'node-redis',
      code: `const redis = require('redis');\nconst client = redis.createClient(PORT, HOST);`,
      finds: ['2: a command waits for ever'],
      severity: 'warning',
    },
    {
      why: 'node-redis with a socket without a limit',
      code: `import { createClient } from 'redis';\ncreateClient({ socket: { host: 'a', port: 1 } });`,
      finds: ['2: socketTimeout'],
    },
    {
      why: 'mongodb',
      code: `const { MongoClient } = require('mongodb');\nconst client = new MongoClient(process.env.URI);`,
      finds: ['2: waits for ever for an answer'],
      severity: 'warning',
    },
    {
      why: 'mongoose',
      code: `import mongoose from 'mongoose';\nawait mongoose.connect(process.env.URI);`,
      finds: ['2: `mongoose.connect`'],
    },
    {
      why: 'mysql with options that cannot bound a query',
      code: `const mysql = require('mysql');\nmodule.exports = (config) => mysql.createPool({ host: 'a', connectTimeout: 900, ...config });`,
      finds: ['2: a query waits for ever'],
    },
    {
      why: 'serverless-mysql',
      code: `const mysql = require('serverless-mysql')({ config: { host: 'a' } });\nawait mysql.query('select 1');`,
      finds: ['1: a query waits for ever'],
    },
    {
      why: 'postgres.js',
      code: `import postgres from 'postgres';\nconst sql = postgres(process.env.URL, { max: 1 });`,
      finds: ['2: a query waits for ever'],
    },
    {
      why: 'pg-promise',
      code: `const pgp = require('pg-promise')();\nconst db = pgp({ host: 'a' });`,
      finds: ['2: pg waits for ever'],
    },
    {
      why: 'knex',
      code: `import Knex from 'knex';\nexport const db = Knex({ client: 'pg', connection: { host: 'a' } });`,
      finds: ['2: a query waits for ever'],
    },
    {
      why: 'Slack',
      code: `const { WebClient } = require('@slack/web-api');\nconst slack = new WebClient(token);`,
      finds: ['2: waits for ever'],
    },
    {
      why: 'Stripe outlives functions, quietly',
      code: `import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY);`,
      finds: ['2: 80 s'],
      severity: 'info',
      fixed: `import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY, { timeout: 2500 });`,
    },
    {
      why: 'OpenAI outlives functions, quietly',
      code: `import OpenAI from 'openai';\nconst ai = new OpenAI({ apiKey });`,
      finds: ['2: 600 s'],
      severity: 'info',
      fixed: `import OpenAI from 'openai';\nconst ai = new OpenAI({ apiKey, timeout: 2500 });`,
    },
    {
      why: 'nodemailer, quietly',
      code: `const nodemailer = require('nodemailer');\nconst mail = nodemailer.createTransport({ host: 'a' });`,
      finds: ['2: 600 s of silence'],
      severity: 'info',
    },
    {
      why: 'superagent gets its timeout at the end of the call',
      code: `const superagent = require('superagent');\nawait superagent.get('https://a').set('b', 'c');`,
      finds: ['2: superagent waits'],
      fixed: `const superagent = require('superagent');\nawait superagent.get('https://a').timeout(2500).set('b', 'c');`,
    },
    {
      why: 'a limit that pg only half has',
      code: `import pg from 'pg';\nnew pg.Pool({ query_timeout: 900 });`,
      finds: ['2: pg waits'],
      fixed: `import pg from 'pg';\nnew pg.Pool({ query_timeout: 900, connectionTimeoutMillis: 2500 });`,
    },
    {
      why: 'a race without a timer is none of a function with its own name',
      code: `async function load() {\n  return fetch('https://a');\n}\nexport const handler = async () => load();`,
      finds: ['2: `fetch`'],
    },
    {
      why: 'requests',
      file: py,
      code: `import requests\nrequests.get("https://a")`,
      finds: ['2: requests waits for ever'],
      severity: 'warning',
      fixed: `import requests\nrequests.get("https://a", timeout=2.5)`,
    },
    {
      why: 'a trailing comma',
      file: py,
      code: `import requests\nrequests.post(\n    url,\n    json=body,\n)`,
      finds: ['2: `requests.post`'],
      fixed: `import requests\nrequests.post(\n    url,\n    json=body, timeout=2.5,\n)`,
    },
    {
      why: 'a session, renamed',
      file: py,
      code: `from requests import Session as S\nwith S() as s:\n    s.get(url)`,
      finds: ['3: `s.get`'],
    },
    {
      why: 'a session in a field',
      file: py,
      code: `import requests\nclass A:\n    def __init__(self):\n        self.s = requests.Session()\n    def go(self):\n        return self.s.post(url, data=1)`,
      finds: ['6: `self.s.post`'],
    },
    {
      why: 'urlopen',
      file: py,
      code: `import urllib.request as u\nu.urlopen("https://a").read()`,
      finds: ['2: `u.urlopen`'],
    },
    {
      why: 'http.client',
      file: py,
      code: `import http.client\nc = http.client.HTTPSConnection("a.example")`,
      finds: ['2: HTTPSConnection'],
    },
    {
      why: 'subprocess',
      file: py,
      code: `import subprocess\nsubprocess.run(["ffmpeg"], check=True)`,
      finds: ['2: for the program to end'],
    },
    {
      why: 'urllib3',
      file: py,
      code: `import urllib3\nhttp = urllib3.PoolManager()\nhttp.request("GET", "https://a")`,
      finds: ['3: urllib3 waits for ever'],
    },
    {
      why: 'pymysql',
      file: py,
      code: `import pymysql\nc = pymysql.connect(host="h", connect_timeout=5)`,
      finds: ['2: read_timeout'],
    },
    { why: 'psycopg', file: py, code: `import psycopg2\nc = psycopg2.connect(dsn)`, finds: ['2: statement_timeout'] },
    {
      why: 'redis-py before 8',
      file: py,
      code: `import redis\nr = redis.Redis(host="h")`,
      installed: { redis: '5.0.1' },
      finds: ['2: socket_timeout'],
      severity: 'warning',
    },
  ],
});

test('a known function timeout gives a bound below it, which is safe to write', async () => {
  const linter = await createLinter({ surroundings: deployedWith(10_000) });
  const js = `await fetch('https://a');`;
  const fix = linter.lintText(js, { file: 'a.js' })[0]?.fixes?.[0];
  expect(fix?.safe).toBe(true);
  expect(fix && applyEdits(js, fix.edits)).toBe(`await fetch('https://a', { signal: AbortSignal.timeout(9000) });`);
  const python = `import requests\nrequests.get("https://a")`;
  const other = linter.lintText(python, { file: 'a.py' })[0]?.fixes?.[0];
  expect(other?.safe).toBe(true);
  expect(other && applyEdits(python, other.edits)).toContain('timeout=9)');
});

test('without a known timeout the bound is a guess, so not safe', async () => {
  const linter = await createLinter();
  const findings = linter.lintText(`await fetch('https://a');`, { file: 'a.js' });
  expect(findings[0]?.fixes?.[0]?.safe).toBe(false);
});
