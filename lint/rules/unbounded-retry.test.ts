import { ruleTests } from '../testing.js';

const handler = (body: string): string => `export const handler = async (event) => {\n${body}\n};\n`;

ruleTests('unbounded-retry', {
  valid: [
    {
      why: 'attempts are counted',
      code: handler(
        'for (let i = 0; i < 3; i++) { try { return await load(); } catch (e) { await sleep(100 * 2 ** i); } }\nthrow new Error("gave up");',
      ),
    },
    {
      why: 'counted inside',
      code: handler(
        'let attempt = 0;\nwhile (true) { try { return await load(); } catch (e) { if (++attempt > 3) throw e; await sleep(100); } }',
      ),
    },
    {
      why: 'time runs out',
      code: `export const handler = async (event, context) => { while (true) { if (context.getRemainingTimeInMillis() < 1000) throw new Error('late'); try { return await load(); } catch (e) { await sleep(100); } } };`,
    },
    {
      why: 'pages',
      code: handler(
        'let ExclusiveStartKey;\nconst items = [];\nwhile (true) { const page = await scan({ ExclusiveStartKey }); items.push(...page.Items); if (!page.LastEvaluatedKey) break; ExclusiveStartKey = page.LastEvaluatedKey; }\nreturn items;',
      ),
    },
    {
      why: 'the events of an extension',
      file: 'extension.js',
      code: `const { next } = require('./api');\nexports.run = async function run() { while (true) { try { const event = await next(id); handle(event); } catch (e) { console.error(e); } } };`,
    },
    {
      why: 'polling a queue',
      file: 'worker.mjs',
      code: `export async function work(client) { for (;;) { try { await client.send(new ReceiveMessageCommand(p)); } catch (e) { console.error(e); } } }`,
    },
    {
      why: 'the failure leaves',
      code: handler('while (true) { try { return await load(); } catch (e) { throw e; } }'),
    },
    {
      why: 'recursion that counts',
      code: `async function load(url, left = 3) { try { return await fetch(url, { signal }); } catch (e) { if (left === 0) throw e; return load(url, left - 1); } }\n${handler('return load(event.url);')}`,
    },
    {
      why: 'recursion over data',
      code: `function parse(node) { try { return node.children.map(parse); } catch (e) { return parse(node.first); } }\n${handler('return parse(event);')}`,
    },
    {
      why: 'recursion that compares',
      code: `async function load(url, n) { const res = await fetch(url, { signal }); if (res.status === 429 && n < 5) return load(url, n); return res; }\n${handler('return load(event.url, 0);')}`,
    },
    {
      why: 'a few retries',
      code: `import retry from 'async-retry';\n${handler('return retry(load, { retries: 3 });')}`,
    },
    {
      why: 'once more with a fresh token',
      code: `async function call(url) { const res = await fetch(url, { headers: await headers(), signal }); if (res.status === 401) { await refreshToken(); return call(url); } return res; }\n${handler('return call(event.url);')}`,
    },
    {
      why: 'a script',
      file: 'wait.mjs',
      code: `async function main() { while (true) { try { await fetch(url, { signal }); break; } catch { await sleep(1000); } } }\nmain();`,
    },
    { why: 'waiting without a failure', code: handler('while (!done) { await sleep(100); }') },
  ],
  invalid: [
    {
      why: 'while true',
      code: handler(
        'while (true) {\n  try {\n    return await load();\n  } catch (e) {\n    await sleep(1000);\n  }\n}',
      ),
      finds: ['2: tries again until it works'],
      severity: 'warning',
    },
    {
      why: 'for ever',
      code: handler('for (;;) {\n  try { await save(event); break; } catch { console.warn("again"); }\n}'),
      finds: ['2: '],
    },
    {
      why: 'until it is done',
      code: handler(
        'let done = false;\nwhile (!done) {\n  try { await save(event); done = true; } catch (err) { console.error(err); }\n}',
      ),
      finds: ['3: '],
    },
    {
      why: 'do',
      code: handler(
        'let ok = false;\ndo {\n  try { await save(event); ok = true; } catch (err) { if (err.name === "Fatal") throw err; }\n} while (!ok);',
      ),
      finds: ['3: '],
    },
    {
      why: 'until the answer is good',
      code: handler(
        'while (true) {\n  const res = await fetch(event.url, { signal });\n  if (res.ok) return res.json();\n  await sleep(500);\n}',
      ),
      finds: ['2: '],
    },
    {
      why: 'recursion',
      code: `async function load(url) {\n  try {\n    return await fetch(url, { signal });\n  } catch (e) {\n    return load(url);\n  }\n}\n${handler('return load(event.url);')}`,
      finds: ['5: `load` calls itself'],
    },
    {
      why: 'recursion after a status',
      code: `const load = async (url) => {\n  const res = await fetch(url, { signal });\n  if (res.status === 429) {\n    await sleep(1000);\n    return load(url);\n  }\n  return res;\n};\n${handler('return load(event.url);')}`,
      finds: ['5: '],
    },
    {
      why: 'recursion in a callback',
      code: `function put(item, done) {\n  s3.putObject(item, (err, data) => {\n    if (err) {\n      setTimeout(() => put(item, done), 1000);\n      return;\n    }\n    done(null, data);\n  });\n}\nexports.handler = (event, context, callback) => put(event, callback);\n`,
      finds: ['4: `put` calls itself'],
    },
    {
      why: 'recursion in a catch of a promise',
      code: `const load = (url) => axios.get(url).catch(() => load(url));\n${handler('return load(event.url);')}`,
      finds: ['1: '],
    },
    {
      why: 'an option',
      code: `import retry from 'async-retry';\n${handler('return retry(load, { retries: Infinity });')}`,
      finds: ['3: `retries: Infinity` never gives up'],
    },
    {
      why: 'for ever, by option',
      code: `import pRetry from 'p-retry';\n${handler('return pRetry(load, { forever: true });')}`,
      finds: ['3: '],
    },
    {
      why: 'a client',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ maxAttempts: Number.MAX_SAFE_INTEGER });\n${handler('return s3.send(command);')}`,
      finds: ['2: '],
    },
  ],
});
