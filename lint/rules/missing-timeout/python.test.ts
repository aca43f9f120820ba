import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('missing-timeout', {
  valid: [
    {
      why: 'ignored by its client',
      file: 'handler.py',
      code: `import requests\nrequests.get("https://a")`,
      options: { ignore: ['requests'] },
    },
    {
      why: 'a partial with a limit',
      code: `import functools\nimport requests\nget = functools.partial(requests.get, timeout=2)\nget("https://a")`,
    },
    {
      why: 'a session whose request has a limit',
      code: `import functools\nimport requests\ns = requests.Session()\ns.request = functools.partial(s.request, timeout=2)\ns.get("https://a")`,
    },
    {
      why: 'an adapter of the project that sets one, in another file',
      code: `import requests\nfrom lib.http import TimeoutAdapter\ns = requests.Session()\ns.mount("https://", TimeoutAdapter())\ns.get("https://a")`,
      beside: {
        'lib/http.py': `from requests.adapters import HTTPAdapter\nclass TimeoutAdapter(HTTPAdapter):\n    def send(self, request, **kw):\n        kw.setdefault("timeout", 2)\n        return super().send(request, **kw)`,
      },
    },
    {
      why: 'a session with a limit of its own, made in another file',
      code: `from lib.http import session\nsession.get("https://a")`,
      beside: {
        'lib/http.py': `import requests\nclass Http(requests.Session):\n    def request(self, *args, **kw):\n        return super().request(*args, timeout=kw.pop("timeout", 2), **kw)\nsession = Http()`,
      },
    },
    {
      why: 'kwargs that are filled before the call',
      code: `import requests\ndef call(method, url, **kwargs):\n    if "timeout" not in kwargs:\n        kwargs["timeout"] = 90\n    return requests.request(method, url, **kwargs)`,
    },
    { why: 'a constant', code: `import requests\nTIMEOUT = (3.05, 5)\nrequests.get("https://a", timeout=TIMEOUT)` },
    {
      why: 'a function that hands a limit on',
      code: `import requests\ndef get(url, timeout=None):\n    return requests.get(url, timeout=timeout)`,
    },
    {
      why: 'requests of google.auth',
      code: `from google.auth.transport import requests\nr = requests.Request()\ns = requests.AuthorizedSession(c)\ns.get("https://a")`,
    },
    {
      why: 'the extension API, by its address',
      code: `import os, requests\nBASE = "http://{}/2020-01-01/extension".format(os.environ["AWS_LAMBDA_RUNTIME_API"])\nrequests.post(url=f"{BASE}/register", json={})\nrequests.get(f"{BASE}/event/next", timeout=None)`,
    },
    {
      why: 'the extension API, in a field',
      code: `import os, urllib.request\nclass Api:\n    def __init__(self):\n        self.base = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/x"\n    def next(self):\n        return urllib.request.urlopen(self.base + "/next")`,
    },
    {
      why: 'a default for all sockets, set in an imported file',
      code: `import urllib.request\nimport setup\nurllib.request.urlopen("https://a")`,
      beside: { 'setup.py': 'import socket\nsocket.setdefaulttimeout(3)\n' },
    },
    { why: 'an alarm', code: `import signal, subprocess\nsignal.alarm(5)\nsubprocess.run(["ffmpeg"])` },
    {
      why: 'wait_for',
      code: `import asyncio, asyncpg\nasync def f():\n    return await asyncio.wait_for(asyncpg.connect(dsn), 2)`,
    },
    {
      why: 'a decorator that limits',
      code: `import requests\n@timeout(5)\ndef load():\n    return requests.get("https://a")`,
    },
    {
      why: 'http.client with one',
      code: `from http.client import HTTPSConnection\nc = HTTPSConnection("a", 443, timeout=2)`,
    },
    {
      why: 'a pool manager with one',
      code: `import urllib3\nhttp = urllib3.PoolManager(num_pools=1, timeout=urllib3.Timeout(2))\nhttp.request("GET", "https://a")`,
    },
    {
      why: 'a pool manager with one, in another file',
      code: `from net import http\nhttp.request("GET", "https://a")`,
      beside: { 'net.py': 'import urllib3\nhttp = urllib3.PoolManager(timeout=2)\n' },
    },
    {
      why: 'a child process with one',
      code: `import subprocess\np = subprocess.Popen(["a"])\np.wait(5)\np.communicate(timeout=5)`,
    },
    { why: 'pymysql with both', code: `import pymysql\npymysql.connect(host="h", read_timeout=2, write_timeout=2)` },
    { why: 'mysql.connector has 10 s', code: `import mysql.connector\nc = mysql.connector.connect(host="h")` },
    {
      why: 'a dictionary of options that may have one',
      code: `import pymysql\nfrom settings import options\npymysql.connect(**options)`,
    },
    {
      why: 'a dictionary of options that gets one',
      code: `import pymysql\noptions = {"host": "h"}\noptions["read_timeout"] = 2\npymysql.connect(**options)`,
    },
    {
      why: 'a limit in the DSN',
      code: `import psycopg2\npsycopg2.connect("host=h options='-c statement_timeout=900'")`,
    },
    {
      why: 'an engine with a limit',
      code: `import sqlalchemy\nsqlalchemy.create_engine("mysql+pymysql://u@h/d", connect_args={"read_timeout": 2})`,
    },
    { why: 'an engine whose driver nothing shows', code: `from sqlalchemy import create_engine\ncreate_engine(url)` },
    { why: 'an engine of SQLite', code: `from sqlalchemy import create_engine\ncreate_engine("sqlite:///a.db")` },
    {
      why: 'an engine that somebody else connects',
      code: `from sqlalchemy import create_engine\ncreate_engine("postgresql+pg8000://", creator=getconn)`,
    },
    { why: 'redis-py 8', code: `import redis\nr = redis.Redis(host="h")`, installed: { redis: '8.0.0' } },
    {
      why: 'a client of a pool that has a limit',
      code: `import redis\npool = redis.ConnectionPool(host="h", socket_timeout=2)\nr = redis.Redis(connection_pool=pool)`,
      installed: { redis: '6.0.0' },
    },
    {
      why: 'pymongo with one in its address',
      code: `from pymongo import MongoClient\nMongoClient("mongodb://h/?socketTimeoutMS=900")`,
    },
    {
      why: 'clients that have limits',
      code: `from google.cloud import storage\nfrom slack_sdk import WebClient\nfrom opensearchpy import OpenSearch\nstorage.Client()\nWebClient(token=t)\nOpenSearch(hosts=h)`,
    },
    { why: 'a mock', code: `from unittest import mock\nrequests = mock.Mock()\nrequests.get("https://a")` },
    {
      why: 'the project’s own module',
      code: `from lib import requests\nrequests.get("https://a")`,
      beside: { 'lib/requests.py': 'def get(url): ...\n' },
    },
    {
      why: 'what another file does is said there',
      code: `from lib import load\nload()`,
      beside: { 'lib.py': 'import requests\ndef load():\n    return requests.get("https://a")\n' },
    },
    { why: 'a socket with one', code: `import socket\nsocket.create_connection(("h", 1), 2)` },
    { why: 'FTP that connects later', code: `import ftplib\nf = ftplib.FTP()\nf.connect("h", 21, timeout=2)` },
  ].map((each) => ({ file, ...each })),
  invalid: [
    {
      why: 'an address that only development is given',
      file: 'handler.py',
      code: `import os\nimport requests\nHOST = os.environ.get("HOST", "localhost")\nrequests.get(f"http://{HOST}/a")`,
      finds: ['4: requests'],
    },
    {
      why: 'inside a function that imports it',
      code: `def handler(event, context):\n    import requests\n    return requests.get("https://a.example/x").json()`,
      finds: ['3: `requests.get`'],
      fixed: `def handler(event, context):\n    import requests\n    return requests.get("https://a.example/x", timeout=2.5).json()`,
    },
    {
      why: 'the copy in botocore',
      code: `from botocore.vendored import requests\nrequests.post("https://a", data=d)`,
      finds: ['2: `requests.post`'],
    },
    {
      why: 'of a module without its part',
      code: `import urllib\nurllib.request.urlopen(req).read().decode()`,
      finds: ['2: `urllib.request.urlopen`'],
    },
    {
      why: 'a session of a class in another file',
      code: `from lib import Api\nApi().http.get("https://a")`,
      beside: {
        'lib.py': 'import requests\nclass Api:\n    def __init__(self):\n        self.http = requests.Session()\n',
      },
      finds: ['2: `Api().http.get`'],
    },
    {
      why: 'a session with an adapter of requests',
      code: `import requests\nfrom requests.adapters import HTTPAdapter\ns = requests.Session()\ns.mount("https://", HTTPAdapter(max_retries=3))\ns.get("https://a")`,
      finds: ['5: `s.get`'],
    },
    {
      why: 'another session than the one with a limit',
      code: `import functools, requests\na = requests.Session()\na.request = functools.partial(a.request, timeout=2)\nb = requests.Session()\nb.get("https://a")`,
      finds: ['5: `b.get`'],
    },
    {
      why: 'OAuth',
      code: `from requests_oauthlib import OAuth1Session\nt = OAuth1Session(k)\nt.post("https://api.example/1", json=p)`,
      finds: ['3: `t.post`'],
    },
    {
      why: 'a parameter with a type',
      code: `import requests\ndef load(s: requests.Session):\n    return s.get("https://a")`,
      finds: ['3: `s.get`'],
    },
    {
      why: 'urlretrieve',
      code: `from urllib.request import urlretrieve\nurlretrieve("https://a", "/tmp/a")`,
      finds: ['2: takes no limit of its own'],
    },
    {
      why: 'an opener',
      code: `import urllib.request\no = urllib.request.build_opener()\no.open("https://a")`,
      finds: ['3: `o.open`'],
    },
    {
      why: 'a pool manager',
      code: `import urllib3\nhttp = urllib3.PoolManager()\ndef send(url):\n    http.request("PUT", url, body=b, retries=False)`,
      finds: ['4: `http.request`'],
    },
    {
      why: 'a child process',
      code: `import subprocess\np = subprocess.Popen(["a"])\nout, err = p.communicate()`,
      finds: ['3: `p.communicate`'],
    },
    {
      why: 'options in a dictionary',
      code: `import pymysql\noptions = {"host": "h", "autocommit": True}\noptions["db"] = "d"\npymysql.connect(**options, port=1)`,
      finds: ['4: read_timeout'],
    },
    {
      why: 'a pool of psycopg2',
      code: `import psycopg2.pool\nc = {"user": "u"}\npool = psycopg2.pool.ThreadedConnectionPool(minconn=1, maxconn=3, **c)`,
      finds: ['3: statement_timeout'],
    },
    {
      why: 'an engine',
      code: `import sqlalchemy\ndef connect(config):\n    return sqlalchemy.create_engine(sqlalchemy.engine.url.URL.create(drivername="postgresql+pg8000", host="h"), **config)\nengine = connect({"pool_timeout": 30})`,
      finds: ['3: `pool_timeout` only bounds'],
    },
    {
      why: 'an engine with one of two arguments',
      code: `from sqlalchemy import create_engine\nargs = {}\nif ssl:\n    args = {"ssl_ca": "a"}\ne = create_engine("mysql+pymysql://u@h/d", connect_args=args, pool_timeout=30)`,
      finds: ['5: `create_engine`'],
    },
    {
      why: 'redis-py 6',
      code: `import redis\nr = redis.StrictRedis(host=h, port=6379)`,
      installed: { redis: '6.4.0' },
      finds: ['2: `redis.StrictRedis`'],
      severity: 'warning' as const,
    },
    {
      why: 'smtplib',
      code: `import smtplib\nwith smtplib.SMTP("h", 587) as s:\n    s.sendmail(a, b, c)`,
      finds: ['2: `smtplib.SMTP`'],
      fixed: `import smtplib\nwith smtplib.SMTP("h", 587, timeout=2.5) as s:\n    s.sendmail(a, b, c)`,
    },
    { why: 'ftplib', code: `from ftplib import FTP\nf = FTP("h", "u", "p")`, finds: ['2: `FTP`'] },
    {
      why: 'paramiko',
      code: `import paramiko\nc = paramiko.SSHClient()\nc.connect("h", username="u")`,
      finds: ['3: `c.connect`'],
    },
    {
      why: 'pg8000',
      code: `import pg8000.native\nc = pg8000.native.Connection("u", host="h")`,
      finds: ['2: `pg8000.native.Connection`'],
    },
    {
      why: 'a socket',
      code: `import socket\ns = socket.create_connection(("h", 1))`,
      finds: ['2: `socket.create_connection`'],
    },
    {
      why: 'openai is said quietly',
      code: `from openai import OpenAI\nc = OpenAI()`,
      finds: ['2: 600 s'],
      severity: 'info' as const,
    },
    {
      why: 'a retry does not end a call',
      code: `import requests\nfrom google.api_core import retry\n@retry.Retry()\ndef load(url):\n    return requests.get("https://a")`,
      finds: ['5: `requests.get`'],
    },
  ].map((each) => ({ file, ...each })),
});
