import { fileURLToPath } from 'node:url';

/** Handlers of http.test.ts. The SDKs are those of this repository, wherever the workspace is. */

const repository = fileURLToPath(new URL('../../../', import.meta.url));

export const NODE = `
'use strict';
const http = require('http');
const https = require('https');
const { request } = https;
const from = require('module').createRequire(${JSON.stringify(`${repository}package.json`)});
const agent = new http.Agent({ keepAlive: true });
const told = (error) => ({ name: error.name, code: error.cause?.code ?? error.code });

const sent = (module, url, { timeout, body, ...options } = {}) =>
  new Promise((resolve) => {
    const req = module.request(url, { timeout, ...options }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      reply.on('error', (error) => resolve({ ...told(error), status: reply.statusCode, body: text }));
      reply.on('end', () => resolve({ status: reply.statusCode, type: reply.headers['content-type'], body: text }));
    });
    req.on('timeout', () => req.destroy(Object.assign(new Error('gave up'), { code: 'GAVE_UP' })));
    req.on('error', (error) => resolve(told(error)));
    req.end(body);
  });
const fetched = (get, url, { timeout, ...init } = {}) =>
  get(url, { ...init, ...(timeout ? { signal: AbortSignal.timeout(timeout) } : {}) })
    .then(async (reply) => ({ status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() }))
    .catch(told);

const ways = {
  http: (url, options) => sent(http, url, options),
  https: (url, options) => sent(https, url, options),
  destructured: (url, options) => sent({ request }, url, options),
  pooled: (url, options) => sent(http, url, { agent, ...options }),
  bare: (url, options) => sent(http, url, { agent: false, ...options }),
  fetch: (url, options) => fetched(fetch, url, options),
  undici: (url, options) => fetched(from('undici').fetch, url, options),
  dispatcher: async (url, options) => {
    const { Pool } = from('undici');
    const pool = new Pool(new URL(url).origin);
    return fetched((to, init) => fetch(to, { ...init, dispatcher: pool }), url, options).finally(() => pool.destroy());
  },
};
exports.sends = async ({ way, url, options, requests = 1, atOnce, abandoned }) => {
  const answers = [];
  const all = () => Promise.all(Array.from({ length: requests }, () => ways[way](url, options)));
  if (abandoned) return void all() ?? 'went on';
  if (atOnce) return all();
  for (let i = 0; i < requests; i++) answers.push(await ways[way](url, options));
  return requests === 1 ? answers[0] : answers;
};

const clients = { lambda: 'Lambda', sqs: 'SQS', cloudwatch: 'CloudWatch' };
const made = {};
exports.calls = async ({ client, command, input, error: expected, attempts = 2 }) => {
  const sdk = from('@aws-sdk/client-' + client);
  made[client] ??= new sdk[clients[client] + 'Client']({ region: 'us-east-1', maxAttempts: attempts });
  try {
    await made[client].send(new sdk[command + 'Command'](input));
    return { ok: true };
  } catch (error) {
    const { name, message, $metadata } = error;
    const typed = expected !== undefined && sdk[expected] !== undefined && error instanceof sdk[expected];
    return { name, message, typed, status: $metadata?.httpStatusCode, attempts: $metadata?.attempts };
  }
};
`;

/** `import` of an ES module: the binding that it has does not change. */
export const MODULE = `
import { get } from 'node:https';
export const handler = ({ url }) => new Promise((resolve) => {
  get(url, (reply) => reply.resume().on('end', () => resolve({ status: reply.statusCode })))
    .on('error', ({ code }) => resolve({ code }));
});
`;

export const PYTHON = `
import http.client, socket, urllib.error, urllib.parse, urllib.request
connections = {}

def by_urllib(url, timeout=5, data=None, method=None, headers={}):
    request = urllib.request.Request(url, data.encode() if data else None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return {"status": reply.status, "type": reply.headers["content-type"], "body": reply.read().decode()}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "type": error.headers["content-type"], "body": error.read().decode()}

def by_client(url, timeout=5, data=None, method="GET", headers={}):
    to = urllib.parse.urlsplit(url)
    connection = connections.setdefault(to.netloc, http.client.HTTPConnection(to.netloc))
    connection.timeout = timeout
    if connection.sock:
        connection.sock.settimeout(timeout)
    try:
        connection.request(method, to.path, data, headers)
        reply = connection.getresponse()
        return {"status": reply.status, "type": reply.headers["content-type"], "body": reply.read().decode()}
    except Exception:
        connection.close()
        raise

def by_requests(url, timeout=5, data=None, method="GET", headers={}):
    import requests
    reply = requests.request(method, url, timeout=timeout, data=data, headers=headers)
    return {"status": reply.status_code, "type": reply.headers["content-type"], "body": reply.text}

def sends(event, context):
    way = globals()["by_" + event["way"]]
    answers = []
    for _ in range(event.get("requests", 1)):
        try:
            answers.append(way(event["url"], **event.get("options", {})))
        except Exception as error:
            reason = getattr(error, "reason", error)
            answers.append({"name": type(reason).__name__, "code": getattr(reason, "errno", None)})
    return answers[0] if len(answers) == 1 else answers

def calls(event, context):
    import boto3, botocore.config, botocore.exceptions
    config = botocore.config.Config(retries={"mode": "standard", "total_max_attempts": event.get("attempts", 2)})
    client = boto3.client(event["client"], region_name="us-east-1", config=config)
    try:
        getattr(client, event["command"])(**event["input"])
        return {"ok": True}
    except botocore.exceptions.ClientError as error:
        meta = error.response["ResponseMetadata"]
        code = error.response["Error"]["Code"]
        typed = isinstance(error, getattr(client.exceptions, code, ())) if hasattr(client.exceptions, code) else False
        return {"code": code, "message": error.response["Error"]["Message"], "typed": typed,
                "status": meta["HTTPStatusCode"], "attempts": meta["RetryAttempts"] + 1}
    except botocore.exceptions.BotoCoreError as error:
        return {"name": type(error).__name__}
`;
