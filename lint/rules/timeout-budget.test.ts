import { ruleTests } from '../testing.js';

const fn = (body: string): string => `export const handler = async (event) => {\n${body}\n};`;
const get = (ms: number): string => `fetch('https://a', { signal: AbortSignal.timeout(${String(ms)}) })`;
const three = { timeoutMs: 3000 };

ruleTests('timeout-budget', {
  valid: [
    { why: 'limits that fit together', code: fn(`  await ${get(1000)};\n  await ${get(1500)};`), deployed: three },
    { why: 'no configuration', code: fn(`  await ${get(2000)};\n  await ${get(2000)};`) },
    {
      why: 'at the same time the longest counts',
      code: fn(`  await Promise.all([${get(2000)}, ${get(2500)}, ${get(2000)}]);`),
      deployed: three,
    },
    {
      why: 'at the same time over a list',
      code: fn(`  await Promise.all(event.ids.map(async (id) => { await ${get(2000)}; }));`),
      deployed: three,
    },
    {
      why: 'of two branches one is taken',
      code: fn(`  if (event.a) {\n    await ${get(2000)};\n  } else {\n    await ${get(2000)};\n  }`),
      deployed: three,
    },
    {
      why: 'a branch that returns does not meet the rest',
      code: fn(`  if (event.a) {\n    return await ${get(2000)};\n  }\n  return await ${get(2000)};`),
      deployed: three,
    },
    {
      why: 'the cases of a switch',
      code: fn(
        `  switch (event.a) {\n    case 1:\n      await ${get(2000)};\n      break;\n    default:\n      await ${get(2000)};\n  }`,
      ),
      deployed: three,
    },
    {
      why: 'a loop of unknown length counts once',
      code: fn(`  for (const id of event.ids) {\n    await ${get(2000)};\n  }`),
      deployed: three,
    },
    {
      why: 'started together, awaited one after the other',
      code: fn(`  const a = ${get(2000)};\n  const b = ${get(2000)};\n  await a;\n  await b;`),
      deployed: three,
    },
    {
      why: 'reading what was answered is no wait of its own',
      code: fn(`  const r = await ${get(2000)};\n  const body = await r.json();\n  return await body.items;`),
      deployed: three,
    },
    {
      why: 'one that is too long by itself is another rule’s',
      code: fn(`  await ${get(4000)};\n  await ${get(2000)};`),
      deployed: three,
    },
  ],
  invalid: [
    {
      why: 'no room is left for the code itself',
      code: fn(`  await ${get(1000)};\n  await ${get(1500)};`),
      deployed: three,
      options: { marginMs: 600 },
      finds: ['3: 2.5 s'],
    },
    {
      why: 'one after the other',
      code: fn(`  await ${get(2000)};\n  await ${get(2000)};`),
      deployed: three,
      finds: ['3: Together these waits may take 4 s (fetch 2 s, fetch 2 s), and the function "f" is killed after 3 s'],
      severity: 'warning',
    },
    {
      why: 'attempts',
      code: `import { SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({ requestHandler: { requestTimeout: 1500, throwOnRequestTimeout: true } });\n${fn('  await sqs.send(command);')}`,
      deployed: three,
      finds: ['4: sqs.send 3 × 1.5 s'],
    },
    {
      why: 'a loop that is counted',
      code: fn(`  for (let i = 0; i < 3; i++) {\n    await ${get(1200)};\n  }`),
      deployed: three,
      finds: ['3: may take 3.6 s'],
    },
    {
      why: 'a function that is called',
      code: `async function load() {\n  const r = await ${get(2000)};\n  return r.json();\n}\n${fn(`  const a = await load();\n  await ${get(2000)};`)}`,
      deployed: three,
      finds: ['7: may take 4 s'],
    },
    {
      why: 'a function of another file',
      code: `import { load } from './load.mjs';\n${fn(`  const a = await load(1);\n  const b = await ${get(2000)};`)}`,
      beside: { 'load.mjs': `export const load = async () => (await ${get(2000)}).json();` },
      deployed: three,
      finds: ['4: may take 4 s'],
    },
    {
      why: 'what is done after a failure comes on top',
      code: fn(`  try {\n    await ${get(2000)};\n  } catch (error) {\n    await ${get(2000)};\n  }`),
      deployed: three,
      finds: ['5: may take 4 s'],
    },
    {
      why: 'one after the other by then',
      code: fn(`  return ${get(2000)}.then((r) => ${get(2000)});`),
      deployed: three,
      finds: ['2: may take 4 s'],
    },
    {
      why: 'an instance of axios',
      code: `import axios from 'axios';\nconst api = axios.create({ timeout: 2000 });\n${fn(`  const { data } = await api.get('/a');\n  await api.post('/b', data);`)}`,
      deployed: three,
      finds: ['5: api.get 2 s, api.post 2 s'],
    },
  ],
});
