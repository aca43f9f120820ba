import { ruleTests } from '../testing.js';

const https = `import https from 'node:https';\n`;
const fs = `import fs from 'node:fs';\n`;
const pg = `import pg from 'pg';\n`;
const handler = (body: string): string => `export const handler = async (event) => {\n${body}\n};\n`;

ruleTests('emitter-error', {
  valid: [
    {
      why: 'a listener in the chain',
      code: `${https}${handler("return new Promise((resolve, reject) => { https.get(event.url, (res) => resolve(res.statusCode)).on('error', reject); });")}`,
    },
    {
      why: 'a listener on the variable',
      code: `${https}${handler("return new Promise((resolve, reject) => { const req = https.request(event.url, (res) => { res.on('end', resolve); });\nreq.on('timeout', () => req.destroy());\nreq.on('error', (e) => reject(e));\nreq.end(); });")}`,
    },
    {
      why: 'a listener later in the chain',
      code: `${https}${handler("https.get(event.url, done).on('timeout', late).on('error', failed);")}`,
    },
    {
      why: 'pipeline',
      code: `${fs}import { pipeline } from 'node:stream/promises';\n${handler("await pipeline(fs.createReadStream(event.file), fs.createWriteStream('/tmp/a'));")}`,
    },
    {
      why: 'for await',
      code: `${fs}${handler('for await (const chunk of fs.createReadStream(event.file)) console.log(chunk);')}`,
    },
    {
      why: 'readline with for await',
      code: `${fs}import readline from 'node:readline';\n${handler('const rl = readline.createInterface({ input: fs.createReadStream(event.file) });\nfor await (const line of rl) console.log(line);')}`,
    },
    {
      why: 'the body of an upload',
      code: `${fs}import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\n${handler("await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: fs.createReadStream(event.file) }));")}`,
    },
    {
      why: 'handed to somebody',
      code: `${https}import { collect } from './collect.mjs';\n${handler('return collect(https.get(event.url));')}`,
    },
    {
      why: 'a pool with a listener',
      code: `${pg}const pool = new pg.Pool();\npool.on('error', (e) => console.error(e));\n${handler("return pool.query('SELECT 1');")}`,
    },
    {
      why: 'a client of one invocation',
      code: `${pg}${handler("const client = new pg.Client();\nawait client.connect();\ntry { return await client.query('SELECT 1'); } finally { await client.end(); }")}`,
    },
    {
      why: 'ioredis logs only',
      code: `import Redis from 'ioredis';\nconst redis = new Redis();\n${handler("return redis.get('a');")}`,
    },
    {
      why: 'redis with a listener',
      code: `import { createClient } from 'redis';\nconst redis = createClient().on('error', console.error);\n${handler("return redis.get('a');")}`,
    },
    {
      why: 'a redis client that others listen to',
      file: 'redis.js',
      code: `const redis = require('redis');\nconst client = redis.createClient();\nmodule.exports = { client };`,
    },
    {
      why: 'a test',
      file: 'handler.test.mjs',
      code: `${https}export const handler = async (event) => { https.get(event.url); };`,
    },
    { why: 'a script', file: 'copy.mjs', code: `${fs}fs.createReadStream('a').pipe(fs.createWriteStream('b'));` },
    {
      why: 'exec calls back',
      code: `import { exec } from 'node:child_process';\n${handler("exec('ls', (err, out) => { if (err) throw err; console.log(out); });")}`,
    },
    {
      why: 'spawn with a listener',
      code: `import { spawn } from 'node:child_process';\n${handler("return new Promise((resolve, reject) => { const p = spawn('ls'); p.on('error', reject); p.on('close', resolve); });")}`,
    },
    {
      why: 'a field that somebody listens to',
      file: 'client.mjs',
      code: `import net from 'node:net';\nexport class Client { constructor() { this.socket = net.connect(1); this.socket.on('error', () => this.close()); } }`,
    },
  ],
  invalid: [
    {
      why: 'a request in a promise',
      code: `${https}${handler('return new Promise((resolve, reject) => {\n  https.get(event.url, (res) => resolve(res.statusCode));\n});')}`,
      finds: ['4: the request emits `error`'],
      severity: 'warning',
      fixed: `${https}${handler("return new Promise((resolve, reject) => {\n  https.get(event.url, (res) => resolve(res.statusCode)).on('error', reject);\n});")}`,
    },
    {
      why: 'a request in a variable',
      code: `${https}${handler("return new Promise((resolve, reject) => {\n  const req = https.request(event.url, (res) => res.on('end', resolve));\n  req.write('a');\n  req.end();\n});")}`,
      finds: ['4: '],
    },
    {
      why: 'a request of a callback handler',
      code: `const http = require('http');\nexports.handler = function (event, context, callback) {\n  const req = http.request(event.url, (res) => callback(null, res.statusCode));\n  req.end();\n};\n`,
      finds: ['3: '],
    },
    {
      why: 'a request in a field',
      file: 'stream.js',
      code: `const https = require('https');\nconst http = require('http');\nclass Out { constructor(url) {\n  this.outgoing = url.protocol === 'https:' ? https.request(url) : http.request(url);\n  this.pipe(this.outgoing);\n} }\nmodule.exports = Out;`,
      finds: ['4: '],
    },
    {
      why: 'pipe',
      code: `${fs}${handler("fs.createReadStream(event.file).pipe(fs.createWriteStream('/tmp/a')).on('finish', done);")}`,
      finds: ['3: the stream emits `error`'],
    },
    {
      why: 'an object of S3',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = (event, context, callback) => {\n  s3.getObject(event).createReadStream().pipe(target).on('finish', () => callback(null));\n};\n`,
      finds: ['4: '],
    },
    {
      why: 'read by readline',
      code: `${fs}import readline from 'node:readline';\n${handler("const rl = readline.createInterface({ input: fs.createReadStream(event.file) });\nrl.on('line', console.log);")}`,
      finds: ['4: '],
    },
    {
      why: 'made by a helper',
      file: 'count.js',
      code: `const readline = require('readline');\nfunction open(file) {\n  return storage.bucket(file.bucket).file(file.name).createReadStream();\n}\nexports.count = (event, callback) => {\n  const options = { input: open(event) };\n  readline.createInterface(options).on('close', () => callback(null));\n};\n`,
      finds: ['3: '],
    },
    {
      why: 'a pool',
      code: `${pg}const pool = new pg.Pool({ max: 1 });\n${handler("return pool.query('SELECT 1');")}`,
      finds: ['2: the pool emits `error`'],
      fixed: `${pg}const pool = new pg.Pool({ max: 1 });\npool.on('error', (error) => console.error(error));\n${handler("return pool.query('SELECT 1');")}`,
    },
    {
      why: 'a pool made late',
      code: `const { Pool } = require('pg');\nlet pool;\nexports.handler = async (event) => {\n  if (!pool) pool = new Pool();\n  return pool.query('SELECT 1');\n};\n`,
      finds: ['4: '],
    },
    {
      why: 'a pool for others',
      file: 'pool.mjs',
      code: `${pg}export default (config) => new pg.Pool(config);`,
      finds: ['2: '],
    },
    {
      why: 'a client that is kept',
      code: `${pg}const client = new pg.Client();\nawait client.connect();\n${handler("return client.query('SELECT 1');")}`,
      finds: ['2: the client emits'],
    },
    {
      why: 'redis',
      code: `import { createClient } from 'redis';\nconst redis = createClient({ url: process.env.REDIS });\nawait redis.connect();\n${handler("return redis.get('a');")}`,
      finds: ['2: connection to Redis'],
    },
    {
      why: 'a form',
      code: `const Busboy = require('busboy');\nconst functions = require('@google-cloud/functions-framework');\nfunctions.http('upload', (req, res) => {\n  const busboy = Busboy({ headers: req.headers });\n  busboy.on('finish', () => res.send());\n  busboy.end(req.rawBody);\n});\n`,
      finds: ['4: the form parser'],
    },
    {
      why: 'a process',
      code: `import { spawn } from 'node:child_process';\n${handler("const child = spawn('ffmpeg', [event.file]);\nreturn new Promise((resolve) => child.on('close', resolve));")}`,
      finds: ['3: the process emits `error`'],
    },
    {
      why: 'a socket',
      code: `import net from 'node:net';\n${handler("const socket = net.connect(80, event.host, () => socket.write('a'));")}`,
      finds: ['3: the socket'],
    },
  ],
});
