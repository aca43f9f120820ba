import { ruleTests } from '../testing.js';

const v2 = `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\n`;
const handler = (body: string): string => `${v2}exports.handler = (event, context, callback) => {\n${body}\n};\n`;
const old = { runtime: 'nodejs20.x' } as const;

ruleTests('callback-misuse', {
  valid: [
    {
      why: 'if and return',
      code: handler('db.get(event, (err, data) => {\nif (err) { callback(err); return; }\ncallback(null, data);\n});'),
    },
    {
      why: 'return with the call',
      code: handler(
        'db.get(event, (err, data) => {\nif (err) return callback(err);\nreturn callback(null, data);\n});',
      ),
    },
    {
      why: 'else',
      code: handler(
        'db.get(event, (err, data) => {\nif (err) { console.error(err); callback(err); }\nelse { callback(null, data); }\n});',
      ),
    },
    { why: 'a condition', code: handler('db.get(event, (err, data) => err ? callback(err) : callback(null, data));') },
    { why: 'handed on', code: handler('db.get(event, callback);') },
    {
      why: 'handed to a helper',
      code: `${handler('answer(event, callback);')}function answer(event, done) { done(null, event); }\n`,
    },
    {
      why: 'a helper inside',
      code: handler(
        'const done = (err, data) => callback(null, { statusCode: err ? 500 : 200, body: JSON.stringify(data) });\nswitch (event.httpMethod) { case "GET": db.get(event, done); break; default: done(new Error("x")); }',
      ),
    },
    { why: 'a promise is returned', code: `exports.handler = (event, context, callback) => load(event.id);\n` },
    {
      why: 'a promise chain',
      code: handler('load(event.id).then((r) => callback(null, r)).catch((e) => callback(e));'),
    },
    {
      why: 'async without callback',
      code: `exports.handler = async (event, context) => { return { statusCode: 200 }; };\n`,
    },
    {
      why: 'async, the callback is declared only',
      code: `exports.handler = async (event, context, callback) => { return { statusCode: 200 }; };\n`,
    },
    { why: 'a callback on an older runtime', deployed: old, code: handler('callback(null, event);') },
    {
      why: 'two conditions that exclude each other',
      code: handler('db.get(event, (err, data) => {\nif (err) callback(err);\nif (!err) callback(null, data);\n});'),
    },
    { why: 'a try', code: handler('try { callback(null, JSON.parse(event.text)); } catch (e) { callback(e); }') },
    {
      why: 'thrown on',
      code: handler('db.get(event, (err, data) => {\nif (err) throw err;\ncallback(null, data);\n});'),
    },
    {
      why: 'counted',
      code: handler(
        'let left = event.Records.length;\nevent.Records.forEach((r) => db.put(r, (err) => {\nif (err) return callback(err);\nif (--left === 0) callback(null);\n}));',
      ),
    },
    {
      why: 'a search in a loop',
      code: handler(
        'for (const r of event.items) {\nif (r.id === event.id) return callback(null, r);\n}\ncallback(null, null);',
      ),
    },
    { why: 'nothing to answer for a queue', code: handler('event.Records.forEach((r) => console.log(r.body));') },
    {
      why: 'a warm-up of an event',
      code: handler('if (event.source === "warmup") return;\ndb.put(event.detail, callback);'),
    },
    {
      why: 'Express',
      code: `exports.app = (req, res, next) => { if (req.query.a) next(); res.send('ok'); next(); };\n`,
    },
    {
      why: 'the error is looked at and passed on together',
      code: handler('db.get(event, (err, data) => {\nif (err) console.error(err);\ncallback(err, data);\n});'),
    },
    {
      why: 'context in async for its time',
      code: `exports.handler = async (event, context) => { console.log(context.getRemainingTimeInMillis()); return 1; };\n`,
    },
    {
      why: 'another function named callback',
      code: handler(
        'function each(items, callback) { callback(items[0]); callback(items[1]); }\neach(event.items, console.log);\ncallback(null);',
      ),
    },
    {
      why: 'a side effect beside the answer',
      code: handler('db.put(log, (err) => { if (err) console.error(err); });\ncallback(null, 1);'),
    },
  ],
  invalid: [
    {
      why: 'async and callback',
      code: `${v2}exports.handler = async (event, context, callback) => {\n  const data = await db.get(event).promise();\n  callback(null, { statusCode: 200, body: data.Item });\n};\n`,
      finds: ['3: `handler` is async and also answers through `callback`'],
      severity: 'error',
    },
    {
      why: 'async and a callback in a callback',
      code: `${v2}module.exports.get = async (event, context, callback) => {\n  db.get(event, (err, data) => { callback(err, data); });\n};\n`,
      finds: ['3: '],
    },
    {
      why: 'async and the context',
      code: `exports.handler = async (event, context) => {\n  const r = await load(event);\n  context.succeed(r);\n};\n`,
      finds: ['3: `context.succeed`'],
    },
    {
      why: 'no return after the error',
      code: handler('db.get(event, (err, data) => {\n  if (err) callback(err);\n  callback(null, data);\n});'),
      finds: ['6: has been called on this path already (line 5)'],
      fixed: handler('db.get(event, (err, data) => {\n  if (err) return callback(err);\n  callback(null, data);\n});'),
    },
    {
      why: 'no return in a block',
      code: handler(
        'db.get(event, (err, data) => {\n  if (err) {\n    console.error(err);\n    callback(null, { statusCode: 500 });\n  }\n  const body = JSON.stringify(data);\n  callback(null, { statusCode: 200, body });\n});',
      ),
      finds: ['10: '],
    },
    {
      why: 'no return in the handler',
      code: handler(
        'if (!event.id) {\n  callback(new Error("no id"));\n}\ndb.get(event, (err, data) => callback(err, data));\ncallback(null, 1);',
      ),
      finds: ['8: '],
    },
    {
      why: 'done twice with the context',
      code: `exports.handler = function (event, context) {\n  if (!event.id) context.fail('no id');\n  context.succeed(event.id);\n};\n`,
      finds: ['3: `context.succeed`'],
    },
    {
      why: 'never called',
      code: `const https = require('https');\nexports.handler = function (event, context, callback) {\n  https.get(event.url, { signal }, (res) => {\n    res.on('data', (d) => console.log(d));\n  }).on('error', console.error);\n};\n`,
      finds: ['2: takes `callback` and never calls it'],
    },
    {
      why: 'never called when it fails',
      code: handler(
        'db.get(event, (err, data) => {\n  if (err) {\n    console.log(err);\n  } else {\n    callback(null, data);\n  }\n});',
      ),
      finds: ['5: When `err` is set, `callback` is never called'],
    },
    {
      why: 'returned without an answer when it fails',
      code: handler(
        'db.get(event, (err, data) => {\n  if (err) {\n    console.error(err);\n    return;\n  }\n  callback(null, data);\n});',
      ),
      finds: ['5: '],
    },
    {
      why: 'never called when it works',
      code: handler('db.put(event, (err, data) => {\n  if (err) callback(err);\n  else console.log(data);\n});'),
      finds: ['5: When `err` is not set'],
    },
    {
      why: 'a path of an HTTP handler',
      code: handler(
        'if (!event.pathParameters.id) {\n  console.log("no id");\n  return;\n}\ndb.get(event, (err, data) => callback(null, { statusCode: err ? 500 : 200, body: JSON.stringify(data) }));',
      ),
      finds: ['6: On this path'],
    },
    {
      why: 'once for every record',
      code: handler(
        'event.Records.forEach((record) => {\n  db.put(record, (err) => {\n    if (err) callback(err);\n    else callback(null, "done");\n  });\n});',
      ),
      finds: ['7: called once for every turn'],
    },
    {
      why: 'a runtime without callbacks',
      deployed: { runtime: 'nodejs24.x' },
      code: handler('callback(null, event);'),
      finds: ['3: nodejs24.x takes no callback'],
    },
  ],
});
