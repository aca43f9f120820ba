import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('ineffective-timeout', {
  valid: [
    { why: 'a limit', code: `import requests\nrequests.get("https://a", timeout=2)` },
    { why: 'none at all is another rule’s', code: `import requests\nrequests.get("https://a")` },
    {
      why: 'a parameter that is None by default',
      code: `import requests\ndef get(url, timeout=None):\n    return requests.get(url, timeout=timeout)`,
    },
    { why: 'both parts', code: `import requests\nrequests.get("https://a", timeout=(3, 10))` },
    {
      why: 'waiting for the next event of an extension',
      code: `import os, requests\nrequests.get(f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/next", timeout=None)`,
    },
    {
      why: 'httpx as it is',
      code: `import httpx\nhttpx.get("https://a")\nhttpx.Client(timeout=httpx.Timeout(5, read=None))`,
    },
    {
      why: 'aiohttp with a limit for reading',
      code: `import aiohttp\ns = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_read=5))`,
    },
    {
      why: 'aiohttp within a limit',
      code: `import aiohttp, asyncio\nasync def f():\n    async with asyncio.timeout(5):\n        await aiohttp.request("GET", "https://a", timeout=None)`,
    },
    { why: 'an attribute of something else', code: `conn = connect()\nconn.timeout = 5` },
    { why: 'no options for a database', code: `import psycopg2\npsycopg2.connect(dsn, options=None)` },
  ].map((each) => ({ file, ...each })),
  invalid: [
    {
      why: 'None',
      code: `import requests\nrequests.get(url, timeout=None)`,
      finds: ['2: `timeout=None` switches the limit of `requests.get` off'],
      severity: 'error' as const,
      fixed: `import requests\nrequests.get(url, timeout=2.5)`,
    },
    {
      why: 'None behind a name',
      code: `import requests\nTIMEOUT = None\nrequests.get(url, timeout=TIMEOUT)`,
      finds: ['3: `timeout=TIMEOUT`'],
    },
    {
      why: 'None of another file',
      code: `import requests\nfrom settings import TIMEOUT\nrequests.get(url, timeout=TIMEOUT)`,
      beside: { 'settings.py': 'TIMEOUT = None\n' },
      finds: ['3: `timeout=TIMEOUT`'],
    },
    {
      why: 'None for reading',
      code: `import requests\nrequests.post(url, timeout=(3, None))`,
      finds: ['2: waits for ever for the answer'],
      fixed: `import requests\nrequests.post(url, timeout=(3, 2.5))`,
    },
    {
      why: 'an attribute that nobody reads',
      code: `import requests\ns = requests.Session()\ns.timeout = 5\ns.get("https://a", timeout=5)`,
      finds: ['3: requests never reads `timeout`'],
    },
    {
      why: 'httpx with its default taken away',
      code: `import httpx\nclient = httpx.Client(timeout=None)`,
      finds: ['2: `httpx.Client`'],
      fixed: `import httpx\nclient = httpx.Client(timeout=2.5)`,
    },
    {
      why: 'httpx with a Timeout of None',
      code: `import httpx\nclient = httpx.AsyncClient(timeout=httpx.Timeout(None))`,
      finds: ['2: `httpx.AsyncClient`'],
    },
    {
      why: 'aiohttp without a total',
      code: `import aiohttp\ns = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))`,
      finds: ['2: `total=None`'],
      fixed: `import aiohttp\ns = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2.5))`,
    },
    {
      why: 'aiohttp with a total of 0',
      code: `import aiohttp\ns = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0))`,
      finds: ['2: `total=0`'],
    },
    { why: 'urlopen', code: `from urllib.request import urlopen\nurlopen(url, timeout=None)`, finds: ['2: `urlopen`'] },
    {
      why: 'a child process',
      code: `import subprocess\nsubprocess.run(["a"], timeout=None)`,
      finds: ['2: `subprocess.run`'],
    },
    {
      why: 'redis',
      code: `import redis\nr = redis.Redis(host="h", socket_timeout=None)`,
      finds: ['2: `socket_timeout=None`'],
    },
    {
      why: 'a client of AWS',
      code: `import boto3\nfrom botocore.config import Config\ns3 = boto3.client("s3", config=Config(connect_timeout=1, read_timeout=None))`,
      finds: ['3: `read_timeout=None`'],
    },
  ].map((each) => ({ file, ...each })),
});
