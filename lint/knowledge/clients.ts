/**
 * Clients that wait: what bounds them by default, and which option makes them stop. Measured against a server that
 * never answers where marked so; versions change these, so each has its source.
 */
export interface ClientFact {
  /** How messages name it. */
  readonly client: string;
  /** Matches the origin path of what is called: `axios.get`, `pg.Pool`, `requests.Session().get`. */
  readonly callee: RegExp;
  /** JavaScript: the index of the options argument. Python takes keywords; `positional` is where a bound may stand. */
  readonly options?: number;
  readonly positional?: number;
  /** Every group must have one of its options set, or the call can wait without end. */
  readonly bounds: readonly (readonly string[])[];
  /** What happens when nothing is set. Continues "…: ". */
  readonly byDefault: string;
  /** What to write. Continues "Set ". */
  readonly write: string;
  readonly source: string;
  /** Almost every handler has it and the default is bounded, or retried: said, but quietly. */
  readonly quiet?: true;
  /** The option that a fix inserts, with {ms} or {s} for the bound. */
  readonly insert?: string;
  /** Needs more than options: which check of the rule looks at it. */
  readonly special?: 'axios-create' | 'http' | 'aws-v3' | 'chain' | 'python-none-only' | 'boto3';
}

const fetchSource = 'https://undici.nodejs.org/#/docs/api/Client';
const axiosSource = 'https://axios-http.com/docs/req_config';
const awsSource = 'https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md';

const axios = {
  bounds: [['timeout', 'signal', 'cancelToken']],
  byDefault: 'axios waits for ever (`timeout: 0`)',
  write: '`timeout: ms` (or `signal: AbortSignal.timeout(ms)`)',
  source: axiosSource,
  insert: 'timeout: {ms}',
} as const;

/** JavaScript and TypeScript. The first that matches counts. */
export const javascriptClients: readonly ClientFact[] = [
  {
    client: 'fetch',
    callee:
      /^(global|undici|node-fetch|cross-fetch|node-fetch-native)\.fetch$|^(node-fetch|cross-fetch|isomorphic-fetch|isomorphic-unfetch|node-fetch-native)$/,
    options: 1,
    bounds: [['signal', 'timeout']],
    byDefault: 'Node waits 300 s for headers and 300 s between body parts, node-fetch for ever',
    write: '`signal: AbortSignal.timeout(ms)`',
    source: fetchSource,
    insert: 'signal: AbortSignal.timeout({ms})',
  },
  {
    client: 'undici.request',
    callee: /^undici\.(request|stream)$/,
    options: 1,
    bounds: [['signal', 'headersTimeout', 'dispatcher']],
    byDefault: 'undici waits 300 s for headers and 300 s between body parts',
    write: '`signal: AbortSignal.timeout(ms)`',
    source: fetchSource,
    insert: 'signal: AbortSignal.timeout({ms})',
  },
  { client: 'axios.create', callee: /^axios\.create$/, options: 0, special: 'axios-create', ...axios },
  { client: 'axios', callee: /^axios\.request$/, options: 0, ...axios },
  { client: 'axios', callee: /^axios(\.(get|delete|head|options))?$/, options: 1, ...axios },
  { client: 'axios', callee: /^axios\.(post|put|patch)(Form)?$/, options: 2, ...axios },
  {
    client: 'http.request',
    callee: /^https?\.(request|get)$/,
    bounds: [['signal', 'timeout']],
    byDefault: 'node:http waits for ever; `timeout` only emits an event, which nobody here answers',
    write: "`signal: AbortSignal.timeout(ms)`, or `timeout` and `req.on('timeout', () => req.destroy(…))`",
    source: 'https://nodejs.org/api/http.html#httprequesturl-options-callback',
    special: 'http',
  },
  {
    client: 'got',
    callee: /^got(\.(get|post|put|patch|head|delete|stream))?$/,
    options: 1,
    bounds: [['timeout', 'signal']],
    byDefault: 'got waits for ever and retries twice',
    write: '`timeout: { request: ms }`',
    source: 'https://github.com/sindresorhus/got/blob/main/documentation/6-timeout.md',
    insert: 'timeout: { request: {ms} }',
  },
  {
    client: 'superagent',
    callee: /^superagent\.(get|post|put|patch|head|del|delete)$/,
    bounds: [['timeout', 'abort']],
    byDefault: 'superagent waits for ever',
    write: '`.timeout(ms)`',
    source: 'https://forwardemail.github.io/superagent/#timeouts',
    special: 'chain',
  },
  {
    client: 'request',
    callee: /^(request|request-promise|request-promise-native)(\.(get|post|put|patch|del|delete|head))?$/,
    options: 0,
    bounds: [['timeout']],
    byDefault: 'request waits for ever',
    write: '`timeout: ms`',
    source: 'https://github.com/request/request#timeouts',
  },
  {
    client: 'AWS SDK v3 client',
    callee: /^@aws-sdk\/client-[\w-]+\.(?!\w*Command$|\w*Exception$)\w+$/,
    options: 0,
    bounds: [['requestHandler']],
    byDefault: 'a request may wait for ever (`defaultsMode` does not change that)',
    write: '`requestHandler: { connectionTimeout: ms, requestTimeout: ms, throwOnRequestTimeout: true }`',
    source: awsSource,
    quiet: true,
    special: 'aws-v3',
    insert: 'requestHandler: { requestTimeout: {ms}, throwOnRequestTimeout: true }',
  },
  {
    client: 'AWS SDK v2 client',
    callee: /^aws-sdk(\/clients\/\w+)?(\.[A-Z]\w*)+$/,
    options: 0,
    bounds: [['httpOptions']],
    byDefault: 'a request may idle 120 s and is then retried',
    write: '`httpOptions: { timeout: ms, connectTimeout: ms }`',
    source: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Config.html',
    quiet: true,
  },
  {
    client: 'pg',
    callee: /^pg\.(Client|Pool)$/,
    options: 0,
    bounds: [['connectionTimeoutMillis'], ['query_timeout', 'statement_timeout']],
    byDefault: 'pg waits for ever, both to connect and for a query',
    write: '`connectionTimeoutMillis` and `query_timeout` (or `statement_timeout`)',
    source: 'https://node-postgres.com/apis/client',
  },
  {
    client: 'mysql',
    callee: /^mysql2?(\/promise)?\.create(Connection|Pool)$/,
    options: 0,
    // A query's own `timeout` is the only bound there is: the rule looks for one before it reports.
    bounds: [['timeout']],
    byDefault: 'a connection is given 10 s but a query waits for ever',
    write: '`timeout: ms` on the query: `query({ sql, timeout: ms })`',
    source: 'https://github.com/mysqljs/mysql#timeouts',
  },
  {
    client: 'ioredis',
    callee: /^ioredis(\.Redis)?$/,
    options: 0,
    bounds: [['commandTimeout', 'maxRetriesPerRequest']],
    byDefault: 'a command waits through 20 reconnects, and for ever on a connection that hangs',
    write: '`commandTimeout: ms`',
    source: 'https://redis.github.io/ioredis/interfaces/CommonRedisOptions.html',
  },
  {
    client: 'redis',
    callee: /^(redis|@redis\/client)\.createClient$/,
    options: 0,
    bounds: [['socket', 'commandOptions']],
    byDefault: 'it connects within 5 s but a command waits for ever',
    write: '`socket: { socketTimeout: ms }`',
    source: 'https://github.com/redis/node-redis/blob/master/docs/client-configuration.md',
    quiet: true,
  },
  {
    client: 'mongodb',
    callee: /^mongodb\.MongoClient(\.connect)?$|^mongoose\.(connect|createConnection)$/,
    options: 1,
    bounds: [['socketTimeoutMS', 'timeoutMS', 'serverSelectionTimeoutMS']],
    byDefault: 'it looks 30 s for a server and then waits for ever for an answer',
    write: '`serverSelectionTimeoutMS: ms` and `socketTimeoutMS: ms` (`timeoutMS` has no effect in 7.8)',
    source: 'https://www.mongodb.com/docs/drivers/node/current/connect/connection-options/',
    quiet: true,
  },
  {
    client: 'OpenAI or Anthropic client',
    callee: /^(openai|@anthropic-ai\/sdk)(\.(OpenAI|Anthropic))?$/,
    options: 0,
    bounds: [['timeout']],
    byDefault: 'a request may take 600 s and is retried twice',
    write: '`timeout: ms`',
    source: 'https://github.com/openai/openai-node#timeouts',
    quiet: true,
  },
];

const requestsVerb = '(get|post|put|patch|delete|head|options|request)';

/** Python. The first that matches counts. */
export const pythonClients: readonly ClientFact[] = [
  {
    client: 'requests',
    callee: new RegExp(`^requests(\\.sessions?)?(\\.[sS]ession\\(\\))?\\.${requestsVerb}$`),
    bounds: [['timeout']],
    byDefault: 'requests waits for ever',
    write: '`timeout=seconds`',
    source: 'https://requests.readthedocs.io/en/latest/user/advanced/#timeouts',
    insert: 'timeout={s}',
  },
  {
    client: 'urlopen',
    callee: /^urllib\.request\.urlopen$/,
    positional: 2,
    bounds: [['timeout']],
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: 'https://docs.python.org/3/library/urllib.request.html#urllib.request.urlopen',
    insert: 'timeout={s}',
  },
  {
    client: 'http.client',
    callee: /^http\.client\.HTTPS?Connection$/,
    positional: 2,
    bounds: [['timeout']],
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: 'https://docs.python.org/3/library/http.client.html',
    insert: 'timeout={s}',
  },
  {
    client: 'urllib3',
    callee: /^urllib3\.(PoolManager\(\)\.(request|urlopen)|request)$/,
    bounds: [['timeout']],
    byDefault: 'urllib3 waits for ever and retries three times',
    write: '`timeout=seconds` (here or on the PoolManager)',
    source: 'https://urllib3.readthedocs.io/en/stable/user-guide.html#using-timeouts',
    insert: 'timeout={s}',
  },
  {
    client: 'subprocess',
    callee: /^subprocess\.(run|call|check_call|check_output|Popen\(\)\.communicate|Popen\(\)\.wait)$/,
    bounds: [['timeout']],
    byDefault: 'it waits for ever for the program to end',
    write: '`timeout=seconds`',
    source: 'https://docs.python.org/3/library/subprocess.html#subprocess.run',
    insert: 'timeout={s}',
  },
  {
    client: 'httpx',
    callee: /^httpx\.(AsyncClient|Client|get|post|put|patch|delete|head|options|request|stream)$/,
    bounds: [['timeout']],
    byDefault: '`timeout=None` takes away its default of 5 s',
    write: '`timeout=seconds`, or leave it out',
    source: 'https://www.python-httpx.org/advanced/timeouts/',
    special: 'python-none-only',
  },
  {
    client: 'boto3',
    callee: /^boto3\.(session\.)?(Session\(\)\.|session\.Session\(\)\.)?(client|resource)$/,
    bounds: [['config']],
    byDefault: 'it waits 60 s to connect and 60 s for an answer, five times over',
    write: '`config=Config(connect_timeout=…, read_timeout=…, retries={"total_max_attempts": …})`',
    source: 'https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html',
    quiet: true,
    special: 'boto3',
  },
  {
    client: 'pymysql',
    callee: /^pymysql\.(connect|Connect|connections\.Connection)$/,
    bounds: [['read_timeout', 'write_timeout']],
    byDefault: 'it connects within 10 s but a query waits for ever',
    write: '`read_timeout=seconds, write_timeout=seconds`',
    source: 'https://pymysql.readthedocs.io/en/latest/modules/connections.html',
  },
  {
    client: 'psycopg',
    callee: /^psycopg2?\.(connect|Connection\.connect|AsyncConnection\.connect)$/,
    bounds: [['options']],
    byDefault: 'a statement waits for ever',
    write: '`connect_timeout=seconds, options="-c statement_timeout=ms"`',
    source: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT',
  },
  {
    client: 'redis',
    callee: /^redis\.(Redis|StrictRedis|Redis\.from_url|StrictRedis\.from_url|from_url)$/,
    bounds: [['socket_timeout']],
    byDefault: 'before redis-py 8 a command waits for ever',
    write: '`socket_timeout=seconds`',
    source: 'https://redis.readthedocs.io/en/stable/connections.html',
    quiet: true,
    insert: 'socket_timeout={s}',
  },
  {
    client: 'pymongo',
    callee: /^pymongo\.(mongo_client\.)?MongoClient$/,
    bounds: [['socketTimeoutMS', 'timeoutMS', 'serverSelectionTimeoutMS']],
    byDefault: 'it looks 30 s for a server and then waits for ever for an answer',
    write: '`timeoutMS=ms`',
    source: 'https://pymongo.readthedocs.io/en/stable/api/pymongo/mongo_client.html',
    quiet: true,
    insert: 'timeoutMS={ms}',
  },
  {
    client: 'smtplib',
    callee: /^smtplib\.SMTP(_SSL)?$/,
    bounds: [['timeout']],
    byDefault: 'it waits for ever',
    write: '`timeout=seconds`',
    source: 'https://docs.python.org/3/library/smtplib.html',
    insert: 'timeout={s}',
  },
];
