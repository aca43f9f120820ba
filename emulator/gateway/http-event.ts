import { isUtf8 } from 'node:buffer';
import type { RouteMatch } from './router.js';
import { ACCOUNT_ID } from '../dispatch/types.js';

/** A request, as far as the event tells of it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Name, value, name, value …, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly body: Buffer | undefined;
}

export interface EventContext {
  readonly requestId: string;
  /** Epoch ms. */
  readonly now: number;
  readonly traceId: string;
  /** Port of the listener. */
  readonly port: number;
}

const API_ID = 'faultline';
const quote = JSON.stringify as (text: string) => string;

/**
 * The event of an HTTP API, payload format 2.0 [FACTS section 4], as JSON. Written as text in one go: building the object
 * first and serialising it costs twice as much, on every request.
 */
export function httpEvent(request: HttpRequest, route: RouteMatch, context: EventContext): string {
  const { method, url, body } = request;
  const mark = url.indexOf('?');
  const rawPath = quote(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const headers = eventHeaders(request, context);
  const host = headers.host;
  const name = route.routeKey;
  let json = `{"version":"2.0","routeKey":${quote(name)},"rawPath":${rawPath},"rawQueryString":${quote(query)}`;
  if (headers.cookies !== '') json += `,"cookies":[${headers.cookies}]`;
  json += `,"headers":{${headers.json}}`;
  if (query !== '') json += `,"queryStringParameters":${queryParameters(query)}`;
  json +=
    `,"requestContext":{"accountId":"${ACCOUNT_ID}","apiId":"${API_ID}","domainName":${host}` +
    `,"domainPrefix":${domainPrefix(host)},"http":{"method":${quote(method)},"path":${rawPath}` +
    `,"protocol":"HTTP/${request.httpVersion}","sourceIp":${quote(request.sourceIp)},"userAgent":${headers.userAgent}}` +
    `,"requestId":"${context.requestId}","routeKey":${quote(name)},"stage":"$default"` +
    `,"time":"${logTime(context.now)}","timeEpoch":${String(context.now)}}`;
  if (route.pathParameters) json += `,"pathParameters":${JSON.stringify(route.pathParameters)}`;
  return json + eventBody(body, headers.contentType);
}

/** The end of the event: `body` is left out when there is none. */
function eventBody(body: Buffer | undefined, contentType: string | undefined): string {
  if (!body || body.length === 0) return ',"isBase64Encoded":false}';
  // Text that is not UTF-8 would be lost in JSON, so it is passed as binary whatever it is called.
  if (isText(contentType) && isUtf8(body)) return `,"body":${quote(body.toString())},"isBase64Encoded":false}`;
  return `,"body":"${body.toString('base64')}","isBase64Encoded":true}`;
}

/** Text, JSON, XML, JavaScript and forms are text; no type counts as JSON, which is API Gateway's default. */
function isText(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(?:.+\+)?(?:json|xml|javascript|x-www-form-urlencoded)$/.test(type);
}

interface EventHeaders {
  readonly json: string;
  /** JSON strings, comma-joined. */
  readonly cookies: string;
  /** JSON strings. */
  readonly host: string;
  readonly userAgent: string;
  readonly contentType: string | undefined;
}

/** Lower-case name of a header, memoised: clients send the same few for ever. */
const lowered = new Map<string, string>();
function lowerCase(name: string): string {
  let lower = lowered.get(name);
  if (lower === undefined) {
    lower = name.toLowerCase();
    if (lowered.size < 1_000) lowered.set(name, lower);
  }
  return lower;
}

/** Names in lower case, repeated ones comma-joined, cookies apart; what the service adds is added. */
function eventHeaders({ rawHeaders, sourceIp }: HttpRequest, { traceId, port }: EventContext): EventHeaders {
  const values = new Map<string, string>();
  let cookies = '';
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = lowerCase(rawHeaders[i] as string);
    const value = rawHeaders[i + 1] as string;
    if (name === 'cookie') {
      for (const cookie of value.split(/; ?/)) if (cookie !== '') cookies += `${cookies && ','}${quote(cookie)}`;
      continue;
    }
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  const forwarded = values.get('x-forwarded-for');
  values.set('x-forwarded-for', forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`);
  values.set('x-forwarded-port', String(port));
  values.set('x-forwarded-proto', 'http');
  values.set('x-amzn-trace-id', traceId);
  let json = '';
  for (const [name, value] of values) json += `${json && ','}${quote(name)}:${quote(value)}`;
  return {
    json,
    cookies,
    host: quote(values.get('host') ?? 'localhost'),
    userAgent: quote(values.get('user-agent') ?? ''),
    contentType: values.get('content-type'),
  };
}

/** First label of a quoted host: `"api.example.com"` → `"api"`. */
function domainPrefix(host: string): string {
  const dot = host.search(/[.:]/);
  return dot < 0 ? host : `${host.slice(0, dot)}"`;
}

/** Decoded, values of a repeated name comma-joined. */
function queryParameters(query: string): string {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values[name];
    values[name] = before === undefined ? value : `${before},${value}`;
  }
  return JSON.stringify(values);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let lastSecond = -1;
let lastTime = '';

/** `12/Mar/2020:19:03:58 +0000`, made once a second. */
function logTime(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second === lastSecond) return lastTime;
  const date = new Date(second * 1_000);
  const day = String(date.getUTCDate()).padStart(2, '0');
  lastTime = `${day}/${MONTHS[date.getUTCMonth()] ?? ''}/${String(date.getUTCFullYear())}:${date.toISOString().slice(11, 19)} +0000`;
  lastSecond = second;
  return lastTime;
}
