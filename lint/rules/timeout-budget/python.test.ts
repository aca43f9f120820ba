import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const deployed = { timeoutMs: 3000 };
const head = 'import requests, boto3\nfrom botocore.config import Config\n';
const fn = (...body: string[]): string =>
  `${head}def handler(event, context):\n${body.map((each) => `    ${each}\n`).join('')}`;
const get = (seconds: number): string => `requests.get("https://a", timeout=${String(seconds)})`;

ruleTests('timeout-budget', {
  valid: [
    { why: 'no configuration', file, code: fn(get(2), get(2)) },
    ...[
      { why: 'limits that fit together', code: fn(get(1), get(1.5)) },
      { why: 'of two branches one is taken', code: fn('if event["a"]:', `    ${get(2)}`, 'else:', `    ${get(2)}`) },
      {
        why: 'a branch that returns does not meet the rest',
        code: fn('if event["a"]:', `    return ${get(2)}`, `return ${get(2)}`),
      },
      { why: 'a loop of unknown length counts once', code: fn('for i in event["ids"]:', `    ${get(2)}`) },
      { why: 'what an answer holds is no wait', code: fn(`r = ${get(2)}`, 'r.json()', 'r.raise_for_status()') },
      { why: 'one that is too long by itself is another rule’s', code: fn(get(4), get(2)) },
      {
        why: 'at the same time the longest counts',
        code: `import asyncio, httpx\nclient = httpx.AsyncClient(timeout=2)\nasync def handler(event, context):\n    await asyncio.gather(client.get("https://a"), client.get("https://b"))`,
      },
      {
        why: 'a function of a thread',
        code: `${head}def load():\n    return ${get(2)}\n${fn('a = pool.submit(load)', 'b = pool.submit(load)').replace(head, '')}`,
      },
    ].map((each) => ({ file, deployed, ...each })),
  ],
  invalid: [
    {
      why: 'one after the other',
      code: fn(get(2), get(2)),
      finds: [
        '5: Together these waits may take 4 s (requests.get 2 s, requests.get 2 s), and the function "f" is killed after 3 s',
      ],
      severity: 'warning' as const,
    },
    {
      why: 'attempts of botocore',
      code: `${head}sqs = boto3.client("sqs", config=Config(connect_timeout=0.5, read_timeout=1, retries={"max_attempts": 2}))\n${fn('sqs.send_message(QueueUrl=u)').replace(head, '')}`,
      finds: ['5: sqs.send_message 3 × 1.5 s'],
    },
    {
      why: 'a shared client of another file',
      code: fn('table.get_item(Key=k)', 'table.put_item(Item=i)').replace(head, 'from shared import table\n'),
      beside: {
        'shared.py': `${head}table = boto3.resource("dynamodb", config=Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})).Table("t")\n`,
      },
      finds: ['4: table.get_item 2 s, table.put_item 2 s'],
    },
    {
      why: 'a Retry with pauses',
      code: `${head}from requests.adapters import HTTPAdapter, Retry\ns = requests.Session()\ns.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.1)))\n${fn('s.get("https://a", timeout=0.8)').replace(head, '')}`,
      finds: ['7: may take 3.8 s'],
    },
    {
      why: 'a function of another file',
      code: fn('a = load(1)', get(2)).replace(head, `${head}from store import load\n`),
      beside: { 'store.py': `import requests\ndef load(i):\n    return ${get(2)}.json()\n` },
      finds: ['6: may take 4 s'],
    },
    { why: 'a loop that is counted', code: fn('for i in range(3):', `    ${get(1.2)}`), finds: ['5: may take 3.6 s'] },
    {
      why: 'what is done after a failure comes on top',
      code: fn('try:', `    ${get(2)}`, 'except Exception:', `    ${get(2)}`),
      finds: ['7: may take 4 s'],
    },
  ].map((each) => ({ file, deployed, ...each })),
});
