import type { ClientDefaults, ClientFact } from './types.js';

/** Databases and caches, in JavaScript and TypeScript. */

function connects(connectMs: number | null, source: string, attempts = 1): readonly ClientDefaults[] {
  return [{ versions: '*', connectMs, requestMs: null, attempts, source }];
}

const pgSource = 'https://node-postgres.com/apis/client';
const mysqlSource = 'https://github.com/mysqljs/mysql#timeouts';
const mongoSource = 'https://www.mongodb.com/docs/drivers/node/current/connect/connection-options/';
const redisSource = 'https://github.com/redis/node-redis/blob/master/docs/client-configuration.md';

const pg = {
  client: 'pg',
  language: 'javascript',
  packages: ['pg'],
  options: 0,
  bounds: [['connectionTimeoutMillis'], ['query_timeout', 'statement_timeout']],
  defaults: connects(null, pgSource),
  byDefault: 'pg waits for ever, both to connect and for a query',
  write: '`connectionTimeoutMillis` and `query_timeout` (or `statement_timeout`)',
  source: pgSource,
  insert: 'connectionTimeoutMillis: {ms}, query_timeout: {ms}',
} as const;

const mysql = {
  language: 'javascript',
  options: 0,
  // A query's own `timeout` is the only bound there is: the analysis looks for one before it reports.
  bounds: [['timeout']],
  special: 'per-query',
  byDefault: 'a connection is given 10 s but a query waits for ever',
  write: '`timeout: ms` on the query: `query({ sql, timeout: ms })`',
  source: mysqlSource,
} as const;

export const databases: readonly ClientFact[] = [
  { ...pg, callee: /^pg(\.native)?\.(Client|Pool)$/ },
  { ...pg, callee: /^pg-pool$/ },
  { ...pg, client: 'pg-promise', packages: ['pg-promise'], callee: /^pg-promise\(\)$/ },
  {
    client: 'postgres',
    language: 'javascript',
    packages: ['postgres'],
    callee: /^postgres$/,
    bounds: [['statement_timeout', 'connection.statement_timeout']],
    defaults: connects(30_000, 'https://github.com/porsager/postgres#connection-details'),
    byDefault: 'it connects within 30 s but a query waits for ever',
    write: '`connection: { statement_timeout: ms }`',
    source: 'https://github.com/porsager/postgres#connection-details',
    special: 'last-options',
  },
  {
    ...mysql,
    client: 'mysql',
    packages: ['mysql2', 'mysql'],
    callee: /^mysql2?(\/promise)?\.create(Connection|Pool)(Promise)?$|^promise-mysql\.create(Connection|Pool)$/,
    defaults: connects(10_000, mysqlSource),
  },
  {
    ...mysql,
    client: 'serverless-mysql',
    packages: ['serverless-mysql'],
    callee: /^serverless-mysql$/,
    defaults: connects(10_000, 'https://github.com/jeremydaly/serverless-mysql#configuration-options'),
  },
  {
    client: 'knex',
    language: 'javascript',
    packages: ['knex'],
    callee: /^knex(\.(knex|Knex))?$/,
    options: 0,
    bounds: [['connection.statement_timeout', 'connection.query_timeout']],
    defaults: connects(60_000, 'https://knexjs.org/guide/#acquireconnectiontimeout'),
    byDefault: 'it is given 60 s for a connection of the pool, but a query waits for ever',
    write: '`query_timeout: ms` in `connection` (PostgreSQL), or `.timeout(ms)` on the query',
    source: 'https://knexjs.org/guide/query-builder.html#timeout',
    special: 'knex',
  },
  {
    client: 'ioredis',
    language: 'javascript',
    packages: ['ioredis'],
    callee: /^ioredis(\.(Redis|Cluster))?$/,
    options: 0,
    bounds: [['commandTimeout', 'maxRetriesPerRequest']],
    defaults: connects(10_000, 'https://redis.github.io/ioredis/interfaces/CommonRedisOptions.html', 21),
    byDefault: 'a command waits through 20 reconnects, and for ever on a connection that hangs',
    write: '`commandTimeout: ms`',
    source: 'https://redis.github.io/ioredis/interfaces/CommonRedisOptions.html',
    special: 'last-options',
  },
  {
    client: 'redis',
    language: 'javascript',
    packages: ['redis', '@redis/client'],
    callee: /^(redis|@redis\/client)\.createC(lient|luster)$/,
    options: 0,
    bounds: [['socket.socketTimeout', 'commandOptions', 'command_timeout', 'connect_timeout', 'retry_strategy']],
    defaults: [
      { versions: '>=4', connectMs: 5_000, requestMs: null, attempts: 1, source: redisSource },
      {
        versions: '<4',
        connectMs: 3_600_000,
        requestMs: null,
        attempts: 1,
        source: 'https://github.com/redis/node-redis/blob/v3.1.2/README.md#options-object-properties',
      },
    ],
    byDefault: 'it connects within 5 s but a command waits for ever',
    write: '`socket: { socketTimeout: ms }`',
    source: redisSource,
    special: 'last-options',
  },
  {
    client: '@upstash/redis',
    language: 'javascript',
    packages: ['@upstash/redis'],
    callee: /^@upstash\/redis(\/\w+)?\.Redis(\.fromEnv)?$/,
    bounds: [['signal']],
    defaults: [
      {
        versions: '*',
        connectMs: 10_000,
        requestMs: 300_000,
        attempts: 6,
        source: 'https://upstash.com/docs/redis/sdks/ts/advanced',
      },
    ],
    byDefault: 'it asks over HTTP with the limits of fetch, 300 s, and tries five times more',
    write: '`signal: () => AbortSignal.timeout(ms)`',
    source: 'https://upstash.com/docs/redis/sdks/ts/advanced',
    quiet: true,
    special: 'last-options',
  },
  {
    client: 'mongodb',
    language: 'javascript',
    packages: ['mongodb', 'mongoose'],
    callee: /^mongodb\.MongoClient(\.connect)?$|^mongoose(\.Mongoose)?\.(connect|createConnection)$/,
    options: 1,
    bounds: [['socketTimeoutMS', 'timeoutMS', 'serverSelectionTimeoutMS', 'maxTimeMS']],
    defaults: [{ versions: '*', connectMs: 30_000, requestMs: null, attempts: 2, source: mongoSource }],
    byDefault: 'it looks 30 s for a server and then waits for ever for an answer',
    write: '`serverSelectionTimeoutMS: ms` and `socketTimeoutMS: ms` (`timeoutMS` has no effect in 7.8)',
    source: mongoSource,
    insert: 'serverSelectionTimeoutMS: {ms}, socketTimeoutMS: {ms}',
  },
  {
    client: 'elasticsearch',
    language: 'javascript',
    packages: ['@elastic/elasticsearch', '@opensearch-project/opensearch'],
    callee: /^(@elastic\/elasticsearch|@opensearch-project\/opensearch)\.Client$/,
    options: 0,
    bounds: [['requestTimeout']],
    defaults: [
      {
        versions: '*',
        connectMs: null,
        requestMs: 30_000,
        totalMs: 30_000,
        attempts: 4,
        source: 'https://www.elastic.co/docs/reference/elasticsearch/clients/javascript/basic-config',
      },
    ],
    byDefault: 'a request may take 30 s and is tried again, three times',
    write: '`requestTimeout: ms`',
    source: 'https://www.elastic.co/docs/reference/elasticsearch/clients/javascript/basic-config',
  },
];
