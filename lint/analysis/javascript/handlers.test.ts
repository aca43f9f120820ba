import { describe, expect, test } from 'vitest';
import { parseSource } from '../../engines/parse.js';
import { JavaScriptModule } from './module.js';

/** `name kind convention`, with `guarded` and `shaped` where they hold. */
function handlers(code: string, extension = 'mjs', file = `/project/index.${extension}`): string[] {
  const parsed = parseSource(code, extension);
  if ('message' in parsed) throw new Error(parsed.message);
  return new JavaScriptModule(parsed, file).handlers.map((each) =>
    [each.name, each.kind, each.convention, each.guarded ? 'guarded' : '', each.shaped ? 'shaped' : '']
      .filter((part) => part !== '')
      .join(' '),
  );
}

describe('how handlers are exported', () => {
  const answer = `async (event) => ({ statusCode: 200, body: event.rawPath })`;
  test.each([
    ['module.exports.handler =', `module.exports.handler = ${answer};`, ['handler http lambda']],
    [
      'exports.name = async function',
      `exports.get = async function (event, context) { return event.pathParameters; };`,
      ['get http lambda'],
    ],
    [
      'module.exports = { a, b }',
      `const a = ${answer}; async function b(event) { for (const r of event.Records) use(r.body); }\nmodule.exports = { a, b };`,
      ['a http lambda', 'b queue lambda'],
    ],
    ['export default', `export default ${answer};`, ['default http lambda']],
    ['several', `export const a = ${answer};\nexport const b = ${answer};`, ['a http lambda', 'b http lambda']],
    [
      'a method of a class',
      `class Api { async handler(event) { return { statusCode: 200 }; } }\nconst api = new Api();\nexport const handler = api.handler.bind(api);`,
      ['handler http lambda'],
    ],
    [
      'a callback',
      `exports.handler = (event, context, callback) => { callback(null, { statusCode: 200 }); };`,
      ['handler http lambda'],
    ],
    [
      'a helper beside it is none',
      `export const parse = (event) => JSON.parse(event.body);\nexport const other = 1;`,
      [],
    ],
    [
      'a library of helpers',
      `export async function user(event) { return event.requestContext; }\nexport const b = 1;`,
      [],
      '/project/lib/user.mjs',
    ],
  ] as [string, string, string[], string?][])('%s', (_, code, expected, file) => {
    expect(handlers(code, 'mjs', file)).toEqual(expected);
  });
});

describe('who calls them', () => {
  const records = (use: string): string =>
    `exports.handler = async (event) => { for (const record of event.Records) { ${use} } };`;
  test.each([
    ['SQS by the body', records('use(record.body)'), 'handler queue lambda'],
    [
      'SQS through a helper',
      `exports.handler = async ({ Records }) => { await Promise.all(Records.map(one)); };\nasync function one(record) { use(record.messageId); }`,
      'handler queue lambda',
    ],
    ['Kinesis', records(`use(record.kinesis.data)`), 'handler stream lambda'],
    ['DynamoDB', records(`use(record.dynamodb.NewImage)`), 'handler stream lambda'],
    ['SNS', records(`use(JSON.parse(record.Sns.Message).body)`), 'handler event lambda'],
    ['S3', records(`use(record.s3.bucket.name)`), 'handler event lambda'],
    ['EventBridge', `exports.handler = async (event) => { use(event.detail); };`, 'handler event lambda'],
    [
      'Cognito',
      `exports.handler = async (event) => { use(event.triggerSource); return event; };`,
      'handler event lambda',
    ],
    ['an authorizer', `exports.handler = async (event) => { use(event.methodArn); };`, 'handler invoke lambda'],
    [
      'HTTP by a key of a helper',
      `const id = (event) => event.pathParameters.id;\nexports.handler = async (event) => id(event);`,
      'handler http lambda',
    ],
    ['HTTP by the answer', `exports.handler = async () => ({ statusCode: 200 });`, 'handler http lambda'],
    [
      'several sources',
      `exports.handler = async (event) => { if (event.Records) return 1; return event.httpMethod; };`,
      'handler unknown lambda',
    ],
    ['nothing shows it', `exports.handler = async (event) => use(event);`, 'handler unknown lambda'],
  ])('%s', (_, code, expected) => {
    expect(handlers(code)).toEqual([expected]);
  });

  test.each([
    ['Handler<APIGatewayProxyEvent, APIGatewayProxyResult>', 'http lambda'],
    ['APIGatewayProxyHandlerV2', 'http lambda'],
    ['ValidatedEventAPIGatewayProxyEvent<typeof schema>', 'http lambda'],
    ['APIGatewayTokenAuthorizerHandler', 'invoke lambda'],
    ['SQSHandler', 'queue lambda'],
    ['KinesisStreamHandler', 'stream lambda'],
    ['ScheduledHandler', 'schedule lambda'],
    ['Handler<EventBridgeEvent<"a", B>>', 'event lambda'],
    ['PreSignUpTriggerHandler', 'event lambda'],
    ['Handler', 'unknown lambda'],
  ])('%s', (type, expected) => {
    expect(handlers(`export const handler: ${type} = async (event) => { use(event); };`, 'ts')).toEqual([
      `handler ${expected}`,
    ]);
  });

  test('an alias of the file', () => {
    const code = `type Event = APIGatewayProxyEventBase<Auth>;\nexport const main = async (event: Event) => use(event);`;
    expect(handlers(code, 'ts')).toEqual(['main http lambda']);
  });
});

describe('other platforms', () => {
  test.each([
    ['Google, exported', `exports.hello = async (req, res) => { res.send('x'); };`, ['hello http request-response']],
    [
      'Google, registered',
      `const functions = require('@google-cloud/functions-framework');\nfunctions.http('hello', async (req, res) => { res.send('x'); });`,
      ['hello http request-response'],
    ],
    [
      'Google, a cloud event',
      `import { cloudEvent } from '@google-cloud/functions-framework';\ncloudEvent('store', async (event) => { use(event.data); });`,
      ['store event background'],
    ],
    [
      'Google, in the background',
      `const { Storage } = require('@google-cloud/storage');\nexports.store = (file, context, callback) => { callback(); };`,
      ['store event background'],
    ],
    [
      'Firebase',
      `const functions = require('firebase-functions');\nexports.api = functions.region('eu').https.onRequest(async (request, response) => {});\nexports.made = functions.firestore.document('a/{b}').onCreate(async (snap) => {});`,
      ['api http request-response', 'made event background'],
    ],
    [
      'Netlify, functions of the web',
      `export default async (req, context) => new Response('x');`,
      ['default http web'],
    ],
    ['Next', `export async function GET(request) { return Response.json({}); }`, ['GET http web']],
    ['Vercel', `export default function handler(req, res) { res.json({}); }`, ['default http request-response']],
    [
      'Azure',
      `const { app } = require('@azure/functions');\napp.http('hello', { methods: ['GET'], handler: async (request, context) => ({ body: 'x' }) });`,
      ['hello http background'],
    ],
    ['middleware of Express is none', `export const check = async (req, res, next) => { next(); };`, []],
    [
      'a schedule of Netlify',
      `import { schedule } from '@netlify/functions';\nexport const handler = schedule('@hourly', async () => { work(); });`,
      ['handler schedule lambda'],
    ],
  ])('%s', (_, code, expected) => {
    expect(handlers(code)).toEqual(expected);
  });
});

describe('wrappers', () => {
  const inner = `async (event) => ({ statusCode: 200, body: event.body })`;
  test.each([
    ['middy', `import middy from '@middy/core';\nexport const handler = middy(${inner});`, 'handler http lambda'],
    [
      'middy with errors answered',
      `import middy from '@middy/core';\nimport errors from '@middy/http-error-handler';\nexport const handler = middy(${inner}).use(errors());`,
      'handler http lambda guarded shaped',
    ],
    [
      'middy, used later',
      `import middy from '@middy/core';\nimport errors from '@middy/http-error-handler';\nconst handler = middy(${inner});\nhandler.use(errors());\nmodule.exports = { handler };`,
      'handler http lambda guarded shaped',
    ],
    [
      'middy with a serializer',
      `import middy from '@middy/core';\nimport json from '@middy/http-response-serializer';\nexport const handler = middy().use(json()).handler(${inner});`,
      'handler http lambda shaped',
    ],
    [
      'imported, not here',
      `import { api } from './api.js';\nexport const handler = api(${inner});`,
      'handler http lambda guarded shaped',
    ],
    [
      'here, and answering',
      `const api = (fn) => async (event) => { try { return await fn(event); } catch { return { statusCode: 500 }; } };\nexport const handler = api(${inner});`,
      'handler http lambda guarded shaped',
    ],
    [
      'exported bare as well',
      `import { api } from './api.js';\nexport const get = ${inner};\nexport const handler = api(get);`,
      'handler http lambda guarded shaped',
    ],
    [
      'here, and transparent',
      `const timed = (fn) => async (event) => { try { return await fn(event); } catch (e) { log(e); throw e; } };\nexport const handler = timed(${inner});`,
      'handler http lambda shaped',
    ],
  ])('%s', (_, code, expected) => {
    expect(handlers(code)).toEqual([expected]);
  });
});
