import type { ClientDefaults, ClientFact } from './types.js';

/** Clients of Python. Seconds in code, milliseconds here. */

const requestsVerb = '(get|post|put|patch|delete|head|options|request)';

function limits(connectMs: number | null, requestMs: number | null, source: string, attempts = 1): ClientDefaults[] {
  return [{ versions: '*', connectMs, requestMs, attempts, source }];
}

const requestsSource = 'https://requests.readthedocs.io/en/latest/user/advanced/#timeouts';
const urlopenSource = 'https://docs.python.org/3/library/urllib.request.html#urllib.request.urlopen';
const httpClientSource = 'https://docs.python.org/3/library/http.client.html';
const urllib3Source = 'https://urllib3.readthedocs.io/en/stable/user-guide.html#using-timeouts';
const subprocessSource = 'https://docs.python.org/3/library/subprocess.html#subprocess.run';
const httpxSource = 'https://www.python-httpx.org/advanced/timeouts/';
const botoSource = 'https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html';
const pymysqlSource = 'https://pymysql.readthedocs.io/en/latest/modules/connections.html';
const postgresSource = 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT';
const redisSource = 'https://redis.readthedocs.io/en/stable/connections.html';
const mongoSource = 'https://pymongo.readthedocs.io/en/stable/api/pymongo/mongo_client.html';
const smtpSource = 'https://docs.python.org/3/library/smtplib.html';

/** The first that matches counts. */
export const pythonClients: readonly ClientFact[] = [
  {
    client: 'requests',
    language: 'python',
    packages: ['requests'],
    callee: new RegExp(`^requests(\\.sessions?)?(\\.[sS]ession\\(\\))?\\.${requestsVerb}$`),
    bounds: [['timeout']],
    defaults: limits(null, null, requestsSource),
    byDefault: 'requests waits for ever',
    write: '`timeout=seconds`',
    source: requestsSource,
    insert: 'timeout={s}',
  },
  {
    client: 'urlopen',
    language: 'python',
    packages: [],
    callee: /^urllib\.request\.urlopen$/,
    positional: 2,
    bounds: [['timeout']],
    defaults: limits(null, null, urlopenSource),
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: urlopenSource,
    insert: 'timeout={s}',
  },
  {
    client: 'http.client',
    language: 'python',
    packages: [],
    callee: /^http\.client\.HTTPS?Connection$/,
    positional: 2,
    bounds: [['timeout']],
    defaults: limits(null, null, httpClientSource),
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: httpClientSource,
    insert: 'timeout={s}',
  },
  {
    client: 'urllib3',
    language: 'python',
    packages: ['urllib3'],
    callee: /^urllib3\.(PoolManager\(\)\.(request|urlopen)|request)$/,
    bounds: [['timeout']],
    defaults: limits(null, null, urllib3Source, 4),
    byDefault: 'urllib3 waits for ever and retries three times',
    write: '`timeout=seconds` (here or on the PoolManager)',
    source: urllib3Source,
    insert: 'timeout={s}',
  },
  {
    client: 'subprocess',
    language: 'python',
    packages: [],
    callee: /^subprocess\.(run|call|check_call|check_output|Popen\(\)\.communicate|Popen\(\)\.wait)$/,
    bounds: [['timeout']],
    defaults: limits(null, null, subprocessSource),
    byDefault: 'it waits for ever for the program to end',
    write: '`timeout=seconds`',
    source: subprocessSource,
    insert: 'timeout={s}',
  },
  {
    client: 'httpx',
    language: 'python',
    packages: ['httpx'],
    callee: /^httpx\.(AsyncClient|Client|get|post|put|patch|delete|head|options|request|stream)$/,
    bounds: [['timeout']],
    defaults: limits(5_000, 5_000, httpxSource),
    byDefault: '`timeout=None` takes away its default of 5 s',
    write: '`timeout=seconds`, or leave it out',
    source: httpxSource,
    special: 'python-none-only',
  },
  {
    client: 'aiohttp',
    language: 'python',
    packages: ['aiohttp'],
    callee: /^aiohttp\.(ClientSession|request)$/,
    bounds: [['timeout']],
    defaults: [
      {
        versions: '*',
        connectMs: null,
        requestMs: 300_000,
        totalMs: 300_000,
        attempts: 1,
        source: 'https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts',
      },
    ],
    byDefault: '`timeout=None` takes away its default of 300 s in all',
    write: '`timeout=aiohttp.ClientTimeout(total=seconds)`',
    source: 'https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts',
    special: 'python-none-only',
  },
  {
    client: 'boto3',
    language: 'python',
    packages: ['boto3', 'botocore'],
    callee: /^boto3\.(session\.)?(Session\(\)\.|session\.Session\(\)\.)?(client|resource)$/,
    bounds: [['config']],
    defaults: [
      {
        versions: '*',
        connectMs: 60_000,
        requestMs: 60_000,
        attempts: 5,
        source: botoSource,
        note: 'DynamoDB: 10 attempts',
      },
    ],
    byDefault: 'it waits 60 s to connect and 60 s for an answer, five times over',
    write: '`config=Config(connect_timeout=…, read_timeout=…, retries={"total_max_attempts": …})`',
    source: botoSource,
    quiet: true,
    rule: 'aws-client-default',
    special: 'boto3',
  },
  {
    client: 'pymysql',
    language: 'python',
    packages: ['pymysql', 'PyMySQL'],
    callee: /^pymysql\.(connect|Connect|connections\.Connection)$/,
    bounds: [['read_timeout', 'write_timeout']],
    defaults: limits(10_000, null, pymysqlSource),
    byDefault: 'it connects within 10 s but a query waits for ever',
    write: '`read_timeout=seconds, write_timeout=seconds`',
    source: pymysqlSource,
  },
  {
    client: 'psycopg',
    language: 'python',
    packages: ['psycopg', 'psycopg2', 'psycopg2-binary'],
    callee: /^psycopg2?\.(connect|Connection\.connect|AsyncConnection\.connect)$/,
    bounds: [['options']],
    defaults: limits(130_000, null, postgresSource),
    byDefault: 'a statement waits for ever',
    write: '`connect_timeout=seconds, options="-c statement_timeout=ms"`',
    source: postgresSource,
  },
  {
    client: 'asyncpg',
    language: 'python',
    packages: ['asyncpg'],
    callee: /^asyncpg\.(connect|create_pool)$/,
    bounds: [['command_timeout']],
    defaults: limits(60_000, null, 'https://magicstack.github.io/asyncpg/current/api/index.html#connection'),
    byDefault: 'it connects within 60 s but a command waits for ever',
    write: '`command_timeout=seconds`',
    source: 'https://magicstack.github.io/asyncpg/current/api/index.html#connection',
    insert: 'command_timeout={s}',
  },
  {
    client: 'redis',
    language: 'python',
    packages: ['redis'],
    callee: /^redis\.(Redis|StrictRedis|Redis\.from_url|StrictRedis\.from_url|from_url)$/,
    bounds: [['socket_timeout']],
    defaults: [
      { versions: '>=8', connectMs: 5_000, requestMs: 5_000, attempts: 11, source: redisSource },
      { versions: '<8', connectMs: null, requestMs: null, attempts: 1, source: redisSource },
    ],
    byDefault: 'before redis-py 8 a command waits for ever',
    write: '`socket_timeout=seconds`',
    source: redisSource,
    insert: 'socket_timeout={s}',
  },
  {
    client: 'pymongo',
    language: 'python',
    packages: ['pymongo'],
    callee: /^pymongo\.(mongo_client\.)?MongoClient$/,
    bounds: [['socketTimeoutMS', 'timeoutMS', 'serverSelectionTimeoutMS']],
    defaults: limits(20_000, null, mongoSource, 2),
    byDefault: 'it looks 30 s for a server and then waits for ever for an answer',
    write: '`timeoutMS=ms`',
    source: mongoSource,
    insert: 'timeoutMS={ms}',
  },
  {
    client: 'smtplib',
    language: 'python',
    packages: [],
    callee: /^smtplib\.SMTP(_SSL)?$/,
    bounds: [['timeout']],
    defaults: limits(null, null, smtpSource),
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: smtpSource,
    insert: 'timeout={s}',
  },
];
