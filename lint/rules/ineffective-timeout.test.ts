import { ruleTests } from '../testing.js';

ruleTests('ineffective-timeout', {
  valid: [
    {
      why: 'AWS with an effective timeout',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } });`,
    },
    {
      why: 'before 4.4 of the handler, requestTimeout ended the request',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000 } });`,
      installed: { '@smithy/node-http-handler': '4.0.2' },
    },
    {
      why: 'and so with clients of that time',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000 } });`,
      installed: { '@aws-sdk/client-s3': '3.600.0' },
    },
    {
      why: 'options that are not visible',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const make = (more) => new S3Client({ requestHandler: { requestTimeout: 1000, ...more } });`,
    },
    {
      why: 'http with a listener',
      code: `import http from 'node:http';\nconst req = http.request({ host, timeout: 500 }, done);\nreq.on('timeout', () => req.destroy());`,
    },
    {
      why: 'http with a listener that rejects',
      code: `const https = require('https');\nmodule.exports = (url) => new Promise((resolve, reject) => {\n  const req = https.get(url, { timeout: 500 }, resolve);\n  req.on('timeout', () => { console.log('slow'); reject(new Error('timeout')); });\n});`,
    },
    {
      why: 'http with a listener that is a function elsewhere',
      code: `import https from 'node:https';\nimport { stop } from 'somewhere';\nhttps.get('https://a', { timeout: 9 }, done).on('timeout', stop);`,
    },
    {
      why: 'http in a field',
      code: `import https from 'node:https';\nclass A {\n  open() { this.req = https.request({ host: 'a', timeout: 500 }, done); this.req.on('timeout', () => this.req.destroy()); }\n}`,
    },
    {
      why: 'http that the caller may listen to',
      code: `import https from 'node:https';\nexport const open = () => https.request({ host: 'a', timeout: 500 });`,
    },
    {
      why: 'http in a race',
      code: `import https from 'node:https';\nexport const get = () => new Promise((resolve, reject) => {\n  setTimeout(() => reject(new Error('slow')), 900);\n  https.get('https://a', { timeout: 500 }, resolve);\n});`,
    },
    {
      why: 'node-fetch 2 has a timeout',
      code: `import fetch from 'node-fetch';\nawait fetch('https://a', { timeout: 500 });`,
      installed: { 'node-fetch': '2.7.0' },
    },
    {
      why: 'node-fetch of no known version may be 2',
      code: `import fetch from 'node-fetch';\nawait fetch('https://a', { timeout: 500 });`,
    },
    {
      why: 'a fetch that a polyfill replaces',
      code: `require('isomorphic-fetch');\nfetch('https://a', { timeout: 500 });`,
    },
    {
      why: 'fetch with both',
      code: `await fetch('https://a', { timeout: 500, signal: AbortSignal.timeout(500) });`,
    },
    {
      why: 'got 11 takes a number',
      code: `const got = require('got');\ngot('https://a', { timeout: 500 });`,
      installed: { got: '11.8.6' },
    },
    {
      why: 'a controller that is aborted',
      code: `const c = new AbortController();\nstop(() => c.abort());\nawait fetch('https://a', { signal: c.signal });`,
    },
    {
      why: 'a controller that somebody else gets',
      code: `const c = new AbortController();\nlimit(c, 500);\nawait fetch('https://a', { signal: c.signal });`,
    },
    {
      why: 'a controller that is a parameter',
      code: `export const get = (c) => fetch('https://a', { signal: c.signal });`,
    },
    {
      why: 'a race that rejects',
      code: `await Promise.race([fetch('https://a'), new Promise((_, reject) => setTimeout(() => reject(new Error('slow')), 900))]);`,
    },
    {
      why: 'a race that resolves',
      code: `await Promise.race([fetch('https://a'), new Promise((r) => setTimeout(r, 900))]);`,
    },
    { why: 'axios with a timeout', code: `import axios from 'axios';\nawait axios.get('https://a', { timeout: 5 });` },
    {
      why: 'mongodb before it was broken',
      code: `import { MongoClient } from 'mongodb';\nnew MongoClient(uri, { timeoutMS: 900 });`,
      installed: { mongodb: '6.21.0' },
    },
    {
      why: 'ioredis that gives up no request',
      code: `import Redis from 'ioredis';\nnew Redis({ maxRetriesPerRequest: null, commandTimeout: 900 });`,
    },
  ],
  invalid: [
    {
      why: 'requestTimeout alone only warns',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000 } });`,
      finds: ['2: only logs a warning'],
      severity: 'error',
      fixed: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } });`,
    },
    {
      why: 'also in a NodeHttpHandler, with connections bounded',
      file: 'handler.ts',
      code: `import { SQSClient } from '@aws-sdk/client-sqs';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nconst sqs = new SQSClient({\n  requestHandler: new NodeHttpHandler({ connectionTimeout: 300, requestTimeout: 1000 }),\n});`,
      installed: { '@smithy/node-http-handler': '4.4.1' },
      finds: ['3: throwOnRequestTimeout'],
    },
    {
      why: 'throwOnRequestTimeout: false',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { throwOnRequestTimeout: false, requestTimeout: 1000 } });`,
      finds: ['2: only logs a warning'],
    },
    {
      why: 'http with a timeout that nobody hears',
      code: `import https from 'node:https';\nhttps.request({ host, timeout: 500 }, done).end();`,
      finds: ["2: only emits 'timeout'"],
      severity: 'error',
    },
    {
      why: 'http in a promise with an error listener',
      code: `const https = require('https');\nmodule.exports = () => new Promise((resolve, reject) => {\n  const req = https.request({ host: 'a', timeout: 500 }, resolve);\n  req.on('error', reject);\n  req.end();\n});`,
      finds: ["3: only emits 'timeout'"],
      fixed: `const https = require('https');\nmodule.exports = () => new Promise((resolve, reject) => {\n  const req = https.request({ host: 'a', timeout: 500 }, resolve).on('timeout', function () { this.destroy(new Error('timeout')); });\n  req.on('error', reject);\n  req.end();\n});`,
    },
    {
      why: 'setTimeout without a listener',
      code: `import https from 'node:https';\nconst req = https.get('https://a', done);\nreq.setTimeout(500);`,
      finds: ["2: only emits 'timeout'"],
    },
    {
      why: 'a listener that only logs',
      code: `import https from 'node:https';\nconst req = https.get('https://a', { timeout: 500 }, done);\nreq.on('timeout', () => { console.log('timed out'); });`,
      finds: ['2: only logs'],
    },
    {
      why: 'fetch has no timeout option',
      code: `const r = await fetch('https://a', { method: 'POST', timeout: 5000 });`,
      finds: ['1: has no option `timeout`'],
      severity: 'error',
      fixed: `const r = await fetch('https://a', { method: 'POST', signal: AbortSignal.timeout(5000) });`,
    },
    {
      why: 'node-fetch 3 has none either',
      code: `import fetch from 'node-fetch';\nawait fetch('https://a', { timeout: 500 });`,
      installed: { 'node-fetch': '3.3.2' },
      finds: ['2: has no option `timeout`'],
    },
    {
      why: 'timeout: 0 of axios',
      code: `import axios from 'axios';\nawait axios.get(url, { timeout: 0 });`,
      finds: ['2: `timeout` switches the limit of `axios.get` off'],
      fixed: `import axios from 'axios';\nawait axios.get(url, { timeout: 2500 });`,
    },
    {
      why: 'timeout: 0 of an instance',
      code: `import axios from 'axios';\nexport const api = axios.create({ baseURL, timeout: 0 });`,
      finds: ['2: switches the limit'],
    },
    {
      why: 'ky loses its limit',
      code: `import ky from 'ky';\nawait ky.get('https://a', { timeout: false });`,
      finds: ['2: switches the limit of `ky.get` off'],
    },
    {
      why: 'socketTimeoutMS: 0',
      code: `import { MongoClient } from 'mongodb';\nnew MongoClient(uri, { socketTimeoutMS: 0 });`,
      finds: ['2: `socketTimeoutMS` switches'],
    },
    {
      why: 'got 12 throws at a number',
      code: `import got from 'got';\nawait got('https://a', { timeout: 500 });`,
      installed: { got: '13.0.0' },
      finds: ['2: takes no number'],
      fixed: `import got from 'got';\nawait got('https://a', { timeout: { request: 500 } });`,
    },
    {
      why: 'timeoutMS in mongodb 7.8',
      code: `import { MongoClient } from 'mongodb';\nnew MongoClient(uri, { timeoutMS: 900 });`,
      installed: { mongodb: '7.8.0' },
      finds: ['2: has no effect'],
    },
    {
      why: 'a controller that nobody aborts',
      code: `const controller = new AbortController();\nawait fetch('https://a', { signal: controller.signal });`,
      finds: ['2: Nothing aborts'],
    },
    {
      why: 'a race against a promise that never settles',
      code: `await Promise.race([\n  fetch('https://a'),\n  new Promise((resolve, reject) => setTimeout(() => console.log('slow'), 900)),\n]);`,
      finds: ['2: is never settled'],
    },
  ],
});
