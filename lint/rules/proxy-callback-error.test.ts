import { ruleTests } from '../testing.js';

const v2 = `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\n`;
const ok = 'callback(null, { statusCode: 200, body: JSON.stringify(data) });';
const handler = (body: string, ending = ok): string =>
  `${v2}exports.handler = (event, context, callback) => {\ndb.get(event.pathParameters, (err, data) => {\n${body}\n${ending}\n});\n};\n`;
const answered = "callback(null, { statusCode: 500, body: JSON.stringify({ message: 'Internal Server Error' }) })";

ruleTests('proxy-callback-error', {
  valid: [
    { why: 'answered', code: handler(`if (err) return ${answered};`) },
    {
      why: 'no HTTP: the platform tries again',
      code: `${v2}exports.handler = (event, context, callback) => {\ndb.get(event.Records[0], (err, data) => { if (err) return callback(err); callback(null, data); });\n};\n`,
    },
    {
      why: 'a queue by configuration, though it answers a status',
      deployed: { kinds: ['queue'] },
      code: handler('if (err) return callback(err);'),
    },
    {
      why: 'an authorizer',
      code: `exports.handler = (event, context, callback) => {\nif (!event.headers.authorization) return callback('Unauthorized');\ncallback(null, { policyDocument: policy(event.methodArn) });\n};\n`,
    },
    {
      why: 'a gateway’s own mapping of errors',
      code: `exports.handler = (event, context, callback) => {\nif (!event.queryStringParameters) return callback('[400] no parameters');\n${ok}\n};\n`,
    },
    {
      why: 'a helper that turns the error into an answer',
      code: `${v2}exports.handler = (event, context, callback) => {\nconst done = (err, res) => callback(null, { statusCode: err ? 400 : 200, body: err ? err.message : JSON.stringify(res) });\ndb.scan({ TableName: event.queryStringParameters.TableName }, done);\n};\n`,
    },
    {
      why: 'a wrapper that hands on what the handler in it says',
      code: `const wrap = (inner) => (event, context, callback) => {\nif (event.httpMethod !== 'GET') return Promise.resolve({ statusCode: 405 });\nreturn inner(event, context, (error, response) => callback(error, response));\n};\nexports.handler = wrap(page);\n`,
    },
    {
      why: 'null first',
      code: handler('if (err) { console.error(err); callback(null, { statusCode: 502 }); return; }'),
    },
    {
      why: 'another function’s callback',
      code: `${v2}function load(id, callback) { db.get(id, (err, data) => { if (err) return callback(err); callback(null, data); }); }\nexports.handler = async (event) => { load(event.pathParameters.id, () => {}); return { statusCode: 202 }; };\n`,
    },
    {
      why: 'a kind that nobody knows',
      code: `exports.handler = (event, context, callback) => { if (event.bad) return callback(new Error('bad')); callback(null, event.good); };\n`,
    },
  ],
  invalid: [
    {
      why: 'the error of a callback',
      code: handler('if (err) return callback(err);'),
      finds: ['5: bare 502'],
      severity: 'warning',
      fixed: handler(`if (err) return ${answered};`),
    },
    {
      why: 'an error of its own',
      code: handler("if (err) {\n  callback(new Error('no item'));\n  return;\n}"),
      finds: ['6: bare 502'],
      fixed: handler(`if (err) {\n  ${answered};\n  return;\n}`),
    },
    { why: 'a text', code: handler("if (err) return callback('could not read');"), finds: ['5: bare 502'] },
    {
      why: 'passed on with the answer',
      code: handler('', 'callback(err, { statusCode: 200, body: data.Item });'),
      finds: ['6: bare 502'],
    },
    {
      why: 'a caught error',
      code: `exports.handler = (event, context, callback) => {\ntry {\n  callback(null, { statusCode: 200, body: JSON.parse(event.body).id });\n} catch (e) {\n  callback(e);\n}\n};\n`,
      finds: ['5: '],
    },
    {
      why: 'a rejected promise',
      code: `exports.handler = (event, context, callback) => {\nload(event.pathParameters.id).then((item) => callback(null, { statusCode: 200, body: item })).catch((error) => callback(error));\n};\n`,
      finds: ['2: '],
    },
    {
      why: 'the context’s older functions',
      code: `exports.handler = (event, context) => {\nload(event.pathParameters.id, (err, item) => {\n  if (err) context.fail(err);\n  else context.succeed({ statusCode: 200, body: item });\n});\n};\n`,
      deployed: { kinds: ['http'] },
      finds: ['3: `context.fail` makes'],
    },
    {
      why: 'HTTP by configuration',
      code: `exports.handler = (event, context, callback) => {\nif (!event.id) callback(new Error('no id'));\nelse callback(null, event.id);\n};\n`,
      deployed: { kinds: ['http'] },
      finds: ['2: '],
    },
  ],
});
