import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const deployed = { timeoutMs: 3000 };
const fn = (head: string, body: string): string => `${head}\ndef handler(event, context):\n    ${body}\n`;

ruleTests('timeout-exceeds-function', {
  valid: [
    { why: 'no configuration', file, code: fn('import requests', 'requests.get("https://a", timeout=20)') },
    ...[
      { why: 'a limit below the function’s', code: fn('import requests', 'requests.get("https://a", timeout=2)') },
      {
        why: 'a limit that the code does not show',
        code: fn('import requests', 'requests.get("https://a", timeout=event["t"])'),
      },
      {
        why: 'a call with a limit of its own',
        code: fn('from net import client', 'client.get("https://a", timeout=1)'),
        beside: { 'net.py': 'import httpx\nclient = httpx.Client(timeout=30)\n' },
      },
    ].map((each) => ({ file, deployed, ...each })),
  ],
  invalid: [
    {
      why: 'requests',
      code: fn('import requests', 'requests.get("https://a", timeout=5)'),
      finds: ['3: `requests.get` may take 5 s, and the function "f" is killed after 3 s'],
      severity: 'error' as const,
      fixed: fn('import requests', 'requests.get("https://a", timeout=2.7)'),
    },
    {
      why: 'both parts together',
      code: fn('import requests', 'requests.get("https://a", timeout=(1, 2))'),
      finds: ['3: may take 3 s'],
    },
    {
      why: 'what the environment is given by default',
      code: fn(
        'import os, requests\nTIMEOUT = int(os.environ.get("TIMEOUT", "30"))',
        'requests.get("https://a", timeout=TIMEOUT)',
      ),
      finds: ['4: may take 30 s'],
    },
    {
      why: 'a client of AWS',
      code: fn(
        'import boto3\nfrom botocore.config import Config\ns3 = boto3.client("s3", config=Config(connect_timeout=5, read_timeout=60))',
        's3.get_object(Bucket=b, Key=k)',
      ),
      finds: ['3: `boto3.client` may take 65 s'],
    },
    {
      why: 'a client of another file, where it is used',
      code: fn('from net import client', 'client.get("https://a")'),
      beside: { 'net.py': 'import httpx\nclient = httpx.Client(timeout=30)\n' },
      finds: ['3: `client.get` may take 30 s'],
    },
    {
      why: 'a child process',
      code: fn('import subprocess', 'subprocess.run(["a"], timeout=60)'),
      finds: ['3: `subprocess.run` may take 60 s'],
    },
    {
      why: 'a pool manager',
      code: fn(
        'import urllib3\nhttp = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10))',
        'http.request("GET", "https://a")',
      ),
      finds: ['4: `http.request` may take 12 s'],
    },
  ].map((each) => ({ file, deployed, ...each })),
});
