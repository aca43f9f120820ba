import { ruleTests } from '../testing.js';

const fn = (body: string): string => `export const handler = async (event) => {\n${body}\n};`;

ruleTests('timeout-exceeds-function', {
  valid: [
    {
      why: 'a limit below the function’s',
      code: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(2000) });`),
      deployed: { timeoutMs: 3000 },
    },
    { why: 'no configuration', code: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(20000) });`) },
    {
      why: 'a limit that the code does not show',
      code: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(event.ms) });`),
      deployed: { timeoutMs: 3000 },
    },
    {
      why: 'a call on a client has a limit of its own',
      code: `import axios from 'axios';\nimport { api } from './http.mjs';\n${fn(`  await api.get('/a', { timeout: 900 });`)}`,
      beside: { 'http.mjs': `import axios from 'axios';\nexport const api = axios.create({ timeout: 60000 });` },
      deployed: { timeoutMs: 3000 },
    },
    {
      why: 'what a call answered is no client',
      code: fn(`  const r = await fetch('https://a', { signal: AbortSignal.timeout(2000) });\n  return r.json();`),
      deployed: { timeoutMs: 3000 },
    },
  ],
  invalid: [
    {
      why: 'fetch',
      code: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(5000) });`),
      deployed: { timeoutMs: 3000 },
      finds: ['2: `fetch` may take 5 s, and the function "f" is killed after 3 s'],
      severity: 'error',
      fixed: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(2700) });`),
    },
    {
      why: 'as long as the function’s is too long',
      code: fn(`  await fetch('https://a', { signal: AbortSignal.timeout(3000) });`),
      deployed: { timeoutMs: 3000 },
      finds: ['2: 3 s'],
    },
    {
      why: 'arithmetic, at the top of the file',
      code: `import axios from 'axios';\nconst api = axios.create({ timeout: 10 * 1000 });\n${fn(`  return (await api.get('/a')).data;`)}`,
      deployed: { timeoutMs: 6000 },
      finds: ['2: `axios.create` may take 10 s'],
      fixed: `import axios from 'axios';\nconst api = axios.create({ timeout: 5400 });\n${fn(`  return (await api.get('/a')).data;`)}`,
    },
    {
      why: 'what the environment is given by default',
      code: `import axios from 'axios';\nconst timeout = Number(process.env.TIMEOUT_MS ?? 8000);\n${fn(`  await axios.get('https://a', { timeout });`)}`,
      deployed: { timeoutMs: 6000 },
      finds: ['4: `axios.get` may take 8 s'],
    },
    {
      why: 'a client of another file, where it is used',
      code: `import { api } from './http.mjs';\n${fn(`  await api.get('/a');`)}`,
      beside: { 'http.mjs': `import axios from 'axios';\nexport const api = axios.create({ timeout: 60000 });` },
      deployed: { timeoutMs: 3000 },
      finds: ['3: may take 60 s'],
    },
    {
      why: 'AWS SDK v3',
      code: `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({ maxAttempts: 1, requestHandler: { requestTimeout: 5_000, throwOnRequestTimeout: true } });\n${fn(`  await sqs.send(new SendMessageCommand({}));`)}`,
      deployed: { timeoutMs: 3000 },
      finds: ['2: `new SQSClient` may take 5 s'],
    },
    {
      why: 'AWS SDK v2',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3({ maxRetries: 0, httpOptions: { timeout: 30000 } });\nexports.handler = async () => s3.getObject({ Key: 'a' }).promise();`,
      deployed: { timeoutMs: 3000 },
      finds: ['2: `new AWS.S3` may take 30 s'],
    },
    {
      why: 'pg',
      code: `import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 900, query_timeout: 10000 });\n${fn(`  return pool.query('select 1');`)}`,
      deployed: { timeoutMs: 3000 },
      finds: ['2: `new Pool` may take 10 s'],
    },
    {
      why: 'a controller that a timer aborts',
      code: fn(
        `  const c = new AbortController();\n  const t = setTimeout(() => c.abort(), 10000);\n  const r = await fetch('https://a', { signal: c.signal });\n  clearTimeout(t);`,
      ),
      deployed: { timeoutMs: 3000 },
      finds: ['4: `fetch` may take 10 s'],
    },
    {
      why: 'http with a listener',
      code: `import https from 'node:https';\n${fn(`  const req = https.get('https://a', { timeout: 9000 }, done);\n  req.on('timeout', () => req.destroy());`)}`,
      deployed: { timeoutMs: 3000 },
      finds: ['3: `https.get` may take 9 s'],
    },
  ],
});
