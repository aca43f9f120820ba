import type { Dependency } from '../../emulator/contract/findings.js';

/** Python calls that leave the process and can fail for reasons that are not the code's: by origin path of the callee. */

const requestsVerb = '(get|post|put|patch|delete|head|options|request|send)';
const sql =
  '(cursor(\\(\\))?\\.)?(execute|executemany|executescript|commit|fetchone|fetchall|fetch|fetchrow|query|connect|begin|ping)';
/** What boto3's objects do without asking AWS. */
const localBoto =
  '(?!(meta|exceptions|get_waiter|get_paginator|can_paginate|close|batch_writer|generate_presigned_url|generate_presigned_post|get_available_\\w+|Table|Bucket|Object|Queue|Topic)$)';

/** What boto3's objects make that asks again: what they answer is a dictionary, and reading it asks nobody. */
const madeByBoto = '([A-Z]\\w*|get_paginator|get_waiter|load_table|get_queue_by_name|batch_writer)';

/** Clients by the name that findings give the dependency. */
const clients: readonly (readonly [client: string, path: RegExp])[] = [
  ['requests', new RegExp(`^(requests|requests_toolbelt)(\\.sessions?)?(\\.[sS]ession\\(\\))?\\.${requestsVerb}$`)],
  ['httpx', new RegExp(`^httpx(\\.(Async)?Client\\(\\))?\\.${requestsVerb}$`)],
  ['urlopen', /^urllib\.request\.(urlopen|urlretrieve|build_opener\(\)\.open)$|^urllib2\.urlopen$/],
  ['urllib3', /^(botocore\.vendored\.)?urllib3\.(PoolManager\(\)\.)?(request|urlopen)$/],
  ['http.client', /^http\.client\.HTTPS?Connection\(\)\.(request|getresponse|connect)$/],
  ['aiohttp', /^aiohttp\.ClientSession\(\)\.(get|post|put|patch|delete|head|request)$/],
  [
    'boto3',
    new RegExp(
      `^(boto3\\.(session\\.)?(Session\\(\\)\\.|session\\.Session\\(\\)\\.)?(client|resource)\\(\\)(\\.(${madeByBoto}\\(\\)|\\w+))*\\.${localBoto}[a-z]\\w*|mypy_boto3_\\w+(\\.\\w+)*\\.\\w+\\(\\)\\.${localBoto}[a-z]\\w*|aio(boto3|botocore)\\..*\\(\\)\\.${localBoto}[a-z]\\w*)$`,
    ),
  ],
  ['pymysql', new RegExp(`^(pymysql|MySQLdb|mysql\\.connector)\\.(connect|Connect)(\\(\\)\\.${sql})?$`)],
  [
    'psycopg',
    new RegExp(
      `^(psycopg2?|pg8000|aurora_data_api)(\\.\\w+)*\\.(connect|Connection\\.connect|ConnectionPool|SimpleConnectionPool|ThreadedConnectionPool)(\\(\\)\\.(getconn\\(\\)\\.)?(${sql}|getconn))?$`,
    ),
  ],
  ['asyncpg', /^asyncpg\.(connect|create_pool)(\(\)\.\w+)*$/],
  [
    'pyodbc',
    new RegExp(
      `^(pyodbc|pymssql|cx_Oracle|oracledb|snowflake\\.connector|redshift_connector)\\.connect(\\(\\)\\.${sql})?$`,
    ),
  ],
  ['sqlalchemy', /^sqlalchemy(\.\w+)*\.create_engine\(\)\.(connect|execute|begin)(\(\)\.(execute|commit))?$/],
  [
    'redis',
    /^(redis|aioredis|rediscluster)(\.\w+)*\.(Redis|StrictRedis|RedisCluster|from_url)\(\)\.(?!pipeline$|close$|pubsub$)\w+$/,
  ],
  [
    'pymongo',
    /^pymongo\.MongoClient\(\).*\.(find_one|insert_one|insert_many|update_one|update_many|delete_one|delete_many|replace_one|aggregate|count_documents|find_one_and_update|bulk_write)$/,
  ],
  ['subprocess', /^subprocess\.(run|check_call|check_output)$/],
  ['smtplib', /^smtplib\.SMTP(_SSL)?(\(\)\.(sendmail|send_message|login|starttls))?$/],
  [
    'opensearch',
    /^(opensearchpy|elasticsearch)(\.\w+)*\.(OpenSearch|Elasticsearch)\(\)(\.\w+)*\.(index|search|bulk|get|delete|update|create|exists|msearch)$|^(opensearchpy|elasticsearch)\.helpers\.(bulk|parallel_bulk|streaming_bulk)$/,
  ],
  [
    'google',
    /^google\.cloud(\.\w+)*\.\w*(Client|Publisher\w*|Subscriber\w*)\(\)(\.\w+(\(\))?)*\.(?!\w+_path$|from_|to_dict$|items$|keys$|decode$|\w*Request$|transport$|bucket$|blob$|collection$|document$|key$|dataset$|logger$)[a-z]\w*$/,
  ],
  ['google', /^googleapiclient\.discovery\.build\(\)(\.\w+(\(\))?)*\.execute$/],
  [
    'slack',
    /^(slack|slack_sdk)(\.\w+)*\.(WebClient|WebhookClient)\(\)\.(api_call|chat_\w+|files_\w+|send|views_\w+|users_\w+|conversations_\w+)$/,
  ],
  ['openai', /^(openai|anthropic)(\.\w+)*\(\)(\.\w+)+\.(create|parse)$|^openai\.\w+\.(create|acreate)$/],
  ['stripe', /^stripe\.\w+(\.\w+)*\.(create|retrieve|modify|delete|list)$/],
  ['twilio', /^twilio\.rest\.Client\(\)(\.\w+)+\.create$/],
  ['sendgrid', /^sendgrid\.SendGridAPIClient\(\)(\.\w+)*\.(send|post)$/],
  ['paramiko', /^paramiko\.SSHClient\(\)\.(connect|exec_command|open_sftp)$/],
  ['ftplib', /^ftplib\.FTP(_TLS)?(\(\)\.\w+)?$/],
];

/** True for a Python call of known I/O that raises when the other side fails. */
export function isPythonIo(path: string): boolean {
  return path !== '' && clients.some(([, pattern]) => pattern.test(path));
}

/** Who a Python call waits for, by its origin path. */
export function pythonClient(path: string): Dependency | undefined {
  const client = path === '' ? undefined : clients.find(([, pattern]) => pattern.test(path))?.[0];
  return client === undefined ? undefined : { client };
}

/** Packages whose names would pass for the project's own. */
const packages =
  /^(boto3|botocore|google|googleapiclient|azure|aws_\w+|os|sys|json|re|typing|datetime|collections|redis|pymongo|sqlalchemy|django|flask|fastapi|requests|httpx|logging|cachetools|shelve|dataclasses|pydantic|moto|pytest|unittest|mock|opensearchpy|elasticsearch|slack\w*|openai|anthropic|langchain\w*|stripe|twilio|msal|firebase_admin|functions_framework|firebase_functions|tests?|queue|functools|itertools|math|random|time|uuid|urllib\w*|http|socket|asyncio|jwt|jose|cryptography)\b/;

const ownIo =
  /(^|[._])(db|dynamo|dynamodb|store|storage|repository|repositories|repo|dao|database)(?=[._])|\.\w*(Storage|Store|Repository|Repo|Dao|DAO|Database|DB|Table|Gateway|ApiClient)(\(\)|\.from_\w+\(\))?(?=\.)/;

/**
 * Calls into the project's own stores, by the name of their module or class: whether those catch their failures is not
 * visible, but few do. Only for rules about failures that escape.
 */
export function isLikelyPythonIo(path: string): boolean {
  if (path === '' || packages.test(path)) return false;
  const last = path.slice(path.lastIndexOf('.') + 1);
  if (
    !/^[a-z]\w*$/.test(last) ||
    /^(from_|build|make_|new|init|create_client|get_instance|parse|format|to_|is_|validate|serialize|deserialize)/.test(
      last,
    )
  )
    return false;
  return ownIo.test(path.slice(0, path.length - last.length));
}
