import { ruleTests } from '../testing.js';

const v2 = `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\n`;
const handler = (body: string): string => `exports.handler = (event, context, callback) => {\n${body}\n};\n`;

ruleTests('callback-error-ignored', {
  valid: [
    {
      why: 'looked at',
      code: `${v2}${handler('db.get(p, (err, data) => { if (err) return callback(err); callback(null, data); });')}`,
    },
    { why: 'passed on', code: `${v2}${handler('db.get(p, (err, data) => callback(err, data));')}` },
    {
      why: 'logged',
      code: `${v2}${handler('db.get(p, function (err, data) { console.log(err, data); callback(null); });')}`,
    },
    {
      why: 'through arguments',
      code: `${v2}${handler('db.get(p, function (err) { callback.apply(null, arguments); });')}`,
    },
    {
      why: 'a response callback has no error',
      code: `const https = require('https');\n${handler('https.get(url, (res) => { callback(null); }).on("error", callback);')}`,
    },
    { why: 'an event has no error', code: handler('stream.on("end", (e) => { callback(null); });') },
    {
      why: 'exists has no error',
      code: `const fs = require('fs');\n${handler('fs.exists("/tmp/a", (there) => { callback(null); });')}`,
    },
    { why: 'no parameter at all', code: handler('save(() => { callback(null); });') },
    { why: 'releasing', code: handler('connection.end((err) => { callback(null, rows); });') },
    {
      why: 'a file that may be gone',
      code: `const fs = require('fs');\n${handler('fs.unlink("/tmp/a", (err) => {});')}`,
    },
    { why: 'an iterator', code: handler('event.Records.map((e, i) => i);') },
    {
      why: 'an error handler of Express',
      code: `const app = require('express')();\napp.use((err, req, res, next) => { res.status(500).end(); });\nexports.handler = require('serverless-http')(app);`,
    },
    { why: 'a promise', code: handler('load().catch((err) => { callback(null, []); });') },
    {
      why: 'a script',
      file: 'seed.js',
      code: `const fs = require('fs');\nfs.readFile('a', (err, data) => { console.log(data); });`,
    },
    {
      why: 'a verified token is judged by its content',
      code: `const jwt = require('jsonwebtoken');\n${handler('jwt.verify(t, k, (err, decoded) => { callback(null, decoded ? allow : deny); });')}`,
    },
  ],
  invalid: [
    {
      why: 'SDK v2',
      code: `${v2}${handler('db.get(p, (err, data) => {\n  callback(null, data.Item);\n});')}`,
      finds: ['4: `err` is never looked at: when `db.get` fails'],
      severity: 'warning',
    },
    {
      why: 'an underscore ignores it as well',
      code: `${v2}${handler('db.get(p, (_err, data) => { callback(null, data); });')}`,
      finds: ['4: `_err`'],
    },
    {
      why: 'fs',
      code: `const fs = require('node:fs');\n${handler('fs.readFile("/tmp/a", "utf8", function (e, text) { callback(null, text); });')}`,
      finds: ['3: `e`'],
    },
    {
      why: 'request',
      code: `const request = require('request');\n${handler('request(url, function (error, response, body) { callback(null, body); });')}`,
      finds: ['3: `error`'],
    },
    {
      why: 'a connection of another file',
      code: `const connection = require('./db');\n${handler('connection.query(sql, (error, rows) => { callback(null, rows); });')}`,
      finds: ['3: `error`'],
    },
    {
      why: 'an empty callback of a write',
      code: `${v2}${handler('db.put(p, (err) => {});\ncallback(null);')}`,
      finds: ['4: `err`'],
    },
    {
      why: 'a named callback',
      code: `${v2}${handler('function done(err, data) { callback(null, data); }\ndb.get(p, done);')}`,
      finds: ['4: `err`'],
    },
    {
      why: 'SDK v3 with a callback',
      code: `const { SQSClient } = require('@aws-sdk/client-sqs');\nconst sqs = new SQSClient({});\n${handler('sqs.send(command, (err, data) => { callback(null, data); });')}`,
      finds: ['4: `err`'],
    },
    {
      why: 'dns',
      code: `const dns = require('dns');\n${handler('dns.lookup(host, (err, address) => { callback(null, address); });')}`,
      finds: ['3: `err`'],
    },
  ],
});
