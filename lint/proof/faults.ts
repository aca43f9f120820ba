import type { Dependency } from '../../emulator/contract/findings.js';
import type { FaultSpec } from '../../emulator/contract/faults.js';

/** How a dependency is broken, and only it: by kinds of faults that act inside the function's own process. */

export interface Broken {
  readonly fault: FaultSpec;
  /** Follows "While": `api.example.com never answered`. */
  readonly breaks: string;
}

/** Clients that speak no HTTP, or whose HTTP the hooks do not see: they are reached by their connections. */
const BY_CONNECTION =
  /^(pg|postgres|mysql2?|mariadb|ioredis|redis|mongo(db|ose)?|pymongo|motor|psycopg2?|pymysql|asyncpg|aiomysql|aioredis|nodemailer|smtplib|amqplib|pika|kafkajs|kafka|memcached|net|tls|socket|ssh2|ftplib|httpx|aiohttp|sqlalchemy|knex|sequelize|typeorm|prisma|tedious|mssql|oracledb)\b/i;
const AWS = /^(aws|boto|@aws-sdk)/i;

export const isAws = ({ client = '', service }: Partial<Dependency>): boolean =>
  service !== undefined || AWS.test(client);

/** A database's connection can be kept from coming about, not its queries. */
export const onlyConnections = ({ client = '' }: Partial<Dependency>): boolean =>
  BY_CONNECTION.test(client) && !/^(httpx|aiohttp|net|tls|socket)\b/i.test(client);

function scope({ host, service }: Partial<Dependency>): Readonly<Record<string, unknown>> {
  return {
    ...(host === undefined || /[\s/]/.test(host) ? {} : { hosts: [host] }),
    ...(service === undefined || !/^[\w *-]+$/.test(service) ? {} : { service }),
  };
}

const whoOf = ({ client, host, service }: Partial<Dependency>): string =>
  host ?? service ?? (client === undefined ? 'everything that it calls' : `the other side of ${client}`);

const hostsOnly = ({ host }: Partial<Dependency>): Readonly<Record<string, unknown>> =>
  scope(host === undefined ? {} : { host });

/** It never answers. */
export function hanging(name: string, to: Partial<Dependency> = {}): Broken {
  const breaks = `${whoOf(to)} never answered`;
  if (BY_CONNECTION.test(to.client ?? ''))
    return { fault: { kind: 'network', function: name, params: { mode: 'timeout', ...hostsOnly(to) } }, breaks };
  return { fault: { kind: 'http', function: name, params: { mode: 'hang', ...scope(to) } }, breaks };
}

/** The errors that services have for what code looks at: not there, or a condition that does not hold. */
const SERVICE_ERRORS: Readonly<Record<string, string>> = {
  s3: 'NoSuchKey',
  sqs: 'QueueDoesNotExist',
  dynamodb: 'ConditionalCheckFailedException',
  'cognito-identity-provider': 'UserNotFoundException',
};

/** It fails at once: a service of AWS denies access, which no SDK retries; others reset or refuse the connection. */
export function failing(name: string, to: Partial<Dependency> = {}): Broken {
  if (isAws(to)) return serviceError(name, to, to.service === 's3' ? 'AccessDenied' : 'AccessDeniedException');
  if (to.client === undefined || BY_CONNECTION.test(to.client))
    return {
      fault: { kind: 'network', function: name, params: { mode: 'refused', ...hostsOnly(to) } },
      breaks: `${whoOf(to)} refused the connection`,
    };
  return {
    fault: { kind: 'http', function: name, params: { mode: 'reset', ...scope(to) } },
    breaks: `${whoOf(to)} reset the connection`,
  };
}

/** The error of the service that its callers are made to handle. @param code the one that the code looks for */
export function expectedError(name: string, to: Partial<Dependency> = {}, code?: string): Broken {
  if (code !== undefined && /^\d+$/.test(code)) return serverError(name, to, Number(code));
  return serviceError(name, to, code ?? SERVICE_ERRORS[to.service ?? ''] ?? 'ResourceNotFoundException');
}

function serviceError(name: string, to: Partial<Dependency>, errorCode: string): Broken {
  const who = to.service ?? 'the AWS service';
  return {
    fault: { kind: 'http', function: name, params: { ...scope(to), errorCode } },
    breaks: `${who} answered ${errorCode}`,
  };
}

/** The connection breaks once it is made: what an emitter tells as `error`. */
export function resetting(name: string, to: Partial<Dependency> = {}): Broken {
  return {
    fault: { kind: 'network', function: name, params: { mode: 'reset', ...hostsOnly(to) } },
    breaks: `${whoOf(to)} reset the connection`,
  };
}

/** It answers with an error page where JSON is expected. */
export function badBody(name: string, to: Partial<Dependency> = {}): Broken {
  const params = { status: 200, body: '<html>Bad Gateway</html>', contentType: 'text/html', ...scope(to) };
  return { fault: { kind: 'http', function: name, params }, breaks: `${whoOf(to)} answered what is not JSON` };
}

const INTERNAL_ERROR = 500;

export function serverError(name: string, to: Partial<Dependency> = {}, status = INTERNAL_ERROR): Broken {
  return {
    fault: { kind: 'http', function: name, params: { status, ...scope(to) } },
    breaks: `${whoOf(to)} answered ${String(status)}`,
  };
}

/** Nothing is broken: a delay that nobody notices, because every experiment has a fault. */
export function nothing(name: string): Broken {
  return { fault: { kind: 'latency', function: name, params: { ms: 1 } }, breaks: 'nothing was broken' };
}
