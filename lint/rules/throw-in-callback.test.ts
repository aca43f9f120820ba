import { ruleTests } from '../testing.js';

const v2 = `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\n`;
const handler = (body: string): string => `exports.handler = (event, context, callback) => {\n${body}\n};\n`;

ruleTests('throw-in-callback', {
  valid: [
    { why: 'in a handler itself', code: handler('if (!event.id) throw new Error("no id");\ncallback(null, 1);') },
    { why: 'in a then', code: handler('load().then((r) => { if (!r) throw new Error("none"); });') },
    { why: 'in a catch of a promise', code: handler('load().catch((err) => { throw err; });') },
    { why: 'in the executor', code: handler('return new Promise((resolve, reject) => { throw new Error("x"); });') },
    { why: 'in an array callback', code: handler('event.Records.forEach((r) => { if (!r) throw new Error("x"); });') },
    {
      why: 'in reduce',
      code: handler('event.Records.reduce((a, r) => { if (!r) throw new Error("x"); return a; }, 0);'),
    },
    {
      why: 'in lodash',
      code: `const _ = require('lodash');\n${handler('_.each(event.Records, (r) => { if (!r) throw new Error("x"); });')}`,
    },
    {
      why: 'in a try in the callback',
      code: `${v2}${handler('s3.getObject(event, (err, data) => { try { if (err) throw err; callback(null, data); } catch (e) { callback(e); } });')}`,
    },
    {
      why: 'an async callback rejects',
      code: handler('setTimeout(async () => { throw new Error("x"); }, 1);'),
    },
    {
      why: 'passed on',
      code: `${v2}${handler('s3.getObject(event, (err, data) => { if (err) return callback(err); callback(null, data); });')}`,
    },
    {
      why: 'a test',
      file: 'handler.test.js',
      code: `${v2}exports.handler = (event) => { s3.getObject(event, (err) => { if (err) throw err; }); };`,
    },
    {
      why: 'a script',
      file: 'seed.js',
      code: `const fs = require('fs');\nfunction run() { fs.readFile('a', (err) => { if (err) throw err; }); }\nrun();`,
    },
    {
      why: 'a server that cannot start',
      file: 'server.js',
      code: `const http = require('http');\nconst mongodb = require('mongodb');\nmongodb.MongoClient.connect(uri, (err, client) => { if (err) throw err; http.createServer(app(client)).listen(80); });`,
    },
    {
      why: 'a middleware of Express catches it',
      code: `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => { if (!req.query.id) throw new Error('no id'); res.send('ok'); });\nexports.handler = require('serverless-http')(app);`,
    },
    {
      why: 'an error handler of Express',
      code: `const express = require('express');\nconst app = express();\napp.use((err, req, res, next) => { throw err; });\nexports.handler = require('serverless-http')(app);`,
    },
    {
      why: 'a callback of an unknown function may be called at once',
      code: handler('withLock(event.id, () => { throw new Error("x"); });'),
    },
    {
      why: 'jsonwebtoken calls back at once',
      code: `const jwt = require('jsonwebtoken');\nexports.handler = async (event) => { try { jwt.verify(event.token, key, (err, decoded) => { if (err) throw err; }); } catch (e) { return { statusCode: 401 }; } };`,
    },
    {
      why: 'a helper without a handler that only throws itself',
      file: 'lib.mjs',
      code: 'export function check(a) { if (!a) throw new Error("none"); }',
    },
    {
      why: 'process.on ends the process on purpose',
      code: `process.on('unhandledRejection', (err) => { throw err; });\n${handler('callback(null);')}`,
    },
    {
      why: 'a page',
      file: 'page.jsx',
      code: `import React from 'react';\nexport const A = () => { setTimeout(() => { throw new Error('x'); }); return null; };`,
    },
  ],
  invalid: [
    {
      why: 'a callback of SDK v2',
      code: `${v2}${handler('s3.getObject(event, function (err, data) {\n  if (err) throw err;\n  callback(null, data);\n});')}`,
      finds: ['5: the callback of `s3.getObject`'],
      severity: 'error',
      fixed: `${v2}${handler('s3.getObject(event, function (err, data) {\n  if (err) return callback(err);\n  callback(null, data);\n});')}`,
    },
    {
      why: 'the try around it looks as if it caught it',
      code: `${v2}exports.handler = async (event) => {\n  try {\n    await s3.getObject(event, (err, data) => {\n      if (err) { throw new Error('no object'); }\n    }).promise();\n  } catch (e) { return { statusCode: 500 }; }\n};`,
      finds: ['6: ends the process'],
    },
    {
      why: 'a client of a class, in a helper',
      file: 'get.js',
      code: `const { DocumentClient } = require('aws-sdk/clients/dynamodb');\nconst client = new DocumentClient();\nexports.get = async (id) => {\n  let items = [];\n  await client.query({ id }, function (err, data) {\n    if (err) { throw new Error('x'); }\n    if (data.Items) { items = data.Items; } else { throw new Error('none'); }\n  }).promise();\n  return items;\n};`,
      finds: ['6: ', '7: '],
    },
    {
      why: 'reject is at hand',
      code: `import https from 'node:https';\nexport const handler = async (event) => {\n  return new Promise((resolve, reject) => {\n    https.get(event.url, (res) => {\n      if (res.statusCode !== 200) throw new Error('status');\n      res.on('end', () => { throw new Error('end'); });\n    }).on('error', reject);\n  });\n};`,
      finds: ['5: a listener of `https.get`', '6: a listener of `res.on`'],
      fixed: `import https from 'node:https';\nexport const handler = async (event) => {\n  return new Promise((resolve, reject) => {\n    https.get(event.url, (res) => {\n      if (res.statusCode !== 200) return reject(new Error('status'));\n      res.on('end', () => { throw new Error('end'); });\n    }).on('error', reject);\n  });\n};`,
    },
    {
      why: 'a timer',
      code: handler('setTimeout(() => {\n  throw new Error("late");\n}, 100);'),
      finds: ['3: a timer'],
    },
    {
      why: 'an array callback in a callback',
      code: `${v2}${handler('s3.listObjects(event, (err, data) => {\n  data.Contents.forEach((each) => {\n    if (!each.Key) throw new Error("key");\n  });\n  callback(err);\n});')}`,
      finds: ['6: the callback of `s3.listObjects`'],
    },
    {
      why: 'the client is another file’s, the error comes first',
      code: `const { connection } = require('./db');\n${handler('connection.query("SELECT 1", (error, rows) => {\n  if (error) throw error;\n  callback(null, { statusCode: 200, body: JSON.stringify(rows) });\n});')}`,
      finds: ['4: answer an error with the callback'],
    },
    {
      why: 'a named callback',
      code: `${v2}${handler('function done(err, data) {\n  if (err) throw err;\n  callback(null, data);\n}\ns3.getObject(event, done);')}`,
      finds: ['5: the callback of `s3.getObject`'],
    },
    {
      why: 'a rethrow in a callback',
      code: `${v2}${handler('s3.getObject(event, (err, data) => {\n  try { JSON.parse(data.Body); } catch (e) {\n    throw e;\n  }\n});')}`,
      finds: ['6: '],
    },
    {
      why: 'an error listener that throws',
      code: `import { createReadStream } from 'node:fs';\n${handler('createReadStream(event.file).on("error", (err) => { throw err; });')}`,
      finds: ['3: a listener'],
    },
    {
      why: 'an assertion',
      code: `const assert = require('assert');\n${v2}${handler('s3.getObject(event, (err, data) => {\n  assert.equal(err, null);\n  callback(null, data);\n});')}`,
      finds: ['6: assertion'],
    },
    {
      why: 'in a request of a server',
      file: 'server.js',
      code: `const http = require('http');\nhttp.createServer((req, res) => {\n  collection.insert(ip, (err) => {\n    if (err) {\n      throw err;\n    }\n  });\n}).listen(80);`,
      finds: ['5: '],
    },
    {
      why: 'a callback that is bound',
      code: `${v2}${handler('s3.getObject(event, function (err, data) { if (err) throw err; callback(null, data); }.bind(this));')}`,
      finds: ['4: '],
    },
  ],
});
