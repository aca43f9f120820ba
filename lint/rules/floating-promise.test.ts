import { ruleTests } from '../testing.js';

const py = 'handler.py';
const handler = (body: string): string =>
  `export const handler = async (event) => {\n${body}\n};\nasync function save() {}\n`;

ruleTests('floating-promise', {
  valid: [
    { why: 'void, where that is allowed', code: handler('void save();'), options: { allowVoid: true } },
    { why: 'awaited', code: handler('await save();') },
    { why: 'returned', code: handler('return save();') },
    { why: 'collected', code: handler('const all = [save(), save()];\nawait Promise.all(all);') },
    { why: 'kept and awaited later', code: handler('const p = save();\nother();\nawait p;') },
    { why: 'handled', code: handler('save().catch((e) => console.error(e));') },
    { why: 'handled with two functions', code: handler('save().then(ok, failed);') },
    { why: 'handled at the end of the chain', code: handler('save().then(a).then(b).catch(c).finally(d);') },
    { why: 'void with a catch', code: handler('void save().catch(report);') },
    { why: 'a function that is not async', code: handler('log();\nfunction log() {}') },
    { why: 'a generator runs when it is read', code: handler('pages();\nasync function* pages() {}') },
    {
      why: 'a callback API',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = (event, context, callback) => { s3.putObject(p, callback); };`,
    },
    {
      why: 'send with a callback',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const handler = (event) => { s3.send(cmd, (err, data) => done(err)); };`,
    },
    { why: 'forEach with a plain function', code: handler('items.forEach((i) => log(i));') },
    { why: 'map that is awaited', code: handler('await Promise.all(items.map(async (i) => save(i)));') },
    {
      why: 'a helper that handles its own failure',
      code: `${handler('warm();')}function warm() { return save().catch(() => {}); }\n`,
    },
    {
      why: 'a helper that may return nothing',
      code: `${handler('note(event);')}function note(e) { if (!e) return; return save(); }\n`,
    },
    { why: 'work that the platform waits for', code: handler('context.waitUntil(save());\nevent.waitUntil(save());') },
    { why: 'map without promises', code: handler('items.map((i) => log(i));') },
    {
      why: 'a test',
      file: 'handler.test.mjs',
      code: `import { test } from 'vitest';\ntest('a', () => { save(); });\nasync function save() {}`,
    },
    { why: 'the start of a script', file: 'script.mjs', code: `async function main() {}\nmain();` },
    {
      why: 'what the main of a script starts',
      file: 'script.js',
      code: `function main() { async function run() {}\nrun(); }\nmain(...process.argv);`,
    },
    {
      why: 'an async block that catches all',
      code: handler('(async () => { try { await save(); } catch (e) { log(e); } })();'),
    },
    { why: 'an event listener', code: handler(`bus.on('x', async () => { await save(); });`) },
    { why: 'another object’s method of the same name', code: handler('db.save();') },
    {
      why: 'a page',
      file: 'page.jsx',
      code: `import { useEffect } from 'react';\nexport function A() { async function load() {}\nuseEffect(() => { load(); }); return null; }`,
    },
    {
      why: 'a disable comment',
      code: handler('// faultline-disable-next-line floating-promise -- fire and forget\nsave();'),
    },
    {
      why: 'Python: awaited',
      file: py,
      code: `async def save(): ...\nasync def handler(event, context):\n    await save()`,
    },
    {
      why: 'Python: gathered',
      file: py,
      code: `import asyncio\nasync def save(): ...\nasync def f():\n    await asyncio.gather(save(), save())`,
    },
    { why: 'Python: run', file: py, code: `import asyncio\nasync def save(): ...\nasyncio.run(save())` },
    {
      why: 'Python: a task that is kept',
      file: py,
      code: `import asyncio\nasync def f():\n    task = asyncio.create_task(g())\n    await task`,
    },
    {
      why: 'Python: a task group keeps its tasks',
      file: py,
      code: `import asyncio\nasync def f():\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(g())`,
    },
    {
      why: 'Python: a decorated coroutine may be something else',
      file: py,
      code: `@flow\nasync def save(): ...\nsave()`,
    },
    { why: 'Python: a plain function', file: py, code: `def save(): ...\ndef handler(event, context):\n    save()` },
  ],
  invalid: [
    {
      why: 'an async function of this file',
      code: handler('save();'),
      finds: ['2: Nobody waits for `save`'],
      severity: 'warning',
      fixed: handler('await save();'),
    },
    {
      why: 'an arrow',
      code: `const save = async () => {};\nexport const handler = async (event) => {\n  save(event);\n};`,
      finds: ['3: `save`'],
    },
    { why: 'fetch', code: handler(`fetch('https://a', { signal });`), finds: ['2: `fetch`'] },
    {
      why: 'SDK v3',
      code: `import { SNSClient } from '@aws-sdk/client-sns';\nconst sns = new SNSClient({});\nexport const handler = async (event) => {\n  sns.send(message);\n  return { statusCode: 200 };\n};`,
      finds: ['4: `sns.send`'],
    },
    {
      why: 'SDK v2',
      code: `const AWS = require('aws-sdk');\nexports.handler = async (event) => {\n  new AWS.SNS().publish(m).promise();\n};`,
      finds: ['3: Nobody waits'],
    },
    {
      why: 'the file system',
      code: `import { writeFile } from 'node:fs/promises';\nexport const handler = async (event) => {\n  writeFile('/tmp/a', 'b');\n};`,
      finds: ['3: `writeFile`'],
    },
    {
      why: 'timers',
      code: `import { setTimeout as sleep } from 'node:timers/promises';\nexport const handler = async (event) => {\n  sleep(100);\n};`,
      finds: ['3: `sleep`'],
    },
    {
      why: 'a method of the same class',
      file: 'handler.ts',
      code: `export class A {\n  async save(): Promise<void> {}\n  async run() {\n    this.save();\n  }\n}`,
      finds: ['4: `this.save`'],
    },
    {
      why: 'a chain without a rejection handler',
      code: handler('save().then(log);'),
      finds: ['2: no rejection handler'],
    },
    {
      why: 'a chain on something imported',
      code: `import { load } from './load.js';\nexport const handler = (event, context, callback) => {\n  load().then((r) => callback(null, r));\n};`,
      finds: ['3: no rejection handler'],
    },
    {
      why: 'forEach',
      code: handler('items.forEach(async (i) => { await save(i); });'),
      finds: ['2: `forEach` drops'],
      fixed: handler('await Promise.all(items.map(async (i) => { await save(i); }));'),
    },
    { why: 'forEach with a named function', code: handler('items.forEach(save);'), finds: ['2: `forEach` drops'] },
    {
      why: 'void alone hides it',
      code: handler('void save();'),
      finds: ['2: `void` hides'],
      fixed: handler('await save();'),
    },
    {
      why: 'behind a condition',
      code: handler('event.a && save();\nevent.b ? save() : log();'),
      finds: ['2: `save`', '3: `save`'],
    },
    {
      why: 'a variable that nobody reads',
      code: handler('const p = save();'),
      finds: ['2: `save`'],
      fixed: handler('const p = await save();'),
    },
    {
      why: 'map that is dropped',
      code: handler('items.map(async (i) => { await save(i); });'),
      finds: ['2: the promises that `map` makes'],
      fixed: handler('await Promise.all(items.map(async (i) => { await save(i); }));'),
    },
    {
      why: 'a helper that returns a promise',
      code: `${handler('send(event);')}function send(e) { return new Promise((resolve) => setTimeout(resolve, e.ms)); }\n`,
      finds: ['2: `send`'],
    },
    {
      why: 'a helper that is all that its file exports',
      file: 'handler.js',
      code: `const send = require('./send');\nexports.handler = async (event) => {\n  send(event);\n};`,
      beside: { 'send.js': 'const send = async (e) => fetch(e.url);\nmodule.exports = send;' },
      finds: ['3: `send`'],
    },
    {
      why: 'SDK v2 on a client of another file',
      code: `import { sns } from './clients.mjs';\n${handler('sns.publish(event).promise();')}`,
      finds: ['3: Nobody waits'],
    },
    {
      why: 'SDK v3 on a client of another file',
      code: `import { sqs } from './clients.mjs';\nimport { SendMessageCommand } from '@aws-sdk/client-sqs';\n${handler('sqs.send(new SendMessageCommand(event));')}`,
      finds: ['4: `sqs.send`'],
    },
    {
      why: 'a promise that is made and dropped',
      code: handler('new Promise((resolve) => setTimeout(resolve, 100));'),
      finds: ['2: this promise'],
      fixed: handler('await new Promise((resolve) => setTimeout(resolve, 100));'),
    },
    {
      why: 'a topic of Pub/Sub',
      code: `const { PubSub } = require('@google-cloud/pubsub');\nconst pubsub = new PubSub();\nexports.publish = async (req, res) => {\n  pubsub.topic(req.body.topic).publishMessage({ data });\n  res.send('ok');\n};`,
      finds: ['4: '],
    },
    {
      why: 'a document of Firestore',
      code: `const admin = require('firebase-admin');\nconst db = admin.firestore();\nexports.save = async (req, res) => {\n  const doc = db.collection('a').doc('b');\n  doc.set(req.body);\n  res.send('ok');\n};`,
      finds: ['5: `doc.set`'],
    },
    {
      why: 'a connection while a library loads',
      file: 'redis.mjs',
      code: `import { createClient } from 'redis';\nexport const client = createClient();\n(async () => {\n  await client.connect();\n})();`,
      finds: ['3: this async function'],
    },
    { why: 'Promise.all', code: handler('Promise.all(items.map(save));'), finds: ['2: `Promise.all`'] },
    { why: 'an async block', code: handler('(async () => { await save(); })();'), finds: ['2: this async function'] },
    { why: 'while the module of a handler loads', code: `${handler('return 1;')}save();\n`, finds: ['5: `save`'] },
    {
      why: 'Python: a coroutine of this file',
      file: py,
      code: `async def save(): ...\nasync def handler(event, context):\n    save()`,
      finds: ['3: never runs'],
      fixed: `async def save(): ...\nasync def handler(event, context):\n    await save()`,
    },
    {
      why: 'Python: in a plain function, without a fix',
      file: py,
      code: `async def save(): ...\ndef handler(event, context):\n    save()`,
      finds: ['3: `save(…)` makes a coroutine'],
    },
    {
      why: 'Python: asyncio.sleep',
      file: py,
      code: `import asyncio\nasync def f():\n    asyncio.sleep(1)`,
      finds: ['3: `await asyncio.sleep(…)`'],
    },
    {
      why: 'Python: a dropped task',
      file: py,
      code: `from asyncio import create_task\nasync def f():\n    create_task(g())`,
      finds: ['3: task of `create_task` is dropped'],
    },
    {
      why: 'Python: a method',
      file: py,
      code: `class A:\n    async def save(self): ...\n    async def run(self):\n        self.save()`,
      finds: ['4: `self.save(…)`'],
    },
  ],
});
